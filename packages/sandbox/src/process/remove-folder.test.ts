import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { removeFolder } from './remove-folder.js';

const scratch = mkdtempSync(join(tmpdir(), 'tracecore-remove-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

function newFolder(name: string): string {
  const folder = join(scratch, name);
  mkdirSync(folder);
  return folder;
}

test('a folder with folders deeper than a path may be long is removed', () => {
  const folder = newFolder('deep');
  // A process goes down step by step where no path leads.
  const dig =
    "for (let n = 0; n < 100; n += 1) { const name = 'x'.repeat(200); require('node:fs').mkdirSync(name); process.chdir(name); }";
  expect(spawnSync(process.execPath, ['-e', dig], { cwd: folder }).status).toBe(0);
  removeFolder(folder);
  expect(existsSync(folder)).toBe(false);
});

test('a folder whose rights were taken is removed', () => {
  const folder = newFolder('closed');
  mkdirSync(join(folder, 'inner'));
  writeFileSync(join(folder, 'inner', 'file'), '');
  chmodSync(join(folder, 'inner'), 0);
  removeFolder(folder);
  expect(existsSync(folder)).toBe(false);
});

test('what a link leads to stays', () => {
  const [folder, other] = [newFolder('linking'), newFolder('other')];
  writeFileSync(join(other, 'file'), '');
  symlinkSync(other, join(folder, 'link'));
  removeFolder(folder);
  expect([existsSync(folder), existsSync(join(other, 'file'))]).toEqual([false, true]);
});

test('a folder that is not there is no reason to fail', () => {
  expect(() => removeFolder(join(scratch, 'nowhere'))).not.toThrow();
});
