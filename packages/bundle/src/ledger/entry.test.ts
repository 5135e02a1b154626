import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '@tracecore/spec';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { sealBundle } from '../seal-bundle.js';
import { signBundle } from '../sign-bundle.js';
import { certified } from '../testing/logs.js';
import { changedAt, pointersOf } from '../testing/pointers.js';
import { writePythonBundle } from '../testing/python-bundle.js';
import { artifactText, type KeyRing, newKeyRing, temporaryFolder } from '../testing/samples.js';
import { readCertified } from './certified-bundle.js';
import { makeEntry } from './make-entry.js';
import { entryBytes, parseEntry, readEntry } from './parse-entry.js';

let dir: string;
let ring: KeyRing;
beforeEach(() => {
  dir = temporaryFolder();
  ring = newKeyRing();
});
const NOON = { publishedAt: new Date('2026-03-01T12:00:00Z') };
const FAILED = {
  success: false,
  termination_reason: 'logic_failure',
  failure_type: 'logic_failure',
  failure_reason: 'no',
  validator: { ok: false, terminal: true },
};

describe('an entry', () => {
  test('sums up the bundles of an agent, a row for each task', async () => {
    const other = { task_ref: 'another_task@2', task_hash: `sha256:${'1'.repeat(64)}` };
    const bundles = [
      await certified(dir, ring, 3, { seed: 9, determinism: { seed: 9, tooling: {} }, ...FAILED }),
      await certified(dir, ring, 2, { seed: 9, determinism: { seed: 9, tooling: {} } }),
      await certified(dir, ring, 1),
      await certified(dir, ring, 4, other),
    ];
    const entry = makeEntry(bundles, {
      ...NOON,
      description: 'Sorts alerts by hand.',
      suite: 'api',
      maintainer: 'lab',
    });
    const [sample] = bundles as [(typeof bundles)[0]];
    expect(entry).toMatchObject({
      agent: sample.artifact.agent_ref,
      agent_hash: sample.artifact.agent_hash,
      description: 'Sorts alerts by hand.',
      suite: 'api',
      maintainer: 'lab',
      published_at: '2026-03-01',
      harness_version: sample.artifact.harness_version,
      tasks: [
        { task_ref: 'another_task@2', success_rate: 1, run_count: 1 },
        { task_ref: 'log_alert_triage@1', success_rate: 2 / 3, run_count: 3, seed: 7, avg_steps: 2, avg_tool_calls: 2 },
      ],
    });
    expect(entry.seed_policy).toBeUndefined();
    const rows = entry.tasks[1]?.bundles.map(({ run_id, seed }) => [Number(run_id), seed]);
    expect(rows).toEqual([
      [1, 7],
      [2, 9],
      [3, 9],
    ]);
    expect(entry.tasks[1]?.bundles[0]).toEqual({
      run_id: '0'.repeat(31).concat('1'),
      seed: 7,
      artifact_hash: bundles[2]?.artifact_hash,
      integrity_sha256: bundles[2]?.integrity_sha256,
      signers: [ring.key.id],
      signature: bundles[2]?.signature,
    });
  });

  test('is the same bytes in whatever order the bundles come, and describes itself where nobody does', async () => {
    const bundles = [await certified(dir, ring, 1), await certified(dir, ring, 2), await certified(dir, ring, 3)];
    const bytes = Buffer.from(entryBytes(makeEntry(bundles, NOON)));
    expect(Buffer.from(entryBytes(makeEntry([...bundles].reverse(), NOON)))).toEqual(bytes);
    expect(readEntry(bytes)).toMatchObject({
      suite: 'core',
      seed_policy: 'fixed',
      description: '3 runs of agents/triage_agent.ts on 1 task',
    });
  });

  test.each<[string, JsonObject]>([
    ['another agent', { agent_ref: 'agents/other.ts', agent: 'agents/other.ts' }],
    ['the same agent with other code', { agent_hash: `sha256:${'9'.repeat(64)}` }],
    ['the same agent with unknown code', { agent_hash: null }],
  ])('is not made with a bundle of %s', async (_, fields) => {
    const bundles = [await certified(dir, ring, 1), await certified(dir, ring, 2, fields)];
    expect(() => makeEntry(bundles, NOON)).toThrowError(expect.objectContaining({ code: 'LEDGER_BUNDLES_DIFFER' }));
  });

  test('is not made of one run twice, of none, or with details that are none', async () => {
    const bundle = await certified(dir, ring, 1);
    for (const bundles of [[], [bundle, bundle]]) {
      expect(() => makeEntry(bundles, NOON)).toThrowError(expect.objectContaining({ code: 'LEDGER_BUNDLES_DIFFER' }));
    }
    for (const details of [
      { description: 'too short' },
      { description: 'x'.repeat(301) },
      { suite: 'A b' },
      { maintainer: '\n' },
    ]) {
      const make = () => makeEntry([bundle], { ...NOON, ...details });
      expect(make, JSON.stringify(details)).toThrowError(expect.objectContaining({ code: 'LEDGER_DETAILS_INVALID' }));
    }
  });
});

describe('reading an entry', () => {
  const sample = async () => makeEntry([await certified(dir, ring, 1)], { ...NOON, maintainer: 'lab' });

  test('refuses each field that is missing or another kind of thing, and names the place', async () => {
    const entry = (await sample()) as unknown as JsonObject;
    for (const pointer of pointersOf(entry)) {
      const optional = ['/maintainer', '/seed_policy', '/harness_version'].includes(pointer);
      const removed = changedAt(entry, pointer, 'removed');
      if (optional) expect(() => parseEntry(removed), pointer).not.toThrow();
      else {
        const refusal = { code: 'LEDGER_ENTRY_INVALID', message: expect.stringContaining(pointer.replace(/\/0$/, '')) };
        expect(() => parseEntry(removed), pointer).toThrowError(expect.objectContaining(refusal));
      }
    }
    for (const [pointer, value] of wrongValues(entry)) {
      expect(() => parseEntry(value), pointer).toThrowError(expect.objectContaining({ code: 'LEDGER_ENTRY_INVALID' }));
    }
  });

  test('takes fields of a later version, and only canonical bytes', async () => {
    const entry = { ...(await sample()), more: { of: ['it'] } };
    expect(readEntry(entryBytes(entry))).toEqual(entry);
    for (const text of [
      JSON.stringify(entry, null, 1),
      `${JSON.stringify(entry)} `,
      '{"a":1,"a":2}',
      '{',
      '[]',
      '\ufeff{}',
    ])
      expect(() => readEntry(Buffer.from(text)), text.slice(0, 20)).toThrowError(
        expect.objectContaining({ code: 'LEDGER_ENTRY_INVALID' }),
      );
    expect(() => readEntry(Uint8Array.of(0xff))).toThrowError(
      expect.objectContaining({ code: 'LEDGER_ENTRY_INVALID' }),
    );
  });

  test('of any JSON gives an entry or that code', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(() => parseEntry(value as Json)).toThrowError(expect.objectContaining({ code: 'LEDGER_ENTRY_INVALID' }));
      }),
    );
  });
});

describe('a bundle counts', () => {
  test('when it verifies under a trusted key, and then says who signed', async () => {
    const stranger = newKeyRing();
    const { dir: bundle } = await sealBundle({ artifactText: artifactText(), dir, signingKey: stranger.key });
    await signBundle(bundle, ring.key);
    const { signers, signature, signatures } = await readCertified(bundle, ring.trust);
    expect(signers).toEqual([ring.key.id]);
    expect([...signatures.keys()].sort()).toEqual([ring.key.id, stranger.key.id].sort());
    expect(signatures.get(ring.key.id)).toBe(signature);
  });

  test('for nothing when it is unsigned, signed by a stranger, damaged, or of the Python runtime', async () => {
    const { dir: bundle } = await sealBundle({ artifactText: artifactText(), dir });
    await expect(readCertified(bundle, ring.trust)).rejects.toMatchObject({ code: 'BUNDLE_UNSIGNED' });
    await signBundle(bundle, newKeyRing().key);
    await expect(readCertified(bundle, ring.trust)).rejects.toMatchObject({ code: 'BUNDLE_UNTRUSTED' });
    await signBundle(bundle, ring.key);
    const file = join(bundle, 'validator.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('true', 'false'));
    await expect(readCertified(bundle, ring.trust)).rejects.toMatchObject({
      code: 'BUNDLE_DAMAGED',
      message: expect.stringContaining('DIGEST_MISMATCH'),
    });
    rmSync(bundle, { recursive: true });
    await expect(readCertified(bundle, ring.trust)).rejects.toMatchObject({ code: 'BUNDLE_NOT_FOUND' });
    const python = writePythonBundle(dir, artifactText());
    await expect(readCertified(python, ring.trust)).rejects.toMatchObject({ code: 'BUNDLE_WITHOUT_ARTIFACT' });
  });
});

/** The entry with a value of another kind at one place each. */
function* wrongValues(entry: JsonObject): Generator<[pointer: string, value: Json]> {
  for (const pointer of pointersOf(entry)) {
    for (const wrong of [{}, false, -0.5, '\u0000']) {
      const copy = structuredClone(entry);
      const keys = pointer.split('/').slice(1);
      const last = keys.pop() as string;
      const parent = keys.reduce<Json>((node, key) => (node as JsonObject)[key] as Json, copy) as JsonObject;
      if (wrong === -0.5 && ['avg_steps', 'avg_tool_calls', 'success_rate'].includes(last)) parent[last] = -1;
      else parent[last] = wrong;
      yield [`${pointer} ${JSON.stringify(wrong)}`, copy];
    }
  }
}
