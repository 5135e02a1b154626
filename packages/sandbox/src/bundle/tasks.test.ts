import { copyFile, cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bundle } from '../bundle-types.js';
import type { Host } from '../host.js';
import { createIsolateHost } from '../isolate/host.js';
import { bundleAgent, bundleTask, refusal, TASK_FILES } from '../testing/bundling.js';
import { LIMITS, open, run, valueIn } from '../testing/hosts.js';
import { withFolder, writeFiles } from '../testing/temp-folder.js';

let host: Host;
beforeAll(async () => {
  host = await createIsolateHost();
});
afterAll(() => host.close());

const resultOf = async (bundle: Bundle) => valueIn(await run(await open(await host.prepare(bundle, LIMITS)), { n: 2 }));
const agentIn = (files: Record<string, string>, path?: string) =>
  withFolder(async (folder) => {
    await writeFiles(folder, files);
    return bundleAgent(folder, path);
  });

const AGENT = 'export default { act: ({ n }: { n: number }): number => n + 1 };\n';

describe('an import of a task', () => {
  test.each([
    [
      'beside its task.toml',
      { 'agents/a.ts': 'import s from "../tasks/t/setup.js"; export default { act: s };' },
      '../tasks/t/setup.ts',
    ],
    [
      'beside a task.yaml',
      {
        'agents/a.ts': 'import s from "../old/x.js"; export default { act: s };',
        'old/x.ts': 'export default 1;',
        'old/task.yaml': '',
      },
      '../old/x.ts',
    ],
    [
      'far below it',
      {
        'agents/a.ts': 'import s from "../tasks/t/a/b.js"; export default { act: s };',
        'tasks/t/a/b.ts': 'export default 1;',
      },
      '../tasks/t/a/b.ts',
    ],
    [
      'through a re-export',
      {
        'agents/a.ts': 'export { default } from "./lib.js";',
        'agents/lib.ts': 'export { default } from "../tasks/t/setup.js";',
      },
      '../tasks/t/setup.ts',
    ],
    [
      'that is never called',
      { 'agents/a.ts': 'export default { act: () => import("../tasks/t/setup.js") };' },
      '../tasks/t/setup.ts',
    ],
    [
      'of data',
      { 'agents/a.ts': 'import d from "../tasks/t/d.json"; export default { act: () => d };', 'tasks/t/d.json': '{}' },
      '../tasks/t/d.json',
    ],
    [
      'that is not used',
      { 'agents/a.ts': 'import "../tasks/t/setup.js"; export default { act: () => 1 };' },
      '../tasks/t/setup.ts',
    ],
  ])('[REQ-SBX-06] is named: %s', async (_what, files, taskFile) => {
    expect((await agentIn({ ...TASK_FILES, ...(files as Record<string, string>) })).taskFile).toBe(taskFile);
  });

  test('[REQ-SBX-06] is named through a symbolic link', async () => {
    await withFolder(async (folder) => {
      await writeFiles(folder, {
        ...TASK_FILES,
        'agents/a.ts': 'import s from "./innocent.js"; export default { act: s };',
      });
      await symlink(join(folder, 'tasks/t/setup.ts'), join(folder, 'agents/innocent.ts'));
      expect((await bundleAgent(folder)).taskFile).toBe('../tasks/t/setup.ts');
    });
  });

  test('[REQ-SBX-06] is named through a linked folder and a linked package', async () => {
    await withFolder(async (folder) => {
      await writeFiles(folder, {
        ...TASK_FILES,
        'agents/a.ts': 'import s from "./mine/setup.js"; export default { act: s };',
        'agents/b.ts': 'import s from "mine/setup.ts"; export default { act: s };',
      });
      await mkdir(join(folder, 'node_modules'));
      await symlink(join(folder, 'tasks/t'), join(folder, 'agents/mine'));
      await symlink(join(folder, 'tasks/t'), join(folder, 'node_modules/mine'));
      expect((await bundleAgent(folder)).taskFile).toBe('../tasks/t/setup.ts');
      expect((await bundleAgent(folder, 'agents/b.ts')).taskFile).toBe('../tasks/t/setup.ts');
    });
  });

  test('is none for what a task tells the public', async () => {
    const text = 'import text from "../tasks/t/README.txt"; export default { act: () => text };';
    const { bundle, taskFile } = await agentIn({
      ...TASK_FILES,
      'agents/a.ts': text,
      'tasks/t/README.txt': 'Find it.',
    });
    expect([await resultOf(bundle), taskFile]).toEqual(['Find it.', null]);
  });

  test('is none for an agent that lies in a task folder, for types, and for copies elsewhere', async () => {
    expect((await agentIn({ ...TASK_FILES, 'tasks/t/agent.ts': AGENT }, 'tasks/t/agent.ts')).taskFile).toBeNull();
    expect(
      (await agentIn({ ...TASK_FILES, 'agents/a.ts': `import type S from "../tasks/t/setup.js"; ${AGENT}` })).taskFile,
    ).toBeNull();
    await withFolder(async (folder) => {
      await writeFiles(folder, {
        ...TASK_FILES,
        'agents/a.ts': 'import s from "./copy.js"; export default { act: s };',
      });
      await copyFile(join(folder, 'tasks/t/setup.ts'), join(folder, 'agents/copy.ts'));
      expect((await bundleAgent(folder)).taskFile).toBeNull();
    });
  });
});

describe('a task', () => {
  test('is bundled from its three files and runs', async () => {
    await withFolder(async (folder) => {
      await writeFiles(folder, TASK_FILES);
      const bundle = await bundleTask(folder);
      expect(await resultOf(bundle)).toEqual([1, ['look'], { ok: true }]);
      expect(bundle).toMatchObject({ name: 't@1', sourceRoot: 't' });
      expect(bundle.sources.map((source) => source.path).sort()).toEqual(['actions.ts', 'setup.ts', 'validate.ts']);
    });
  });

  test('may import files of its own folder, the kit, and lie in an installed package', async () => {
    await withFolder(async (folder) => {
      const files = {
        ...TASK_FILES,
        'tasks/t/lib/x.ts': 'export const x = 7;',
        'tasks/t/setup.ts':
          'import { KIT } from "@tracecore/kit"; import { x } from "./lib/x.js"; export default () => KIT + x;',
      };
      await writeFiles(join(folder, 'node_modules/pkg'), files);
      await writeFiles(folder, files);
      const bundle = await bundleTask(folder);
      expect(await resultOf(bundle)).toEqual(['kit7', ['look'], { ok: true }]);
      expect(await bundleTask(join(folder, 'node_modules/pkg'))).toEqual(bundle);
    });
  });

  test.each([
    ['a file beside its folder', 'import { x } from "../lib.js"; export default () => x;', '../lib.ts'],
    ['a package', 'import { x } from "dep"; export default () => x;', 'dep/index.js'],
    ['a package inside its folder', 'import { x } from "inner"; export default () => x;', 'inner/index.js'],
    ['a dynamic one', 'export default () => import("../lib.js");', '../lib.ts'],
  ])('that imports %s is TASK_IMPORTS_OUTSIDE', async (_what, setup, named) => {
    await withFolder(async (folder) => {
      await writeFiles(folder, {
        ...TASK_FILES,
        'tasks/t/setup.ts': setup,
        'tasks/lib.ts': 'export const x = 1;',
        'node_modules/dep/package.json': '{"name":"dep","main":"index.js"}',
        'node_modules/dep/index.js': 'exports.x = 1;',
        'tasks/t/node_modules/inner/package.json': '{"name":"inner","main":"index.js"}',
        'tasks/t/node_modules/inner/index.js': 'exports.x = 1;',
      });
      const error = await refusal(bundleTask(folder));
      expect(error).toMatchObject({ name: 'SandboxError', code: 'TASK_IMPORTS_OUTSIDE' });
      expect(error.message).toContain(`t@1 imports ${named},`);
    });
  });

  test('that imports what its hash leaves out is TASK_IMPORTS_OUTSIDE', async () => {
    await withFolder(async (folder) => {
      await writeFiles(folder, {
        ...TASK_FILES,
        'tasks/t/setup.ts': 'export { default } from "./tests/x.js";',
        'tasks/t/tests/x.ts': 'export default () => 1;',
      });
      const error = await refusal(bundleTask(folder, {}, (path) => !path.startsWith('tests/')));
      expect(error).toMatchObject({
        code: 'TASK_IMPORTS_OUTSIDE',
        message: expect.stringContaining('imports tests/x.ts,'),
      });
    });
  });

  test('that imports outside through a symbolic link is TASK_IMPORTS_OUTSIDE', async () => {
    await withFolder(async (folder) => {
      await writeFiles(folder, { ...TASK_FILES, 'lib.ts': 'export default () => 1;' });
      await cp(join(folder, 'tasks/t/setup.ts'), join(folder, 'elsewhere.ts'));
      await symlink(join(folder, 'lib.ts'), join(folder, 'tasks/t/link.ts'));
      await writeFiles(folder, { 'tasks/t/setup.ts': 'export { default } from "./link.js";' });
      expect((await refusal(bundleTask(folder))).code).toBe('TASK_IMPORTS_OUTSIDE');
    });
  });
});
