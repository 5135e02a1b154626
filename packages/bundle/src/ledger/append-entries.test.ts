import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { filesBelow, grow, ORIGIN, someEntries } from '../testing/logs.js';
import { type KeyRing, newKeyRing, temporaryFolder } from '../testing/samples.js';
import { appendEntries } from './append-entries.js';
import { keepSeen, readKnown } from './history.js';
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

describe('a log that was known before', () => {
  const seen = () => join(home, 'ledger-seen', 'checkpoint');
  const known = async () => {
    const one = await readKnown(seen());
    return one ? [one] : [];
  };
  const openKnown = async () => openLedger(dir, { trust: ring.trust, known: await known() });

  test('may grow, and must not shrink, change or go away', async () => {
    expect(await readKnown(seen())).toBeNull();
    await grow(dir, ring.key, 200, 100);
    cpSync(dir, join(home, 'at300'), { recursive: true });
    await keepSeen(seen(), await open());
    await appendEntries({ dir, entries: someEntries(50, 300), signingKey: ring.key, known: await known() });
    expect((await openKnown()).checkpoint.size).toBe(350);
    await keepSeen(seen(), await open());

    rmSync(dir, { recursive: true });
    cpSync(join(home, 'at300'), dir, { recursive: true });
    await expect(openKnown()).rejects.toMatchObject({
      code: 'LEDGER_ROLLED_BACK',
      message: expect.stringContaining('350'),
    });
    await expect(
      appendEntries({ dir, entries: someEntries(100), signingKey: ring.key, known: await known() }),
    ).rejects.toMatchObject({ code: 'LEDGER_ROLLED_BACK' });

    for (const more of [50, 60]) {
      rmSync(dir, { recursive: true });
      cpSync(join(home, 'at300'), dir, { recursive: true });
      await appendEntries({ dir, entries: someEntries(more, 9000), signingKey: ring.key });
      await expect(openKnown(), `${more}`).rejects.toMatchObject({ code: 'LEDGER_FORKED' });
    }

    rmSync(dir, { recursive: true });
    await expect(openKnown()).rejects.toMatchObject({ code: 'LEDGER_ROLLED_BACK' });
    await expect(
      appendEntries({ dir, entries: someEntries(1), signingKey: ring.key, origin: ORIGIN, known: await known() }),
    ).rejects.toMatchObject({ code: 'LEDGER_ROLLED_BACK' });
    await appendEntries({ dir, entries: someEntries(400), signingKey: ring.key, origin: 'example.org/other' });
    await expect(openKnown()).rejects.toMatchObject({ code: 'LEDGER_ORIGIN_MISMATCH' });
  });

  test('a memory that is torn is named', async () => {
    await grow(dir, ring.key, 1);
    mkdirSync(join(home, 'ledger-seen'));
    writeFileSync(seen(), note().slice(0, 20));
    await expect(openKnown()).rejects.toMatchObject({
      code: 'LEDGER_SEEN_INVALID',
      message: expect.stringContaining('remove'),
    });
  });
});

describe('what lies in the folder besides', () => {
  test('is left alone when it is foreign, and removed when an append left it', async () => {
    await grow(dir, ring.key, 5, 2);
    const foreign = ['README', 'tile/notes', 'tile/0/cover.png', 'tile/entries/000.p/note', '.well-known'];
    const left = [
      'tile/0/000',
      'tile/0/000.p/9',
      'tile/0/001.p/3',
      'tile/0/x001/000',
      'tile/3/000.p/1',
      'tile/entries/000.p/200',
      'tile/entries/002',
      '.checkpoint.00000000-0000-0000-0000-000000000000.tmp',
    ];
    for (const path of [...foreign, ...left]) {
      mkdirSync(join(dir, path, '..'), { recursive: true });
      writeFileSync(join(dir, path), 'x');
    }
    await appendEntries({ dir, entries: someEntries(1, 7), signingKey: ring.key });
    const names = Object.keys(await filesBelow(dir));
    expect(names.filter((name) => left.includes(name))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining([...foreign, 'tile/0/000.p/5', 'tile/0/000.p/7', 'tile/0/000.p/8']));
    expect((await open()).checkpoint.size).toBe(8);
  });

  test('a link where a folder should be is not written through', async () => {
    const outside = join(home, 'outside');
    mkdirSync(join(outside, '0'), { recursive: true });
    writeFileSync(join(outside, '0', '007'), 'mine');
    mkdirSync(dir);
    symlinkSync(outside, join(dir, 'tile'));
    const appending = appendEntries({ dir, entries: someEntries(1), signingKey: ring.key, origin: ORIGIN });
    await expect(appending).rejects.toMatchObject({
      code: 'LEDGER_UNWRITABLE',
      message: expect.stringContaining('a link'),
    });
    expect(Object.keys(await filesBelow(outside))).toEqual(['0/007']);
  });
});

describe('two appends at once', () => {
  test('in one process: one goes through, the others are told', async () => {
    const appending = Array.from({ length: 4 }, (_, index) =>
      appendEntries({ dir, entries: someEntries(2, index * 2), signingKey: ring.key, origin: ORIGIN }),
    );
    const ended = await Promise.allSettled(appending);
    const refused = ended.filter((one) => one.status === 'rejected').map(({ reason }) => reason as { code: string });
    expect(ended.length - refused.length).toBeGreaterThan(0);
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['LEDGER_BUSY']));
    expect((await open()).checkpoint.size).toBe(2 * (ended.length - refused.length));
    expect(await readdir(home)).toEqual(['ledger']);
  });

  const lockOf = (owner: object) => {
    mkdirSync(join(home, 'ledger.lock'), { recursive: true });
    writeFileSync(join(home, 'ledger.lock', 'owner.json'), JSON.stringify(owner));
  };
  const append = () => appendEntries({ dir, entries: someEntries(1), signingKey: ring.key, origin: ORIGIN });

  test('the lock of a process that lives, or of another machine, holds and is named', async () => {
    for (const [owner, named] of [
      [{ pid: process.pid, host: hostname(), token: 'other' }, `process ${process.pid} on ${hostname()}`],
      [{ pid: 1, host: 'elsewhere.example', token: 'other' }, 'process 1 on elsewhere.example'],
      [{ pid: 'one' }, 'somebody'],
    ] as const) {
      lockOf(owner);
      await expect(append()).rejects.toMatchObject({ code: 'LEDGER_BUSY', message: expect.stringContaining(named) });
    }
    expect(await readdir(home)).toEqual(['ledger.lock']);
  });

  test('the lock of a process that has ended is taken over', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    lockOf({ pid, host: hostname(), token: 'dead' });
    expect((await append()).first).toBe(0);
    expect(await readdir(home)).toEqual(['ledger']);
  });
});
