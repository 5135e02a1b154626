import { chmod, copyFile, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundleAgent } from '../testing/bundling.js';
import { withFolder, writeFiles } from '../testing/temp-folder.js';
import { readUserKey, userKeyFile } from './user-key.js';

const HONEST = 'export default { act: () => "honest" };\n';

interface Place {
  folder: string;
  cacheDir: string;
  keyFile: string;
  /** Bundles the honest agent with the cache and a key. */
  bundle(keyFile?: string | null): Promise<string>;
  /** The one record of the cache. */
  record(): Promise<string>;
}

const withPlace = (work: (place: Place) => Promise<void>) =>
  withFolder(async (folder) => {
    await writeFiles(folder, { 'agents/a.ts': HONEST });
    const [cacheDir, own] = [join(folder, 'cache'), join(folder, 'state/tracecore/bundle-cache.key')];
    await work({
      folder,
      cacheDir,
      keyFile: own,
      bundle: async (keyFile = own) =>
        (await bundleAgent(folder, undefined, { cacheDir, seal: { keyFile } })).bundle.code,
      record: async () => join(cacheDir, (await readdir(cacheDir))[0] as string),
    });
  });

/** Puts other code into a sealed record and leaves everything else, its tag too. */
async function poison(record: string): Promise<void> {
  const text = await readFile(record, 'utf8');
  await writeFile(record, text.replace('honest', 'forged'));
  expect(await readFile(record, 'utf8')).toContain('forged');
}

describe('a kept record', () => {
  test('is taken back with the key that sealed it', () =>
    withPlace(async ({ bundle, record }) => {
      const made = await bundle();
      const [before] = [await stat(await record())];
      expect(await bundle()).toBe(made);
      expect((await stat(await record())).ino).toBe(before.ino);
    }));

  test('that was changed is ignored and written over', () =>
    withPlace(async ({ bundle, record }) => {
      const made = await bundle();
      const good = await readFile(await record(), 'utf8');
      await poison(await record());
      expect(await bundle()).toBe(made);
      expect(await readFile(await record(), 'utf8')).toBe(good);
    }));

  test('that a project brings along, without a seal or with one of another user, is ignored', () =>
    withPlace(async ({ folder, bundle, record }) => {
      const made = await bundle(join(folder, 'another/key'));
      await poison(await record());
      expect(await bundle()).toBe(made);
      const [, unsealed = ''] = (await readFile(await record(), 'utf8')).split('\n');
      for (const text of [unsealed, `\n${unsealed}`, `${'0'.repeat(64)}\n${unsealed}`]) {
        await writeFile(await record(), text.replace('honest', 'forged'));
        expect(await bundle()).toBe(made);
      }
    }));

  test('of another bundle is ignored in its place', () =>
    withPlace(async ({ folder, cacheDir, bundle, record }) => {
      const made = await bundle();
      const name = await record();
      const other = 'export default { act: () => "other" };\n';
      await writeFiles(folder, { 'agents/a.ts': other });
      await bundle();
      const second = (await readdir(cacheDir)).map((file) => join(cacheDir, file)).find((file) => file !== name);
      await copyFile(second as string, name);
      await writeFiles(folder, { 'agents/a.ts': HONEST });
      expect(await bundle()).toBe(made);
    }));

  test('sealed with a key that ended with its process is not known to the next', () =>
    withPlace(async ({ bundle, record }) => {
      const made = await bundle(null);
      await poison(await record());
      expect(await bundle(null)).toBe(made);
    }));
});

describe('the key of the user', () => {
  test('is made once, for its owner alone', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'state/key');
      const keys = await Promise.all([1, 2, 3].map(() => readUserKey(file)));
      expect(keys.map((key) => key.length)).toEqual([32, 32, 32]);
      expect(await readUserKey(file)).toEqual(await readUserKey(file));
      expect(await readdir(join(folder, 'state'))).toEqual(['key']);
      if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
    }));

  test.runIf(process.platform !== 'win32')(
    'is made anew where others could read it, where it is torn, and behind a link',
    () =>
      withFolder(async (folder) => {
        const file = join(folder, 'key');
        const first = await readUserKey(file);
        await chmod(file, 0o644);
        const second = await readUserKey(file);
        expect(second).not.toEqual(first);
        await writeFile(file, 'torn');
        expect(await readUserKey(file)).toHaveLength(32);
        await writeFile(join(folder, 'known'), Buffer.alloc(32), { mode: 0o600 });
        await symlink(join(folder, 'known'), join(folder, 'link'));
        expect(await readUserKey(join(folder, 'link'))).not.toEqual(Buffer.alloc(32));
        expect(await readFile(join(folder, 'known'))).toEqual(Buffer.alloc(32));
      }),
  );

  test('that cannot be kept is another each time', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'file'), '');
      await mkdir(join(folder, 'taken'));
      for (const file of [null, join(folder, 'file/key'), join(folder, 'taken')]) {
        expect(await readUserKey(file)).not.toEqual(await readUserKey(file));
      }
    }));

  test.runIf(process.platform !== 'win32')('lies in the state folder of the user', () => {
    expect(userKeyFile({ XDG_STATE_HOME: '/s', HOME: '/h' })).toBe('/s/tracecore/bundle-cache.key');
    expect(userKeyFile({ HOME: '/h' })).toBe('/h/.local/state/tracecore/bundle-cache.key');
    expect(userKeyFile({ XDG_STATE_HOME: 'relative', HOME: '/h' })).toBe('/h/.local/state/tracecore/bundle-cache.key');
  });
});
