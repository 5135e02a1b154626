import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundleAgent, bundleTask, MODULES, TASK_FILES } from '../testing/bundling.js';
import { withFolder, writeFiles } from '../testing/temp-folder.js';

const FILES = {
  'w/agents/a.ts':
    'import { x } from "./x.js"; import { y } from "../lib/y.js"; export default { act: () => x + y };\n',
  'w/agents/x.ts': 'export const x = 1;\n',
  'w/lib/y.ts': 'export const y = 1;\n',
};

/** A folder with the agent `w/agents/a.ts`, and a cache that has its bundle, as it would be shipped. */
const withCached = (work: (place: { folder: string; cache: string; record: string }) => Promise<void>) =>
  withFolder(async (folder) => {
    await writeFiles(folder, FILES);
    const cache = join(folder, 'cache');
    await bundleAgent(join(folder, 'w'), undefined, { cacheDir: cache, seal: 'unsealed' });
    const records = await readdir(cache);
    expect(records).toHaveLength(1);
    await work({ folder, cache, record: join(cache, records[0] as string) });
  });

/** Marks the cached code, so that a bundle tells whether it came from the cache. */
async function mark(record: string): Promise<void> {
  const kept = JSON.parse(await readFile(record, 'utf8')) as { code: string };
  await writeFile(record, JSON.stringify({ ...kept, code: `${kept.code}/*cached*/` }));
}

const agentFrom = async (folder: string, cache: string) => {
  const { bundle } = await bundleAgent(folder, undefined, { shipped: [cache] });
  return { ...bundle, cached: bundle.code.endsWith('/*cached*/') };
};

describe('a kept bundle', () => {
  test('is the bundle that was made, and is used in its place', async () => {
    await withCached(async ({ folder, cache, record }) => {
      const made = await bundleAgent(join(folder, 'w'));
      expect(await bundleAgent(join(folder, 'w'), undefined, { shipped: [cache] })).toEqual(made);
      await mark(record);
      expect((await agentFrom(join(folder, 'w'), cache)).cached).toBe(true);
    });
  });

  test('[REQ-HASH-08] is used wherever the workspace lies, with the same digest', async () => {
    await withCached(async ({ folder, cache, record }) => {
      const { bundle } = await bundleAgent(join(folder, 'w'));
      await mark(record);
      for (const to of ['moved/to', 'node_modules/installed']) {
        await cp(join(folder, 'w'), join(folder, to), { recursive: true });
        expect(await agentFrom(join(folder, to), cache)).toMatchObject({
          cached: true,
          digest: bundle.digest,
          sources: bundle.sources,
        });
      }
    });
  });

  test.each(['w/agents/a.ts', 'w/agents/x.ts', 'w/lib/y.ts'])(
    'is not used once %s has other bytes',
    async (changed) => {
      await withCached(async ({ folder, cache, record }) => {
        await mark(record);
        const before = await agentFrom(join(folder, 'w'), cache);
        await writeFiles(folder, { [changed]: `${FILES[changed as keyof typeof FILES]}// changed\n` });
        const after = await agentFrom(join(folder, 'w'), cache);
        expect([before.cached, after.cached]).toEqual([true, false]);
        expect(after.digest).not.toBe(before.digest);
      });
    },
  );

  test('is not used when a file is gone, nor with another kit', async () => {
    await withCached(async ({ folder, cache, record }) => {
      await mark(record);
      const modules = { ...MODULES, '@tracecore/kit': 'export const KIT = "newer";' };
      const { bundle } = await bundleAgent(join(folder, 'w'), undefined, { shipped: [cache], modules });
      expect(bundle.code).not.toContain('/*cached*/');
      await rm(join(folder, 'w/lib/y.ts'));
      await expect(agentFrom(join(folder, 'w'), cache)).rejects.toMatchObject({ code: 'BUNDLE_FAILED' });
    });
  });

  test.each([
    ['no JSON', '{"code": '],
    ['empty', ''],
    ['another value', 'null'],
    ['another form', '{"code":"x","inputs":[]}'],
    ['without its sources', '{"code":"x","map":"","inputs":[{"path":"a.ts","sha256":"0"}]}'],
    ['with other types', '{"code":"x","map":"","inputs":[7],"sources":[null]}'],
  ])('is ignored when it is %s', async (_what, text) => {
    await withCached(async ({ folder, cache, record }) => {
      const made = await bundleAgent(join(folder, 'w'));
      await writeFile(record, text);
      expect(await bundleAgent(join(folder, 'w'), undefined, { shipped: [cache] })).toEqual(made);
    });
  });

  test('is written anew over a broken one', async () => {
    await withCached(async ({ folder, cache, record }) => {
      const good = await readFile(record, 'utf8');
      await writeFile(record, 'broken');
      await bundleAgent(join(folder, 'w'), undefined, { cacheDir: cache, seal: 'unsealed' });
      expect(await readFile(record, 'utf8')).toBe(good);
      expect(await readdir(cache)).toHaveLength(1);
    });
  });

  test('[REQ-SBX-06] does not hide that a file has become one of a task', async () => {
    await withCached(async ({ folder, cache }) => {
      const taskFile = async () => (await bundleAgent(join(folder, 'w'), undefined, { shipped: [cache] })).taskFile;
      expect(await taskFile()).toBeNull();
      await writeFiles(folder, { 'w/lib/task.toml': '' });
      expect(await taskFile()).toBe('../lib/y.ts');
    });
  });

  test('of a folder is preferred to a shipped one only while it is current', async () => {
    await withCached(async ({ folder, cache, record }) => {
      await mark(record);
      const own = join(folder, 'own');
      await cp(cache, own, { recursive: true });
      await writeFile(join(own, (await readdir(own))[0] as string), 'broken');
      const { bundle } = await bundleAgent(join(folder, 'w'), undefined, { cacheDir: own, shipped: [cache] });
      expect(bundle.code).toContain('/*cached*/');
    });
  });
});

test('bundles of agents and tasks are kept apart, and a cache that cannot be written is none', async () => {
  await withFolder(async (folder) => {
    await writeFiles(folder, { ...TASK_FILES, file: '' });
    const made = await bundleTask(folder);
    expect(await bundleTask(folder, { cacheDir: join(folder, 'file') })).toEqual(made);
    const cacheDir = join(folder, 'cache/deep');
    expect(await bundleTask(folder, { cacheDir })).toEqual(made);
    expect(await bundleTask(folder, { cacheDir })).toEqual(made);
    await bundleAgent(folder, 'tasks/t/setup.ts', { cacheDir });
    expect(await readdir(cacheDir)).toHaveLength(2);
  });
});
