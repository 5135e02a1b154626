import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '@tracecore/spec';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { BundleReport } from './report.js';
import { sealBundle } from './seal-bundle.js';
import {
  readTexts,
  rehashed,
  signedBy,
  type Texts,
  withDocuments,
  withIntegrity,
  withStatement,
  writeTexts,
} from './testing/forger.js';
import { changedAt, pointersOf } from './testing/pointers.js';
import { artifactText, codesOf, type KeyRing, newKeyRing, temporaryFolder } from './testing/samples.js';
import { verifyBundle } from './verify-bundle.js';

// Every field of a signed bundle is changed by itself, by forgers who know less and more. None may pass, and each is
// found by the check that is about it.

const WAYS = ['other value', 'removed'] as const;
/** What the hash of an artifact leaves out; the digest and the signature cover it. */
const VOLATILE =
  /^\/(?:run_id|trace_id|started_at|completed_at|wall_clock_elapsed_s|evidence_links|isolation|action_trace\/\d+\/(?:action_ts|telemetry))(?:\/|$)/;
const DOCUMENTS = [
  ['manifest.json', 'MANIFEST_MISMATCH'],
  ['validator.json', 'VALIDATOR_MISMATCH'],
] as const;

let owner: KeyRing;
let stranger: KeyRing;
let dir: string;
let whole: Texts;
/** What the folder holds, so that each case writes only what it changes. */
let onDisk: Texts;

beforeEach(async () => {
  owner = newKeyRing();
  stranger = newKeyRing();
  const options = { artifactText: artifactText(), dir: temporaryFolder(), signingKey: owner.key };
  ({ dir } = await sealBundle(options));
  whole = readTexts(dir);
  onDisk = whole;
});

test('the bundle passes before anything is done to it', async () => {
  expect(codesOf(await reportOn(whole))).toEqual([]);
  expect((await reportOn(signedBy(owner.key, withIntegrity(withDocuments(whole))))).ok).toBe(true);
});

describe('every field of artifact.json', () => {
  const pointers = pointersOf(JSON.parse(artifactText()) as Json);

  test.each(WAYS)('%s, as it is: the digest, the hash and the signature no longer hold', async (way) => {
    for (const pointer of pointers) {
      const report = await reportOn(edited('artifact.json', (artifact) => changedAt(artifact, pointer, way)));
      expectFailed(report, pointer, 'DIGEST_MISMATCH', 'SIGNATURE_SUBJECT_MISMATCH');
      if (VOLATILE.test(pointer)) continue;
      const ofArtifact = codesOf(report).some(
        (code) => code === 'HASH_MISMATCH' || code === 'ARTIFACT_INVALID' || code === 'SPEC_VERSION_UNSUPPORTED',
      );
      expect(ofArtifact, pointer).toBe(true);
    }
  });

  test.each(WAYS)('%s, with hash and digests computed anew: the signature is about other bytes', async (way) => {
    for (const pointer of pointers) {
      const report = await reportOn(withIntegrity(forged(pointer, way)));
      expectFailed(report, pointer, 'SIGNATURE_SUBJECT_MISMATCH');
      expect(codesOf(report), pointer).not.toContain('DIGEST_MISMATCH');
      expect(report.signature.status, pointer).toBe('invalid');
    }
  });

  test.each(WAYS)('%s, with everything computed anew and signed by another key: it is not trusted', async (way) => {
    for (const pointer of pointers) {
      const texts = signedBy(stranger.key, withIntegrity(withDocuments(forged(pointer, way))));
      const report = await reportOn(texts);
      expectFailed(report, pointer, 'SIGNATURE_UNTRUSTED');
      expect(codesOf(report), pointer).not.toContain('DIGEST_MISMATCH');
      expect(report.signature.signers, pointer).toEqual([
        { key_id: stranger.key.id, status: 'untrusted', trusted_by: null },
      ]);
    }
  });

  /** The artifact changed and its hash computed anew; a change of the hash itself stays as it is. */
  function forged(pointer: string, way: (typeof WAYS)[number]): Texts {
    const artifact = changedAt(JSON.parse(whole.get('artifact.json') as string) as JsonObject, pointer, way);
    const text = pointer === '/artifact_hash' ? JSON.stringify(artifact) : rehashed(artifact);
    return new Map([...whole, ['artifact.json', text]]);
  }
});

describe.each(DOCUMENTS)('every field of %s', (file, code) => {
  test.each(WAYS)('%s: it is named, whatever else was computed anew', async (way) => {
    for (const pointer of pointersOf(JSON.parse(whole.get(file) as string) as Json)) {
      const changed = edited(file, (document) => changedAt(document, pointer, way));
      expectFailed(await reportOn(changed), pointer, 'DIGEST_MISMATCH', code);
      await expectNamed(changed, pointer, code);
    }
  });
});

test.each(WAYS)('every field of tool_calls.jsonl, %s: it is named, whatever else was computed anew', async (way) => {
  const rows = (whole.get('tool_calls.jsonl') as string).trimEnd().split('\n');
  for (const [index, row] of rows.entries()) {
    for (const pointer of pointersOf(JSON.parse(row) as Json)) {
      const line = JSON.stringify(changedAt(JSON.parse(row) as JsonObject, pointer, way));
      const changed = new Map([...whole, ['tool_calls.jsonl', `${rows.with(index, line).join('\n')}\n`]]);
      expectFailed(await reportOn(changed), pointer, 'DIGEST_MISMATCH', 'TOOL_CALLS_MISMATCH');
      await expectNamed(changed, `line ${index + 1}${pointer}`, 'TOOL_CALLS_MISMATCH');
    }
  }
});

test('a tool call that is left out, doubled or moved is named', async () => {
  const [first, second] = (whole.get('tool_calls.jsonl') as string).trimEnd().split('\n');
  for (const rows of [[first], [first, first], [second, first], [first, second, second], []]) {
    const text = rows.map((row) => `${row}\n`).join('');
    const report = await reportOn(signedBy(owner.key, withIntegrity(new Map([...whole, ['tool_calls.jsonl', text]]))));
    expectFailed(report, text, 'TOOL_CALLS_MISMATCH');
  }
});

describe('the attestation', () => {
  test.each(WAYS)('every field of the envelope, %s: it is no signature any more', async (way) => {
    const envelope = JSON.parse(whole.get('attestation.dsse.json') as string) as Json;
    for (const pointer of pointersOf(envelope)) {
      const report = await reportOn(edited('attestation.dsse.json', (document) => changedAt(document, pointer, way)));
      expect(report.ok, pointer).toBe(false);
      expect(report.signature.status, pointer).toBe('invalid');
      expect(codesOf(report)[0], pointer).toMatch(/^(?:ENVELOPE_INVALID|SIGNATURE_INVALID)$/);
    }
  });

  test.each(WAYS)('every field of the statement, %s: with the old signature it does not hold', async (way) => {
    for (const pointer of pointersOf(statement())) {
      const report = await reportOn(
        edited('attestation.dsse.json', (envelope) => ({
          ...envelope,
          payload: Buffer.from(JSON.stringify(changedAt(statement(), pointer, way))).toString('base64'),
        })),
      );
      expectFailed(report, pointer, 'SIGNATURE_INVALID');
    }
  });

  test.each(WAYS)('every field of the statement, %s and signed: it says something else, by whomever', async (way) => {
    for (const pointer of pointersOf(statement())) {
      const lie = changedAt(statement(), pointer, way);
      const code = pointer.startsWith('/subject') ? 'SIGNATURE_SUBJECT_MISMATCH' : 'STATEMENT_MISMATCH';
      expectFailed(await reportOn(withStatement(owner.key, whole, lie)), pointer, code);
      expectFailed(await reportOn(withStatement(stranger.key, whole, lie)), pointer, code, 'SIGNATURE_UNTRUSTED');
    }
  });

  test('signed by another key alone: it is not trusted, though it holds', async () => {
    const report = await reportOn(signedBy(stranger.key, whole));
    expect(codesOf(report)).toEqual(['SIGNATURE_UNTRUSTED']);
    expect(report.signature.status).toBe('untrusted');
  });

  test('a key that passes itself off under a trusted id does not hold', async () => {
    const texts = signedBy(stranger.key, whole);
    const forged = (texts.get('attestation.dsse.json') as string).replace(stranger.key.id, owner.key.id);
    expectFailed(await reportOn(new Map([...texts, ['attestation.dsse.json', forged]])), 'keyid', 'SIGNATURE_INVALID');
  });

  test('the attestation of another run does not fit', async () => {
    const other = artifactText('valid/invalid-action.json');
    const sealed = await sealBundle({ artifactText: other, dir: temporaryFolder(), signingKey: owner.key });
    const attestation = readTexts(sealed.dir).get('attestation.dsse.json') as string;
    const report = await reportOn(new Map([...whole, ['attestation.dsse.json', attestation]]));
    expectFailed(report, 'another run', 'SIGNATURE_SUBJECT_MISMATCH');
  });

  function statement(): JsonObject {
    const { payload } = JSON.parse(whole.get('attestation.dsse.json') as string) as { payload: string };
    return JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as JsonObject;
  }
});

describe('integrity.sha256', () => {
  test('every character changed: its line or a digest is named, and the signature is about other bytes', async () => {
    const text = whole.get('integrity.sha256') as string;
    for (let at = 0; at < text.length; at += 1) {
      const letter = text[at] === '0' ? '1' : '0';
      const report = await reportOn(
        new Map([...whole, ['integrity.sha256', text.slice(0, at) + letter + text.slice(at + 1)]]),
      );
      expectFailed(report, `character ${at}`, 'SIGNATURE_SUBJECT_MISMATCH');
      expect(codesOf(report)[0], `character ${at}`).toMatch(/^(?:INTEGRITY_LINE_(?:INVALID|EXTRA)|DIGEST_MISMATCH)$/);
    }
  });

  const lines: [string, (lines: string[]) => string[], string][] = [
    ['emptied', () => [], 'INTEGRITY_LINE_MISSING'],
    ['without a line', ([, ...rest]) => rest, 'INTEGRITY_LINE_MISSING'],
    ['with a line twice', (all) => [...all, all[0] as string], 'INTEGRITY_LINE_DUPLICATE'],
    [
      'with another digest for a file',
      (all) => [...all, `${'0'.repeat(64)}  manifest.json`],
      'INTEGRITY_LINE_DUPLICATE',
    ],
    ['with a file outside', (all) => [...all, `${'0'.repeat(64)}  ../session.json`], 'INTEGRITY_LINE_EXTRA'],
    ['with an absolute path', (all) => [...all, `${'0'.repeat(64)}  /etc/hostname`], 'INTEGRITY_LINE_EXTRA'],
    ['with an empty line', (all) => [...all, ''], 'INTEGRITY_LINE_INVALID'],
    [
      'with digests in capitals',
      (all) => all.map((line) => line.replace(/^\w+/, (hex) => hex.toUpperCase())),
      'INTEGRITY_LINE_INVALID',
    ],
  ];
  test.each(lines)('%s', async (_, change, code) => {
    const all = (whole.get('integrity.sha256') as string).trimEnd().split('\n');
    const text = change(all)
      .map((line) => `${line}\n`)
      .join('');
    const texts = new Map([...whole, ['integrity.sha256', text]]);
    expectFailed(await reportOn(texts), text, code, 'SIGNATURE_SUBJECT_MISMATCH');
    // A trusted signer cannot make such a list right either.
    expectFailed(await reportOn(signedBy(owner.key, texts)), text, code);
  });
});

describe('files', () => {
  test('each that is taken away is named', async () => {
    for (const name of whole.keys()) {
      writeTexts(dir, whole);
      rmSync(join(dir, name));
      const report = await verifyBundle(dir, { trust: owner.trust, requireSignature: true });
      expectFailed(report, name, name === 'attestation.dsse.json' ? 'SIGNATURE_NONE' : 'FILE_MISSING');
    }
  });

  test('any one byte of any file changed fails the bundle', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...whole.keys()),
        fc.nat(),
        fc.integer({ min: 1, max: 127 }),
        async (name, where, flip) => {
          const bytes = Buffer.from(whole.get(name) as string);
          const at = where % bytes.length;
          bytes[at] = (bytes[at] as number) ^ flip;
          const report = await reportOn(new Map([...whole, [name, bytes.toString('utf8')]]));
          // White space between the fields of an envelope means nothing and is not signed.
          const same = name === 'attestation.dsse.json' && sameJson(bytes.toString('utf8'), whole.get(name) as string);
          expect(report.ok).toBe(same);
        },
      ),
      { numRuns: 250 },
    );
  });
});

async function reportOn(texts: Texts): Promise<BundleReport> {
  writeTexts(dir, new Map([...texts].filter(([name, text]) => onDisk.get(name) !== text)));
  onDisk = texts;
  return verifyBundle(dir, { trust: owner.trust, requireSignature: true });
}

function edited(file: string, edit: (document: JsonObject) => JsonObject): Texts {
  const document = JSON.parse(whole.get(file) as string) as JsonObject;
  return new Map([...whole, [file, JSON.stringify(edit(document))]]);
}

async function expectNamed(changed: Texts, pointer: string, code: string): Promise<void> {
  const redone = withIntegrity(changed);
  const kept = await reportOn(redone);
  expectFailed(kept, pointer, code, 'SIGNATURE_SUBJECT_MISMATCH');
  const places = kept.checks.flatMap(({ findings }) => findings.filter((found) => found.code === code));
  expect(
    places.some(({ pointer: found = '' }) => found.startsWith(pointer) || pointer.startsWith(found)),
    pointer,
  ).toBe(true);
  expectFailed(await reportOn(signedBy(stranger.key, redone)), pointer, code, 'SIGNATURE_UNTRUSTED');
  expectFailed(await reportOn(signedBy(owner.key, redone)), pointer, code);
}

function expectFailed(report: BundleReport, what: string, ...codes: string[]): void {
  expect(report.ok, what).toBe(false);
  expect(codesOf(report), what).toEqual(expect.arrayContaining(codes));
}

function sameJson(left: string, right: string): boolean {
  try {
    return JSON.stringify(JSON.parse(left)) === JSON.stringify(JSON.parse(right));
  } catch {
    return false;
  }
}
