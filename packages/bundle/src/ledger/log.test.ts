import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashLeaf, verifyConsistency, verifyInclusion } from '@tracecore/artifact/merkle';
import { sha256Bytes } from '@tracecore/artifact/node';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { edit, filesBelow, flipped, grow, ORIGIN, sizeOf, someEntries } from '../testing/logs.js';
import { type KeyRing, newKeyRing, temporaryFolder } from '../testing/samples.js';
import { appendEntries } from './append-entries.js';
import { parseSignedCheckpoint, signCheckpoint } from './checkpoint-note.js';
import { openLedger } from './read-log.js';

let home: string;
let dir: string;
let ring: KeyRing;
beforeEach(() => {
  home = temporaryFolder();
  dir = join(home, 'ledger');
  ring = newKeyRing();
});
const open = () => openLedger(dir, { trust: ring.trust });
const note = () => readFileSync(join(dir, 'checkpoint'), 'utf8');

describe('a log', () => {
  test('gives back what was appended, with proofs of it, however it came', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 }), async (batches) => {
        rmSync(dir, { recursive: true, force: true });
        await grow(dir, ring.key, ...batches);
        const log = await open();
        const size = batches.reduce((sum, count) => sum + count, 0);
        const entries = someEntries(size);
        expect(log).toMatchObject({ signed_by: ring.key.id, checkpoint: { origin: ORIGIN, size } });
        for (const index of new Set([0, size >> 1, size - 1])) {
          expect(Buffer.from(await log.entry(index))).toEqual(entries[index]);
          const proof = await log.tree.proveInclusion(index);
          const leaf = hashLeaf(entries[index] as Uint8Array, sha256Bytes);
          expect(verifyInclusion(proof, leaf, log.checkpoint.root, sha256Bytes)).toBe(true);
        }
        const [first = 0] = batches;
        const grown = await log.tree.proveConsistency(first);
        const old = await log.tree.rootAt(first);
        expect(verifyConsistency(grown, old, log.checkpoint.root, sha256Bytes)).toBe(true);
      }),
      { numRuns: 8 },
    );
  });

  test('is the files of a static log: checkpoint, tiles, entries, and the parts of older checkpoints', async () => {
    await grow(dir, ring.key, 2, 3);
    expect(Object.keys(await filesBelow(home))).toEqual([
      'ledger/checkpoint',
      'ledger/tile/0/000.p/2',
      'ledger/tile/0/000.p/5',
      'ledger/tile/entries/000.p/2',
      'ledger/tile/entries/000.p/5',
    ]);
    await appendEntries({ dir, entries: someEntries(252, 5), signingKey: ring.key });
    expect(Object.keys(await filesBelow(home))).toEqual([
      'ledger/checkpoint',
      'ledger/tile/0/000',
      'ledger/tile/0/001.p/1',
      'ledger/tile/1/000.p/1',
      'ledger/tile/entries/000',
      'ledger/tile/entries/001.p/1',
    ]);
    const [origin, size] = note().split('\n');
    expect([origin, size]).toEqual([ORIGIN, '257']);
  });

  test('is read by an older checkpoint too, when the parts it names are full since', async () => {
    await grow(dir, ring.key, 5);
    const older = note();
    await appendEntries({ dir, entries: someEntries(300, 5), signingKey: ring.key });
    writeFileSync(join(dir, 'checkpoint'), older);
    const log = await open();
    expect(log.checkpoint.size).toBe(5);
    expect(Buffer.from(await log.entry(4))).toEqual(someEntries(5)[4]);
  });

  test('keeps its name, needs one for its first entry, and takes none that a key cannot have', async () => {
    const append = (origin?: string) =>
      appendEntries({
        dir,
        entries: someEntries(1),
        signingKey: ring.key,
        ...(origin === undefined ? {} : { origin }),
      });
    await expect(append()).rejects.toMatchObject({ code: 'LEDGER_ORIGIN_INVALID' });
    for (const name of ['', 'a b', 'a+b', 'a\nb', 'a\u2003b'])
      await expect(append(name)).rejects.toMatchObject({ code: 'LEDGER_ORIGIN_INVALID' });
    expect(await readdir(home)).toEqual([]);
    await append('a.example');
    await append();
    await expect(append('b.example')).rejects.toMatchObject({ code: 'LEDGER_ORIGIN_MISMATCH' });
    expect((await open()).checkpoint).toMatchObject({ origin: 'a.example', size: 2 });
  });

  test('takes an entry of 65,535 bytes and none larger', async () => {
    const append = (length: number) =>
      appendEntries({ dir, entries: [new Uint8Array(length)], signingKey: ring.key, origin: ORIGIN });
    await append(65_535);
    await expect(append(65_536)).rejects.toMatchObject({ code: 'LEDGER_ENTRY_TOO_LARGE' });
    expect((await (await open()).entry(0)).length).toBe(65_535);
  });

  test('is not appended to with another key', async () => {
    await grow(dir, ring.key, 2);
    const before = await filesBelow(home);
    const appending = appendEntries({ dir, entries: someEntries(1), signingKey: newKeyRing().key });
    await expect(appending).rejects.toMatchObject({
      code: 'LEDGER_UNTRUSTED',
      message: expect.stringContaining('with its own key'),
    });
    expect(await filesBelow(home)).toEqual(before);
  });
});

describe('a log that somebody changed', () => {
  /** Reads the whole log, as a careful reader does. */
  const readAll = () => sizeOf(dir, ring.key);
  const replaced = (file: string, from: string, to: string) =>
    edit(join(dir, file), (bytes) => Buffer.from(bytes.toString('utf8').replace(from, to)));

  test.each<[string, string, () => void]>([
    ['an entry', 'LEDGER_ENTRY_MISMATCH', () => edit(join(dir, 'tile/entries/000'), (bytes) => flipped(bytes, 2))],
    [
      'the last entry',
      'LEDGER_ENTRY_MISMATCH',
      () => edit(join(dir, 'tile/entries/001.p/44'), (bytes) => flipped(bytes, 2)),
    ],
    [
      'an entry more',
      'LEDGER_ENTRY_MISMATCH',
      () => edit(join(dir, 'tile/entries/001.p/44'), (bytes) => Buffer.concat([bytes, Buffer.from([0, 1, 65])])),
    ],
    ['a tile', 'LEDGER_TILE_MISMATCH', () => edit(join(dir, 'tile/0/000'), (bytes) => flipped(bytes))],
    [
      'the tile at the edge',
      'LEDGER_TILE_MISMATCH',
      () => edit(join(dir, 'tile/0/001.p/44'), (bytes) => flipped(bytes)),
    ],
    ['the tile above', 'LEDGER_TILE_MISMATCH', () => edit(join(dir, 'tile/1/000.p/1'), (bytes) => flipped(bytes))],
    [
      'a tile that is longer',
      'LEDGER_TILE_MISMATCH',
      () => edit(join(dir, 'tile/0/001.p/44'), (bytes) => Buffer.concat([bytes, bytes.subarray(0, 32)])),
    ],
    ['a tile cut', 'LEDGER_TRUNCATED', () => edit(join(dir, 'tile/0/001.p/44'), (bytes) => bytes.subarray(0, -32))],
    ['a tile taken away', 'LEDGER_TRUNCATED', () => unlinkSync(join(dir, 'tile/0/000'))],
    ['entries taken away', 'LEDGER_TRUNCATED', () => unlinkSync(join(dir, 'tile/entries/001.p/44'))],
    [
      'entries cut in one',
      'LEDGER_TRUNCATED',
      () => edit(join(dir, 'tile/entries/000'), (bytes) => bytes.subarray(0, -1)),
    ],
    [
      'entries cut after one',
      'LEDGER_TRUNCATED',
      () => edit(join(dir, 'tile/entries/001.p/44'), (bytes) => bytes.subarray(0, -15)),
    ],
    ['the size', 'LEDGER_SIGNATURE_INVALID', () => replaced('checkpoint', '\n300\n', '\n299\n')],
    ['the origin', 'LEDGER_UNTRUSTED', () => replaced('checkpoint', `${ORIGIN}\n`, 'example.org/other\n')],
    [
      'the signature',
      'LEDGER_SIGNATURE_INVALID',
      () =>
        edit(join(dir, 'checkpoint'), (bytes) => {
          const text = bytes.toString('utf8');
          const at = text.length - 10;
          return Buffer.from(text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1));
        }),
    ],
    [
      'the signer',
      'LEDGER_UNTRUSTED',
      () =>
        writeFileSync(
          join(dir, 'checkpoint'),
          signCheckpoint(parseSignedCheckpoint(note()).checkpoint, newKeyRing().key),
        ),
    ],
    [
      'a root signed by nobody trusted',
      'LEDGER_SIGNATURE_INVALID',
      () =>
        edit(join(dir, 'checkpoint'), (bytes) => {
          const [origin, size, , ...rest] = bytes.toString('utf8').split('\n');
          return Buffer.from([origin, size, Buffer.alloc(32).toString('base64'), ...rest].join('\n'));
        }),
    ],
    [
      'two origins',
      'LEDGER_CHECKPOINT_INVALID',
      () => replaced('checkpoint', `${ORIGIN}\n`, `${ORIGIN}\nexample.org/other\n`),
    ],
    ['no note', 'LEDGER_CHECKPOINT_INVALID', () => writeFileSync(join(dir, 'checkpoint'), 'hello')],
    [
      'no text',
      'LEDGER_CHECKPOINT_INVALID',
      () => writeFileSync(join(dir, 'checkpoint'), Buffer.from([0xff, 0xfe, 10, 10])),
    ],
    ['a large checkpoint', 'LEDGER_UNREADABLE', () => writeFileSync(join(dir, 'checkpoint'), Buffer.alloc(70_000, 10))],
    [
      'a folder for a tile',
      'LEDGER_UNREADABLE',
      () => {
        unlinkSync(join(dir, 'tile/0/000'));
        mkdirSync(join(dir, 'tile/0/000'));
      },
    ],
    [
      'a link for a tile',
      'LEDGER_UNREADABLE',
      () => {
        renameSync(join(dir, 'tile/0/000'), join(home, 'elsewhere'));
        symlinkSync(join(home, 'elsewhere'), join(dir, 'tile/0/000'));
      },
    ],
    [
      'a link for the checkpoint',
      'LEDGER_UNREADABLE',
      () => {
        renameSync(join(dir, 'checkpoint'), join(home, 'elsewhere'));
        symlinkSync(join(home, 'elsewhere'), join(dir, 'checkpoint'));
      },
    ],
    ['no checkpoint', 'LEDGER_NOT_FOUND', () => unlinkSync(join(dir, 'checkpoint'))],
  ])('%s is %s, and an append does not hide it', async (_, code, change) => {
    await grow(dir, ring.key, 300);
    change();
    await expect(readAll()).rejects.toMatchObject({ name: 'BundleError', code });
    if (code === 'LEDGER_NOT_FOUND') return;
    const text = note();
    await appendEntries({ dir, entries: someEntries(1), signingKey: ring.key }).then(
      // What lies before the right edge is not read to append; a reader finds it as before.
      () => expect(readAll()).rejects.toMatchObject({ code }),
      (error: unknown) => {
        expect(error).toMatchObject({ code });
        expect(note()).toBe(text);
      },
    );
  });

  test('every byte of the checkpoint counts', async () => {
    await grow(dir, ring.key, 3);
    const bytes = readFileSync(join(dir, 'checkpoint'));
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      writeFileSync(join(dir, 'checkpoint'), changed);
      await expect(readAll(), `byte ${at}`).rejects.toMatchObject({
        code: expect.stringMatching(/^LEDGER_(CHECKPOINT_INVALID|SIGNATURE_INVALID|UNTRUSTED)$/),
      });
    }
  });

  test('signatures by others in any name are passed over', async () => {
    await grow(dir, ring.key, 3);
    const { checkpoint } = parseSignedCheckpoint(note());
    const [, ofStranger = ''] = signCheckpoint(checkpoint, newKeyRing().key).split('\n\n');
    const ofWitness = ofStranger.replace(ORIGIN, 'witness.example');
    writeFileSync(join(dir, 'checkpoint'), note().replace('\n\n', `\n\n${ofStranger}${ofWitness}`));
    expect((await open()).signed_by).toBe(ring.key.id);
    const theirs = openLedger(dir, { trust: newKeyRing().trust });
    await expect(theirs).rejects.toMatchObject({ code: 'LEDGER_UNTRUSTED' });
  });
});
