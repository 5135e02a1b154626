import { readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '@tracecore/spec';
import { beforeEach, describe, expect, test } from 'vitest';
import { sealBundle } from '../seal-bundle.js';
import { signBundle } from '../sign-bundle.js';
import { certified, edit, flipped, ORIGIN, someEntries } from '../testing/logs.js';
import { changedAt, pointersOf } from '../testing/pointers.js';
import { artifactWith, type KeyRing, newKeyRing, temporaryFolder } from '../testing/samples.js';
import { appendEntries } from './append-entries.js';
import { readCertified } from './certified-bundle.js';
import { parseSignedCheckpoint, signCheckpoint } from './checkpoint-note.js';
import { findEntry } from './find-entry.js';
import { readKnown } from './history.js';
import { makeEntry } from './make-entry.js';
import { entryBytes, type LedgerEntry } from './parse-entry.js';
import { type ProofFile, proveEntry, verifyProof } from './proof-file.js';
import { publishEntry } from './publish.js';
import { openLedger } from './read-log.js';
import type { LedgerReport } from './report.js';
import { type LedgerQuestion, verifyLedger } from './verify-ledger.js';

let home: string;
let dir: string;
let ring: KeyRing;
/** The log's own key; the bundles are signed by another. */
let log: KeyRing;
beforeEach(() => {
  home = temporaryFolder();
  dir = join(home, 'ledger');
  ring = newKeyRing();
  log = newKeyRing();
});

const bundles = () => join(home, 'baselines');
const entryFor = async (...numbers: number[]): Promise<LedgerEntry> => {
  const runs = await Promise.all(numbers.map((number) => certified(bundles(), ring, number)));
  return makeEntry(runs, { publishedAt: new Date('2026-03-01') });
};
const publish = async (...numbers: number[]) =>
  publishEntry(await entryFor(...numbers), { dir, signingKey: log.key, origin: ORIGIN });
const trust = () => [...log.trust, ...ring.trust];
const check = async (question: LedgerQuestion = { kind: 'registry' }) =>
  (await verifyLedger(dir, question, { trust: trust() })).report;
const linesOf = ({ checks }: LedgerReport) => checks.map(({ check: name, code }) => `${name} ${code}`);
const open = () => openLedger(dir, { trust: trust() });

describe('publishing', () => {
  test('appends one entry, which is found by its index and by its hash', async () => {
    expect(await publish(1, 2)).toMatchObject({ index: 0, checkpoint: { origin: ORIGIN, size: 1 } });
    const second = await publish(3);
    expect(second.index).toBe(1);
    const ledger = await open();
    for (const named of ['1', second.leaf_hash, second.leaf_hash.slice(0, 8)]) {
      expect((await findEntry(ledger, named)).entry).toEqual(second.entry);
    }
    for (const named of ['2', '-1', '', 'x', second.leaf_hash.slice(0, 7), `${'0'.repeat(63)}1`, '../checkpoint']) {
      await expect(findEntry(ledger, named), named).rejects.toMatchObject({ code: 'LEDGER_ENTRY_NOT_FOUND' });
    }
  });

  test('a bundle that is in an entry is refused by name, alone and among others', async () => {
    await publish(1, 2);
    for (const numbers of [[2, 1], [2], [3, 2]]) {
      await expect(publish(...numbers)).rejects.toMatchObject({
        code: 'LEDGER_ENTRY_EXISTS',
        message: expect.stringMatching(/run 0{31}[12] in entry 0$/),
      });
    }
    expect((await open()).checkpoint.size).toBe(1);
  });

  test('an entry that is too large is refused, and says what to do', async () => {
    const entry = await entryFor(1);
    const [task] = entry.tasks as [LedgerEntry['tasks'][0]];
    const many = Array.from({ length: 200 }, () => task.bundles[0] as (typeof task.bundles)[0]);
    const large = { ...entry, tasks: [{ ...task, bundles: many }] };
    const publishing = publishEntry(large, { dir, signingKey: log.key, origin: ORIGIN });
    await expect(publishing).rejects.toMatchObject({
      code: 'LEDGER_ENTRY_TOO_LARGE',
      message: expect.stringContaining('fewer bundles'),
    });
  });
});

const SOUND = ['checkpoint OK', 'signature OK', 'tiles OK', 'history SKIPPED'];

describe('verifying a ledger', () => {
  test('that holds is a line for each check, and gives the checkpoint to keep', async () => {
    await publish(1);
    await publish(2);
    const { report, seen } = await verifyLedger(dir, { kind: 'registry' }, { trust: trust() });
    expect(linesOf(report)).toEqual([...SOUND, 'entries OK', 'registry OK']);
    expect(report).toMatchObject({ ok: true, origin: ORIGIN, size: 2, signed_by: log.key.id, entry: null });
    expect(seen?.checkpoint.size).toBe(2);
    const known = [{ checkpoint: parseSignedCheckpoint(seen?.note as string).checkpoint, from: 'seen' }];
    const again = await verifyLedger(dir, { kind: 'registry' }, { trust: trust(), known });
    expect(linesOf(again.report)).toContain('history OK');
  });

  test.each<[string, string[], () => void | Promise<void>]>([
    [
      'an entry rewritten',
      ['entries LEDGER_ENTRY_MISMATCH', 'registry SKIPPED'],
      () => edit(join(dir, 'tile/entries/000.p/2'), (bytes) => flipped(bytes, 2)),
    ],
    [
      'a tile rewritten',
      ['tiles LEDGER_TILE_MISMATCH'],
      () => edit(join(dir, 'tile/0/000.p/2'), (bytes) => flipped(bytes)),
    ],
    [
      'entries taken away',
      ['entries LEDGER_TRUNCATED', 'registry SKIPPED'],
      () => unlinkSync(join(dir, 'tile/entries/000.p/2')),
    ],
    [
      'a signature changed',
      ['signature LEDGER_SIGNATURE_INVALID'],
      () =>
        edit(join(dir, 'checkpoint'), (bytes) =>
          Buffer.from(
            bytes.toString('utf8').replace(/(.{20})(.)(.{30}\n)$/, (_, a, b, c) => `${a}${b === 'A' ? 'B' : 'A'}${c}`),
          ),
        ),
    ],
    [
      'another key',
      ['signature LEDGER_UNTRUSTED'],
      () => {
        const text = readFileSync(join(dir, 'checkpoint'), 'utf8');
        writeFileSync(
          join(dir, 'checkpoint'),
          signCheckpoint(parseSignedCheckpoint(text).checkpoint, newKeyRing().key),
        );
      },
    ],
    [
      'no checkpoint that can be read',
      ['checkpoint LEDGER_CHECKPOINT_INVALID'],
      () => writeFileSync(join(dir, 'checkpoint'), 'x'),
    ],
    [
      'an entry that certifies nobody',
      ['registry LEDGER_ENTRY_INVALID'],
      async () => {
        await appendEntries({ dir, entries: someEntries(1), signingKey: log.key });
      },
    ],
    [
      'a run that is certified twice',
      ['registry LEDGER_ENTRY_EXISTS'],
      async () => {
        await appendEntries({ dir, entries: [entryBytes(await entryFor(2, 5))], signingKey: log.key });
      },
    ],
  ])('with %s fails the line for it', async (_, expected, change) => {
    await publish(1);
    await publish(2);
    await change();
    const report = await check();
    expect(report.ok).toBe(false);
    const failed = linesOf(report).filter((line) => !line.endsWith(' OK') && line !== 'history SKIPPED');
    expect(failed).toEqual(expected);
  });

  test('that is gone or was rolled back is named where it is known, and is no ledger where it is not', async () => {
    await publish(1);
    writeFileSync(join(home, 'older'), readFileSync(join(dir, 'checkpoint')));
    const known = [(await readKnown(join(home, 'older'))) as NonNullable<Awaited<ReturnType<typeof readKnown>>>];
    rmSync(dir, { recursive: true });
    const { report, seen } = await verifyLedger(dir, { kind: 'registry' }, { trust: trust(), known });
    expect([linesOf(report), seen]).toEqual([['checkpoint LEDGER_ROLLED_BACK'], null]);
    await expect(check()).rejects.toMatchObject({ code: 'LEDGER_NOT_FOUND' });
    await publish(9);
    const forked = await verifyLedger(dir, { kind: 'registry' }, { trust: trust(), known });
    expect([linesOf(forked.report), forked.seen]).toEqual([expect.arrayContaining(['history LEDGER_FORKED']), null]);
  });

  test('of another name than was asked for fails its signature', async () => {
    await publish(1);
    const { report } = await verifyLedger(dir, { kind: 'registry' }, { trust: trust(), origin: 'example.org/other' });
    expect(linesOf(report)).toContain('signature LEDGER_ORIGIN_MISMATCH');
  });
});

describe('one entry or bundle', () => {
  const ofBundle = (number: number, keys = trust()): LedgerQuestion => ({
    kind: 'bundle',
    read: () => readCertified(join(bundles(), number.toString(16).padStart(32, '0')), keys),
  });

  test('that is in the ledger has its place and a proof', async () => {
    await publish(1);
    const second = await publish(2, 3);
    const at = { index: 1, leaf_hash: second.leaf_hash };
    const byHash = await check({ kind: 'entry', named: second.leaf_hash });
    expect([linesOf(byHash), byHash.entry]).toEqual([[...SOUND, 'entry OK', 'inclusion OK'], at]);
    const byBundle = await check(ofBundle(3));
    expect([linesOf(byBundle), byBundle.entry]).toEqual([[...SOUND, 'bundle OK', 'entry OK', 'inclusion OK'], at]);
  });

  test('that is not, or is there as something else, is named', async () => {
    await publish(1);
    await publish(2);
    await entryFor(4);
    expect(linesOf(await check({ kind: 'entry', named: '7' }))).toEqual([...SOUND, 'entry LEDGER_ENTRY_NOT_FOUND']);
    expect(linesOf(await check(ofBundle(4)))).toEqual([...SOUND, 'bundle OK', 'entry LEDGER_ENTRY_NOT_FOUND']);
    const bundle = join(bundles(), '2'.padStart(32, '0'));
    rmSync(bundle, { recursive: true });
    const other = artifactWith({ run_id: '2'.padStart(32, '0'), harness_version: '9.9.9' });
    await sealBundle({ artifactText: other, dir: bundles(), signingKey: ring.key });
    const report = await check(ofBundle(2));
    expect(linesOf(report)).toEqual([...SOUND, 'bundle OK', 'entry LEDGER_BUNDLE_MISMATCH']);
    expect(report.checks.at(-1)?.message).toContain('integrity_sha256');
    rmSync(bundle, { recursive: true });
    expect(linesOf(await check({ kind: 'bundle', read: () => readCertified(bundle, trust()) }))).toEqual([
      ...SOUND,
      'bundle BUNDLE_NOT_FOUND',
    ]);
  });

  test('whose signer in the ledger did not sign it here is a mismatch', async () => {
    await publish(1);
    const bundle = join(bundles(), '1'.padStart(32, '0'));
    unlinkSync(join(bundle, 'attestation.dsse.json'));
    const other = newKeyRing();
    await signBundle(bundle, other.key);
    const question: LedgerQuestion = { kind: 'bundle', read: () => readCertified(bundle, other.trust) };
    const report = await check(question);
    expect(linesOf(report).at(-1)).toBe('entry LEDGER_BUNDLE_MISMATCH');
    expect(report.checks.at(-1)?.message).toContain('signature by');
  });
});

describe('a proof in a file', () => {
  const proven = async (): Promise<{ proof: ProofFile; older: ProofFile }> => {
    await publish(1);
    const from = await open();
    await publish(2);
    await publish(3);
    const ledger = await open();
    const entry = await findEntry(ledger, '1');
    return { proof: await proveEntry(ledger, entry), older: await proveEntry(ledger, entry, from) };
  };
  const verify = (proof: unknown, options: { entry?: Json; trust?: KeyRing['trust']; origin?: string } = {}) =>
    verifyProof(JSON.parse(JSON.stringify(proof)) as Json, { trust: log.trust, ...options });

  test('is checked with nothing but the key of the log', async () => {
    const { proof, older } = await proven();
    rmSync(dir, { recursive: true });
    const report = await verify(proof, { entry: proof.entry as unknown as Json });
    expect(linesOf(report)).toEqual(['proof OK', 'signature OK', 'entry OK', 'inclusion OK', 'consistency SKIPPED']);
    expect(report).toMatchObject({
      ok: true,
      origin: ORIGIN,
      size: 3,
      entry: { index: 1, leaf_hash: proof.leaf_hash },
    });
    expect(linesOf(await verify(older)).at(-1)).toBe('consistency OK');
  });

  test('is not taken for another entry, key or log', async () => {
    const { proof } = await proven();
    const other = (await findEntry(await open(), '2')).entry as unknown as Json;
    expect(linesOf(await verify(proof, { entry: other }))).toContain('entry LEDGER_ENTRY_MISMATCH');
    expect(linesOf(await verify(proof, { trust: ring.trust }))).toContain('signature LEDGER_UNTRUSTED');
    expect(linesOf(await verify(proof, { origin: 'a.example' }))).toContain('signature LEDGER_ORIGIN_MISMATCH');
  });

  test('fails with every part of it changed or removed', async () => {
    const { older } = await proven();
    const whole = JSON.parse(JSON.stringify(older)) as JsonObject;
    for (const pointer of pointersOf(whole)) {
      for (const how of ['other value', 'removed'] as const) {
        const changed = changedAt(whole, pointer, how);
        const report = await verify(changed);
        const dropped = pointer === '/consistency' && how === 'removed';
        expect(report.ok, `${pointer} ${how}`).toBe(dropped);
        if (dropped) expect(linesOf(report)).toContain('consistency SKIPPED');
      }
    }
    for (const value of [null, [], 'x', 1, {}, { version: 2 }]) {
      expect(linesOf(await verify(value))).toEqual(['proof LEDGER_PROOF_INVALID']);
    }
  });

  test('is not made from a checkpoint that the log does not continue', async () => {
    await publish(1);
    const root = new Uint8Array(32);
    const strange = parseSignedCheckpoint(signCheckpoint({ origin: ORIGIN, size: 1, root }, log.key));
    const ledger = await open();
    const proving = proveEntry(ledger, await findEntry(ledger, '0'), strange);
    await expect(proving).rejects.toMatchObject({ code: 'LEDGER_FORKED' });
  });
});
