import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Loaders } from '../deps.js';
import { type Recorded, runCli, withFolder } from '../testing/fake-deps.js';

const POSIX = process.platform !== 'win32';
const load = { bundle: () => import('@tracecore/bundle') } as unknown as Loaders;

function inFolder(body: (run: (...argv: string[]) => Promise<Recorded>, dir: string) => Promise<void>): Promise<void> {
  return withFolder((dir) => body((...argv) => runCli(argv, { io: { cwd: dir }, deps: { load } }), dir));
}

describe('keys generate', () => {
  test('writes both halves, shows neither, and names the next command', () =>
    inFolder(async (run, dir) => {
      const { code, stdout, stderr } = await run('keys', 'generate', '--out', 'my lab.key');
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^key {6}[0-9a-f]{64}\nprivate {2}my lab\.key \(only you.*\npublic {3}my lab\.key\.pub /);
      expect(stdout).toMatch(/\nNext:\n {2}tracecore bundle seal --sign --key 'my lab\.key'\n$/);
      expect(stdout).not.toContain('PRIVATE KEY');
      expect(await readFile(join(dir, 'my lab.key'), 'utf8')).toContain('PRIVATE KEY');
      if (POSIX) expect((await stat(join(dir, 'my lab.key'))).mode & 0o777).toBe(0o600);
    }));

  test('replaces a key only when forced', () =>
    inFolder(async (run, dir) => {
      await run('keys', 'generate', '--out', 'lab.key');
      const before = await readFile(join(dir, 'lab.key'), 'utf8');
      const refused = await run('keys', 'generate', '--out', 'lab.key');
      expect([refused.code, refused.stderr]).toEqual([
        2,
        expect.stringMatching(/^tracecore: expected no file at .*lab/),
      ]);
      expect(await readFile(join(dir, 'lab.key'), 'utf8')).toBe(before);
      const { code, stdout } = await run('keys', 'generate', '--out', 'lab.key', '--force');
      expect(code).toBe(0);
      const id = stdout.split('\n')[0]?.split(/ +/)[1] as string;
      for (const file of ['lab.key', 'lab.key.pub']) expect((await run('keys', 'show', file)).stdout).toContain(id);
      expect(await readFile(join(dir, 'lab.key'), 'utf8')).not.toBe(before);
    }));

  test('needs a place, and one that can be written', () =>
    inFolder(async (run) => {
      expect(await run('keys', 'generate')).toEqual({
        code: 2,
        stdout: '',
        stderr: 'tracecore: keys generate needs --out FILE, where the private key goes\n',
      });
      const { code, stdout, stderr } = await run('keys', 'generate', '--out', 'no/such/lab.key');
      expect([code, stdout, stderr]).toEqual([
        1,
        '',
        expect.stringMatching(/^tracecore: could not write the key .*\n$/),
      ]);
    }));
});

describe('keys show', () => {
  test('shows the same id and public half of either file', () =>
    inFolder(async (run, dir) => {
      await run('keys', 'generate', '--out', 'lab.key');
      const [fromPrivate, fromPublic] = [
        await run('keys', 'show', 'lab.key'),
        await run('keys', 'show', 'lab.key.pub'),
      ];
      const pem = await readFile(join(dir, 'lab.key.pub'), 'utf8');
      expect(fromPublic.stdout).toMatch(/^key {3}[0-9a-f]{64}\nkind {2}public\n/);
      expect(fromPublic.stdout.endsWith(pem)).toBe(true);
      expect(fromPrivate.stdout).toBe(fromPublic.stdout.replace('public\n', 'private; its public half is\n'));
    }));

  test.each<[string, string[], RegExp]>([
    ['no file named', [], /keys show needs the file of a key/],
    ['no file there', ['gone.key'], /expected a key at .*gone\.key, found none/],
    ['no key', ['note.txt'], /expected one PEM block in .*note\.txt, found 0/],
    ['a folder', ['.'], /expected a key file of at most/],
  ])('%s is one sentence and exit 2', (_, argv, message) =>
    inFolder(async (run, dir) => {
      await writeFile(join(dir, 'note.txt'), 'hello');
      const { code, stdout, stderr } = await run('keys', 'show', ...argv);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(/^tracecore: [^\n]+\n$/)]);
      expect(stderr).toMatch(message);
    }),
  );

  test.skipIf(!POSIX)('a private key that others can read is refused (skipped where files have no modes)', () =>
    inFolder(async (run, dir) => {
      await run('keys', 'generate', '--out', 'lab.key');
      await chmod(join(dir, 'lab.key'), 0o640);
      const { code, stderr } = await run('keys', 'show', 'lab.key');
      expect([code, stderr]).toEqual([2, expect.stringMatching(/found mode 0640; run: chmod 600/)]);
    }),
  );
});
