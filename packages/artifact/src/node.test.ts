import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { SpecError } from '@tracecore/spec';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ArtifactError } from './error.js';
import { isTemporaryName, readArtifactFile, readJsonFile, sha256, writeArtifactFile, writeFileAtomic } from './node.js';
import { sampleArtifact } from './testing/vectors.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tracecore-artifact-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('sha256 gives lowercase hex', () => {
  expect(sha256(new TextEncoder().encode('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

describe('reading', () => {
  test('an artifact comes back as it was written, with two spaces and a final newline', async () => {
    const path = join(folder, 'run.json');
    await writeArtifactFile(path, sampleArtifact());
    const { artifact, text } = await readArtifactFile(path);
    expect(artifact).toEqual(sampleArtifact());
    expect(text.startsWith('{\n  "spec_version": "tracecore-spec-v1.0",\n')).toBe(true);
    expect(text.endsWith('\n}\n')).toBe(true);
  });

  test.each<[string, string | Uint8Array, string, string]>([
    ['a torn file', '{"seed": 1', 'JSON_INVALID', '1:11'],
    ['an empty file', '', 'JSON_INVALID', '1:1'],
    ['a file with duplicate keys', '{"seed": 1, "seed": 1}', 'JSON_DUPLICATE_KEY', '1:13'],
    ['a byte order mark', '\ufeff{}', 'JSON_INVALID', '1:1'],
  ])('%s is refused, and the message names it [REQ-ART-02]', async (_, content, code, at) => {
    const path = join(folder, 'broken.json');
    await writeFile(path, content);
    await expect(readJsonFile(path)).rejects.toMatchObject({ code, at, message: expect.stringContaining(path) });
  });

  test('bytes that are not UTF-8 are refused, not replaced [REQ-ART-01]', async () => {
    const path = join(folder, 'latin1.json');
    await writeFile(path, Uint8Array.of(0x22, 0xe9, 0x22));
    await expect(readJsonFile(path)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining(path),
    });
  });

  test('a missing file and a folder have codes of their own', async () => {
    await expect(readJsonFile(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(readJsonFile(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  test('a file named .gz is written compressed and read back as the same text', async () => {
    const [plain, compressed] = [join(folder, 'run.json'), join(folder, 'run.json.gz')];
    await writeArtifactFile(plain, sampleArtifact());
    await writeArtifactFile(compressed, sampleArtifact());
    expect(gunzipSync(await readFile(compressed))).toEqual(await readFile(plain));
    expect(await readArtifactFile(compressed)).toEqual(await readArtifactFile(plain));
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['what is not compressed', Buffer.from('{}'), /expected gzip, found/],
    ['a torn compressed file', gzipSync('{"seed": 1}').subarray(0, 20), /expected gzip, found/],
    ['a compressed file with a changed byte', changed(gzipSync('{"seed": 1, "n": 2}')), /expected gzip, found/],
    [
      'a small file that would fill the memory',
      Buffer.concat(Array<Buffer>(129).fill(gzipSync(Buffer.alloc(2 ** 20, 0x20)))),
      /expected at most 134217728 bytes inside, found more/,
    ],
  ])('%s is refused under the name of .gz', async (_, bytes, message) => {
    const path = join(folder, 'run.json.gz');
    await writeFile(path, bytes);
    const error: ArtifactError = await readJsonFile(path).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining(path) });
    expect(error.message).toMatch(message);
  });

  test('a schema fault keeps its issues and names the file', async () => {
    const path = join(folder, 'foreign.json');
    await writeFile(path, '{"hello": "world"}');
    const error = await readArtifactFile(path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SpecError);
    expect((error as SpecError).message).toContain(path);
    expect((error as SpecError).issues.length).toBeGreaterThan(0);
  });
});

describe('writing', () => {
  test('replaces what was there and leaves nothing else in the folder', async () => {
    const path = join(folder, 'a.txt');
    await writeFileAtomic(path, 'one');
    await writeFileAtomic(path, 'two é😀');
    expect(await readFile(path, 'utf8')).toBe('two é😀');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  test('many writers of one file leave one whole text', async () => {
    const path = join(folder, 'a.txt');
    const texts = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(50_000));
    await Promise.all(texts.map((text) => writeFileAtomic(path, text)));
    expect(texts).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  test('a rename that fails leaves the old content and no temporary file', async () => {
    const path = join(folder, 'taken');
    await mkdir(join(path, 'inside'), { recursive: true });
    const error = await writeFileAtomic(path, 'text').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ArtifactError);
    expect(error).toMatchObject({ code: 'FILE_UNWRITABLE', message: expect.stringContaining(path) });
    expect(await readdir(folder)).toEqual(['taken']);
    expect(await readdir(path)).toEqual(['inside']);
  });

  test('a missing folder is an error that names the file', async () => {
    const path = join(folder, 'no', 'such', 'a.txt');
    await expect(writeFileAtomic(path, 'text')).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });

  test('a symbolic link is replaced, not followed', async () => {
    const outside = join(folder, 'outside.txt');
    await writeFile(outside, 'untouched');
    await symlink(outside, join(folder, 'link.txt'));
    await writeFileAtomic(join(folder, 'link.txt'), 'new');
    expect(await readFile(outside, 'utf8')).toBe('untouched');
    expect(await readFile(join(folder, 'link.txt'), 'utf8')).toBe('new');
  });
});

test('a writer killed in the middle of many writes leaves each file whole or absent', async () => {
  const module = new URL('../dist/node.js', import.meta.url);
  const script = `
    import { writeFileAtomic } from ${JSON.stringify(module.href)};
    const folder = process.argv[1];
    for (let n = 0; ; n += 1) {
      const text = JSON.stringify({ n, filler: 'x'.repeat(300_000), end: n });
      const paths = ['/run-' + (n % 7) + '.json', '/session.json'];
      const writes = paths.map((path) => writeFileAtomic(folder + path, text));
      process.stdout.write('.');
      await Promise.all(writes);
    }`;
  for (let round = 1; round <= 8; round += 1) {
    const runs = join(folder, `round-${round}`);
    await mkdir(runs);
    const args = ['--input-type=module', '-e', script, runs];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await output(child, round + 3);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    const whole = (await readdir(runs)).filter((name) => !isTemporaryName(name));
    expect(whole).toContain('session.json');
    for (const name of whole) {
      const { value } = await readJsonFile(join(runs, name));
      expect(value).toMatchObject({ n: (value as { end: number }).end });
    }
  }
});

/** The same bytes but one, in the checksum at the end. */
function changed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(bytes.length - 8) ^ 1, bytes.length - 8);
  return copy;
}

/** Waits until the child has printed that many characters: one for each write it has begun. */
function output(child: ChildProcess, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = 0;
    child.stdout?.on('data', (chunk: { length: number }) => {
      seen += chunk.length;
      if (seen >= count) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the writer ended by itself with ${code}`)));
  });
}
