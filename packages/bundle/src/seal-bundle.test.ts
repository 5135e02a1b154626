import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import { sealBundle } from './seal-bundle.js';
import {
  artifactText,
  artifactWith,
  bytesIn,
  codesOf,
  newKeyRing,
  resealed,
  temporaryFolder,
} from './testing/samples.js';
import { verifyBundle } from './verify-bundle.js';

const RUN_ID = '0190f3a27c4e4b7d8a519e2c6d3f4b10';

describe('a sealed bundle', () => {
  test('holds the exact bytes of the run and verifies, unsigned', async () => {
    const dir = temporaryFolder();
    const sealed = await sealBundle({ artifactText: artifactText(), dir });
    expect(sealed).toEqual({
      dir: join(dir, RUN_ID),
      run_id: RUN_ID,
      state: 'sealed',
      success: true,
      termination_reason: 'success',
      signed_by: null,
      removed: [],
    });
    expect(await readFile(join(sealed.dir, 'artifact.json'), 'utf8')).toBe(artifactText());
    const report = await verifyBundle(sealed.dir);
    expect(report).toMatchObject({ ok: true, form: 'tracecore', run_id: RUN_ID, extra: [] });
    expect(report.checks.map(({ check, status }) => `${check} ${status}`)).toEqual([
      'files ok',
      'integrity ok',
      'digests ok',
      'json ok',
      'schema ok',
      'hash ok',
      'budgets ok',
      'taxonomy ok',
      'manifest ok',
      'tool_calls ok',
      'validator ok',
      'sandbox ok',
      'signature skip',
    ]);
  });

  test('is signed over its final bytes by the key given', async () => {
    const { key, trust } = newKeyRing();
    const sealed = await sealBundle({ artifactText: artifactText(), dir: temporaryFolder(), signingKey: key });
    expect(sealed.signed_by).toBe(key.id);
    const report = await verifyBundle(sealed.dir, { trust, requireSignature: true });
    expect(report.ok).toBe(true);
    expect(report.signature).toEqual({
      status: 'trusted',
      kind: 'dsse',
      signers: [{ key_id: key.id, status: 'trusted', trusted_by: 'trust/known.pem' }],
    });
  });

  test('has the fields that the Python runtime reads, in its order', async () => {
    const { dir } = await sealBundle({ artifactText: artifactText(), dir: temporaryFolder() });
    const read = (name: string) => JSON.parse(readFileSync(join(dir, name), 'utf8')) as JsonObject;
    expect(Object.keys(read('manifest.json')).join(' ')).toBe(
      'run_id trace_id agent task_ref task_id version seed harness_version started_at completed_at success termination_reason failure_type failure_reason steps_used tool_calls_used trace_entry_count sandbox',
    );
    expect(read('manifest.json').sandbox).toEqual({ filesystem_roots: ['/app'], network_hosts: [] });
    expect(Object.keys(read('validator.json')).join(' ')).toBe(
      'success termination_reason failure_type failure_reason metrics',
    );
    const [first = ''] = readFileSync(join(dir, 'tool_calls.jsonl'), 'utf8').split('\n');
    expect(Object.keys(JSON.parse(first)).join(' ')).toBe(
      'step action_ts action result io_audit budget_after_step budget_delta',
    );
  });

  test('keeps a tool call on one line for readers that end lines at U+2028 too', async () => {
    const artifact = JSON.parse(artifactText()) as { action_trace: { result: JsonObject }[] } & JsonObject;
    (artifact.action_trace[1] as { result: JsonObject }).result.note = 'a\u2028b\u2029c\u0085d';
    const { dir } = await sealBundle({ artifactText: resealed(artifact), dir: temporaryFolder() });
    const rows = await readFile(join(dir, 'tool_calls.jsonl'), 'utf8');
    expect(rows).not.toMatch(/[\u0085\u2028\u2029]/);
    expect(JSON.parse(rows.split('\n')[1] as string).result.note).toBe('a\u2028b\u2029c\u0085d');
    expect((await verifyBundle(dir)).ok).toBe(true);
  });

  test('may hold a failure, and says so', async () => {
    const text = artifactText('valid/tool-calls-exhausted.json');
    const sealed = await sealBundle({ artifactText: text, dir: temporaryFolder() });
    expect(sealed).toMatchObject({ state: 'sealed', success: false, termination_reason: 'tool_calls_exhausted' });
    expect((await verifyBundle(sealed.dir)).ok).toBe(true);
  });

  test.each(['rate-limited-api--rate-limit-agent', 'runbook-verifier--toy-agent', 'rate-limited-chain--cheater-agent'])(
    'may hold a run of the Python runtime: %s',
    async (name) => {
      const text = artifactText(`python/${name}.json`);
      const { dir } = await sealBundle({ artifactText: text, dir: temporaryFolder() });
      const report = await verifyBundle(dir);
      expect(codesOf(report)).toEqual([]);
      expect(report.ok).toBe(true);
      expect(report.checks.find(({ check }) => check === 'hash')?.note).toBe('python form');
    },
  );

  test('is read by sha256sum -c', async (ctx) => {
    if (spawnSync('sha256sum', ['--version']).error) ctx.skip('no sha256sum on this machine');
    const { dir } = await sealBundle({ artifactText: artifactText(), dir: temporaryFolder() });
    const said = execFileSync('sha256sum', ['--strict', '-c', 'integrity.sha256'], { cwd: dir, encoding: 'utf8' });
    expect(said).toBe('manifest.json: OK\ntool_calls.jsonl: OK\nvalidator.json: OK\nartifact.json: OK\n');
  });
});

describe('sealing refuses', () => {
  const cases: [what: string, text: () => string, code: string][] = [
    ['text that is no JSON', () => 'not json', 'ARTIFACT_INVALID'],
    ['a truncated file', () => artifactText().slice(0, 900), 'ARTIFACT_INVALID'],
    ['an object with a key twice', () => artifactText().replace('{', '{"seed": 7,'), 'ARTIFACT_INVALID'],
    ['a byte order mark', () => `\ufeff${artifactText()}`, 'ARTIFACT_INVALID'],
    ['another spec version', () => artifactWith({ spec_version: 'tracecore-spec-v2.0' }), 'SPEC_VERSION_UNSUPPORTED'],
    ['a run id that climbs', () => artifactWith({ run_id: '../../../../../../../tmp/elsewhere0' }), 'ARTIFACT_INVALID'],
    ['a run id with a line feed', () => artifactWith({ run_id: `${RUN_ID}\n` }), 'ARTIFACT_INVALID'],
    ['a changed byte', () => artifactText().replace('"seed": 7', '"seed": 8'), 'ARTIFACT_HASH_MISMATCH'],
    ['budgets that do not add up', () => artifactWith({ steps_used: 3 }), 'ARTIFACT_INCONSISTENT'],
    ['an outcome that contradicts itself', () => artifactWith({ success: false }), 'ARTIFACT_INCONSISTENT'],
    [
      'an audit outside the sandbox',
      () => artifactWith({ sandbox: { filesystem_roots: ['/srv'], network_hosts: [] } }),
      'ARTIFACT_INCONSISTENT',
    ],
  ];
  test.each(cases)('%s', async (_, text, code) => {
    const dir = temporaryFolder();
    await expect(sealBundle({ artifactText: text(), dir })).rejects.toMatchObject({ name: 'BundleError', code });
    expect(await readdir(dir)).toEqual([]);
  });

  test('names the version it does not know', async () => {
    const text = artifactWith({ spec_version: 'tracecore-spec-v2.0' });
    await expect(sealBundle({ artifactText: text, dir: temporaryFolder() })).rejects.toThrow('tracecore-spec-v2.0');
  });
});

describe('where a bundle lies already', () => {
  test('the same bytes are no error and nothing is written', async () => {
    const { key } = newKeyRing();
    const options = { artifactText: artifactText(), dir: temporaryFolder(), signingKey: key };
    const { dir } = await sealBundle(options);
    const before = await bytesIn(dir);
    expect(await sealBundle(options)).toMatchObject({ state: 'identical' });
    expect(await sealBundle({ artifactText: artifactText(), dir: options.dir })).toMatchObject({ state: 'identical' });
    expect(await bytesIn(dir)).toEqual(before);
    expect(await readdir(options.dir)).toEqual([RUN_ID]);
  });

  test('other bytes are refused and kept', async () => {
    const options = { artifactText: artifactText(), dir: temporaryFolder() };
    const { dir } = await sealBundle(options);
    const before = await bytesIn(dir);
    const other = artifactWith({ seed: 8, determinism: { seed: 8, tooling: {} } });
    await expect(sealBundle({ ...options, artifactText: other })).rejects.toMatchObject({ code: 'BUNDLE_EXISTS' });
    expect(await bytesIn(dir)).toEqual(before);
  });

  test('an unsigned bundle is not replaced by a signed one, and the error says what to do', async () => {
    const options = { artifactText: artifactText(), dir: temporaryFolder() };
    await sealBundle(options);
    const signed = sealBundle({ ...options, signingKey: newKeyRing().key });
    await expect(signed).rejects.toThrow(/attestation\.dsse\.json; sign that one instead/);
  });

  test('a link in its place is not followed', async () => {
    const dir = temporaryFolder();
    const elsewhere = temporaryFolder();
    symlinkSync(elsewhere, join(dir, RUN_ID));
    const sealing = sealBundle({ artifactText: artifactText(), dir });
    await expect(sealing).rejects.toMatchObject({ code: 'BUNDLE_UNREADABLE' });
    expect(await readdir(elsewhere)).toEqual([]);
  });
});

test('a seal removes what a killed one left long ago, and leaves what may still be in the making', async () => {
  const dir = temporaryFolder();
  const old = `.${RUN_ID}.00000000-0000-4000-8000-000000000000.tmp`;
  const young = `.${RUN_ID}.00000000-0000-4000-8000-000000000001.tmp`;
  for (const name of [old, young]) {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'manifest.json'), '{');
  }
  const anHourAgo = Date.now() / 1000 - 3600;
  utimesSync(join(dir, old), anHourAgo, anHourAgo);
  const { removed } = await sealBundle({ artifactText: artifactText(), dir });
  expect(removed).toEqual([old]);
  expect((await readdir(dir)).sort()).toEqual([young, RUN_ID].sort());
});
