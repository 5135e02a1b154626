import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TasksError } from './error.js';
import { listTaskFiles } from './list-task-files.js';
import { parseManifest } from './manifest.js';
import { readTaskFolder } from './read-task-folder.js';
import { openRegistry } from './registry.js';
import { MANIFEST, taskFiles, withFolder, writeFiles } from './testing/task-files.js';

const naming = (entrypoint: string) => MANIFEST.replace('"setup.ts"', JSON.stringify(entrypoint));
const refusal = (dir: string) =>
  readTaskFolder(dir).then(
    () => 'accepted',
    (error: unknown) => (error instanceof TasksError ? error.code : error),
  );

describe('a manifest cannot name a file outside of its folder', () => {
  test.each([
    '..',
    '../setup.ts',
    'a/../../setup.ts',
    'a/..',
    '/etc/passwd',
    '//etc/passwd',
    '.',
    './setup.ts',
    'setup.ts/',
    'a//setup.ts',
    '..\\setup.ts',
    'C:/setup.ts',
    'C:setup.ts',
    'file:///etc/passwd',
    'setup.ts:stream',
    'setup.ts\0.js',
    'set\nup.ts',
    '\u0085setup.ts',
    ' ',
  ])('as %j', (entrypoint) => {
    expect(() => parseManifest(naming(entrypoint), 'task.toml')).toThrow(
      expect.objectContaining({ code: 'MANIFEST_INVALID', message: expect.stringContaining('setup.entrypoint') }),
    );
  });

  test.each([
    '．．/setup.ts',
    '\u2024\u2024/setup.ts',
    '..\u2215setup.ts',
    '%2e%2e/setup.ts',
    '...',
    '~/setup.ts',
    '$HOME/x',
  ])('what only looks like a way out, %j, is a file of the folder that is not there', (entrypoint) =>
    withFolder(async (dir) => {
      await writeFiles(dir, { 'setup.ts': '', ...prefixed('task/', taskFiles(naming(entrypoint))) });
      expect(await refusal(join(dir, 'task'))).toBe('MANIFEST_INVALID');
    }),
  );

  test('in any script it may name one inside', () =>
    withFolder(async (dir) => {
      const name = 'préparer/セットアップ 🎲.ts';
      await writeFiles(dir, { ...taskFiles(naming(name)), [name]: '// setup' });
      expect((await readTaskFolder(dir)).files.map(({ path }) => path)).toContain(name);
    }));
});

describe('a link cannot lead out of a task folder', () => {
  const withTask = (work: (dir: string, outside: string) => Promise<void>) =>
    withFolder(async (folder) => {
      await writeFiles(folder, {
        ...prefixed('task/', taskFiles()),
        'outside/setup.ts': '',
        'outside/task.toml': MANIFEST,
      });
      await work(join(folder, 'task'), join(folder, 'outside'));
    });

  test.each(['setup.ts', 'task.toml', 'data.json'])('as %s', (name) =>
    withTask(async (dir, outside) => {
      await rm(join(dir, name), { force: true });
      await symlink(join(outside, name === 'task.toml' ? name : 'setup.ts'), join(dir, name));
      expect(await refusal(dir)).toBe('TASK_FOLDER_UNSAFE');
    }),
  );

  test('as a folder, nor in a chain of links, nor in a circle', () =>
    withTask(async (dir, outside) => {
      await symlink(outside, join(dir, 'lib'));
      expect(await refusal(dir)).toBe('TASK_FOLDER_UNSAFE');
      await rm(join(dir, 'lib'));
      await symlink('second.ts', join(dir, 'first.ts'));
      await symlink(join(outside, 'setup.ts'), join(dir, 'second.ts'));
      expect(await refusal(dir)).toBe('TASK_FOLDER_UNSAFE');
      await rm(join(dir, 'second.ts'));
      await symlink('first.ts', join(dir, 'second.ts'));
      expect(await refusal(dir)).toBe('TASK_FOLDER_UNSAFE');
    }));

  test('the folder itself may be reached by one', () =>
    withTask(async (dir, outside) => {
      await symlink(dir, join(outside, 'here'));
      expect((await readTaskFolder(join(outside, 'here'))).ref).toBe('find_code@1');
    }));
});

describe('a name that is no text', () => {
  test.runIf(process.platform === 'linux').each([
    ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0x2e, 0x74, 0x73])],
    ['a line end', Buffer.from('a\nb.ts')],
    ['an escape', Buffer.from('a\u001b[2Jb.ts')],
  ])('with %s makes the folder unsafe', (_what, name) =>
    withFolder(async (dir) => {
      await writeFiles(dir, taskFiles());
      await writeFile(Buffer.concat([Buffer.from(`${dir}/`), name]), '');
      await expect(listTaskFiles(dir)).rejects.toMatchObject({ code: 'TASK_FOLDER_UNSAFE' });
    }),
  );

  test('with NUL leads to no folder', async () => {
    expect(await refusal('/tmp/a\0b')).toBe('TASK_FOLDER_MISSING');
  });

  test('a folder in place of the manifest is none', () =>
    withFolder(async (dir) => {
      await mkdir(join(dir, 'task.toml'));
      expect(await refusal(dir)).toBe('TASK_FOLDER_MISSING');
    }));
});

describe('a listing cannot name a folder outside of its root', () => {
  const listed = (path: string) =>
    withFolder(async (dir) => {
      const registry = JSON.stringify({ tasks: [{ ref: 'find_code@1', path }] });
      await writeFiles(dir, {
        'root/registry.json': registry,
        ...prefixed('task/', taskFiles()),
        ...prefixed('root/in/', taskFiles()),
      });
      const { faults, list } = await openRegistry({ roots: [join(dir, 'root')] }).then(async (opened) => ({
        faults: opened.faults,
        list: await opened.list(),
      }));
      return { faults: faults.length, refs: list.map(({ ref }) => ref) };
    });

  test.each(['../task', 'in/../../task', '/etc', '..', '..\\task', 'in\0', 'C:\\task'])('as %j', async (path) => {
    expect(await listed(path)).toEqual({ faults: 1, refs: [] });
  });

  test.each(['in', './in', 'in/', './in/.'])('but one inside as %j', async (path) => {
    expect(await listed(path)).toEqual({ faults: 0, refs: ['find_code@1'] });
  });
});

function prefixed(prefix: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [prefix + path, text]));
}
