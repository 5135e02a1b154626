import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@tracecore/artifact/node';
import { expect, test } from 'vitest';
import { nodeFiles } from './files.js';
import { interruptedFiles } from './testing/interrupted-files.mjs';
import { temporaryFolder } from './testing/samples.js';
import { writeOutput } from './write-output.js';

const TEXTS = new Map([
  ['one.json', '{"ü": 1}\n'],
  ['two.json', '{}\n'],
]);

test('a folder has its files, their digests, and a digest of its own', async () => {
  const dir = join(temporaryFolder(), 'deep', 'out');
  const { digest } = await writeOutput(dir, TEXTS);
  const integrity = readFileSync(join(dir, 'integrity.sha256'), 'utf8');
  expect(integrity).toBe([...TEXTS].map(([name, text]) => `${sha256(Buffer.from(text))}  ${name}\n`).join(''));
  expect(digest).toBe(`sha256:${sha256(Buffer.from(integrity))}`);
  expect(readdirSync(dir).sort()).toEqual(['integrity.sha256', 'one.json', 'two.json']);
  expect(readFileSync(join(dir, 'one.json'), 'utf8')).toBe('{"ü": 1}\n');
  expect(readdirSync(join(dir, '..'))).toEqual(['out']);
});

test('the same files have the same digest wherever they lie', async () => {
  const [one, two] = [temporaryFolder(), temporaryFolder()].map((dir) => writeOutput(join(dir, 'out'), TEXTS));
  expect(await one).toEqual(await two);
});

test('what is there already is refused and kept: a folder, an empty one, a file, a broken link', async () => {
  const dir = temporaryFolder();
  mkdirSync(join(dir, 'folder'));
  writeFileSync(join(dir, 'folder', 'mine'), '');
  mkdirSync(join(dir, 'empty'));
  writeFileSync(join(dir, 'file'), 'mine');
  symlinkSync('nowhere', join(dir, 'link'));
  for (const name of ['folder', 'empty', 'file', 'link']) {
    await expect(writeOutput(join(dir, name), TEXTS), name).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  }
  expect(readdirSync(dir).sort()).toEqual(['empty', 'file', 'folder', 'link']);
  expect(readdirSync(join(dir, 'folder'))).toEqual(['mine']);
});

test('a disk that fails at any step leaves nothing, or the whole folder when only the last sync failed', async () => {
  let step = 1;
  const left: number[] = [];
  for (; ; step += 1) {
    const parent = temporaryFolder();
    let steps = 0;
    const files = interruptedFiles(nodeFiles, () => {
      steps += 1;
      if (steps === step) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    });
    const written = await writeOutput(join(parent, 'out'), TEXTS, files).catch((error: unknown) => error);
    if (!(written instanceof Error)) break;
    expect(written, `step ${step}`).toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
    left.push(readdirSync(parent).length);
  }
  expect(left.length).toBeGreaterThan(15);
  expect(left.findIndex((count) => count > 0)).toBe(left.length - 1);
});

test('two at once: one is written, the other is told', async () => {
  const dir = join(temporaryFolder(), 'out');
  const ended = await Promise.allSettled([writeOutput(dir, TEXTS), writeOutput(dir, TEXTS)]);
  expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(ended.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'OUTPUT_EXISTS' } });
  expect(readdirSync(dir)).toHaveLength(3);
});
