import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FolderLock, lockHolder, takeFolderLock } from './folder-lock.js';

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tracecore-lock-'));
  path = join(dir, 'lock');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function lockOf(owner: object): Promise<void> {
  await mkdir(path);
  await writeFile(join(path, 'owner.json'), JSON.stringify(owner));
}

async function taken(): Promise<FolderLock> {
  const lock = await takeFolderLock(path);
  if ('holder' in lock) throw new Error(`held by ${lock.holder}`);
  return lock;
}

test('of many that want it at once one has it, and the others learn who', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => takeFolderLock(path)));
  const holders = all.flatMap((one) => ('holder' in one ? [one.holder] : []));
  expect(holders).toEqual(Array(7).fill(`process ${process.pid} on ${hostname()}`));
  expect(await readdir(dir)).toEqual(['lock']);
});

test('a released lock is free and leaves nothing', async () => {
  const lock = await taken();
  expect(await lock.isHeld()).toBe(true);
  await lock.release();
  expect(await lock.isHeld()).toBe(false);
  expect(await readdir(dir)).toEqual([]);
  await (await taken()).release();
});

test('the lock of a process that has ended is taken over, and the old one cannot release it', async () => {
  const old = await taken();
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  await writeFile(join(path, 'owner.json'), JSON.stringify({ pid, host: hostname(), token: 'dead' }));
  const lock = await taken();
  await old.release();
  expect(await lock.isHeld()).toBe(true);
});

test.each([
  ['of another machine', { pid: 1, host: 'elsewhere', token: 't' }, 'process 1 on elsewhere'],
  [
    'of a process that lives',
    { pid: process.pid, host: hostname(), token: 't' },
    `process ${process.pid} on ${hostname()}`,
  ],
  ['that says nothing', {}, 'somebody'],
])('a lock %s holds', async (_, owner, holder) => {
  await lockOf(owner);
  expect(await takeFolderLock(path)).toEqual({ holder });
  expect(await lockHolder(path)).toBe(holder);
});

test('nobody holds a lock that is not there, or whose process has ended', async () => {
  expect(await lockHolder(path)).toBeNull();
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  await lockOf({ pid, host: hostname(), token: 'dead' });
  expect(await lockHolder(path)).toBeNull();
});

test('what killed processes left in the making goes once it is old', async () => {
  const left = join(dir, '.lock.abandoned.tmp');
  const young = join(dir, '.lock.young.tmp');
  for (const folder of [left, young]) await mkdir(folder);
  await utimes(left, 0, 0);
  await taken();
  expect((await readdir(dir)).sort()).toEqual(['.lock.young.tmp', 'lock']);
});

test('a folder that is not there is refused by the disk', async () => {
  await expect(takeFolderLock(join(dir, 'none', 'lock'))).rejects.toThrow('ENOENT');
});
