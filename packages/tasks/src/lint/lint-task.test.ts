import { describe, expect, test } from 'vitest';
import { parseManifest } from '../manifest.js';
import { MANIFEST, withFolder, writeFiles } from '../testing/task-files.js';
import type { TaskFolder } from '../types.js';
import { codeUses } from './code-uses.js';
import type { TaskInspection, WorldSnapshot } from './inspection.js';
import { type LintInput, lintTask } from './lint-task.js';
import { validateTask } from './validate-task.js';

const WORLD: WorldSnapshot = { files: { '/app/a.txt': 'a' }, seen: [], outputs: {}, hosts: [] };
const ACTION = { description: 'Does it.', args: { type: 'object' } };
const INSPECTION: TaskInspection = {
  actions: { list_dir: ACTION, set_output: ACTION },
  fault: null,
  setups: [{ seed: 0, world: WORLD, fault: null, difference: null }],
};

function folder(dir = '/nowhere', manifest = MANIFEST): TaskFolder {
  const hash = `sha256:${'0'.repeat(64)}`;
  return { ref: 'find_code@1', dir, manifest: parseManifest(manifest, 'task.toml'), hash, files: [] };
}

const codes = (found: { code: string; key: string | null }[]) => found.map(({ code, key }) => `${code} ${key}`);

async function lint(input: Partial<LintInput> & { manifest?: string }): Promise<string[]> {
  return withFolder(async (dir) => {
    await writeFiles(dir, { 'README.md': '# A task' });
    const task = folder(dir, input.manifest);
    return codes(await lintTask({ task, inspection: INSPECTION, code: '', hasSolver: true, ...input }));
  });
}

describe('validate', () => {
  test('a task that is as its manifest says has no finding', () => {
    expect(validateTask(folder(), INSPECTION)).toEqual([]);
  });

  test('actions that differ are named one by one, both ways', () => {
    const found = validateTask(folder(), { ...INSPECTION, actions: { set_output: ACTION, fly: ACTION } });
    expect(codes(found)).toEqual(['ACTIONS_DIFFER action_surface.actions', 'ACTIONS_DIFFER action_surface.actions']);
    expect(found.map(({ message }) => message.split(' ')[1])).toEqual(['fly', 'list_dir']);
  });

  test('a Python task may leave its list of actions out', () => {
    const { manifest, ...rest } = folder();
    const open = { ...rest, language: 'python' as const, manifest: { ...manifest, action_surface: { actions: [] } } };
    expect(validateTask(open, INSPECTION)).toEqual([]);
  });

  test('a program that does not load, a setup that fails and one that differs', () => {
    const setups = [
      { seed: 1, world: null, fault: 'boom (find_code/setup.ts:1:1)', difference: null },
      { seed: 7, world: WORLD, fault: null, difference: '/files/a is 1 and then 2' },
    ];
    expect(validateTask(folder(), { actions: null, fault: 'no setup found', setups: [] })).toMatchObject([
      { code: 'PROGRAM_NOT_LOADED', message: expect.stringContaining('no setup found') },
    ]);
    expect(validateTask(folder(), { ...INSPECTION, setups })).toMatchObject([
      { code: 'SETUP_FAILED', file: 'setup.ts', message: expect.stringContaining('seed 1: boom') },
      { code: 'SETUP_NOT_DETERMINISTIC', message: expect.stringContaining('seed 7 gave different worlds: /files/a') },
    ]);
  });
});

describe('lint', () => {
  test('a task that is complete has no finding', async () => {
    expect(await lint({})).toEqual([]);
  });

  test('an action without description, and one without a schema', async () => {
    const actions = { list_dir: { ...ACTION, description: ' ' }, set_output: { ...ACTION, args: {} } };
    expect(await lint({ inspection: { ...INSPECTION, actions } })).toEqual([
      'ACTION_DESCRIPTION_MISSING list_dir',
      'ACTION_SCHEMA_MISSING set_output',
    ]);
  });

  test('no solver, no README, and a bundle over 32 KB, counted in bytes', async () => {
    expect(await lint({ hasSolver: false })).toEqual(['SOLVER_MISSING null']);
    expect(await lint({ code: 'x'.repeat(32 * 1024) })).toEqual([]);
    expect(await lint({ code: 'é'.repeat(16 * 1024 + 1) })).toEqual(['BUNDLE_LARGE null']);
    const found = await lintTask({ task: folder(), inspection: INSPECTION, code: '', hasSolver: true });
    expect(codes(found)).toEqual(['README_MISSING null']);
  });

  test('roots and hosts: unused is a hint, undeclared a warning', async () => {
    const manifest = MANIFEST.replace('["/app"]', '["/app", "/log"]').replace(
      'network_hosts = []',
      'network_hosts = ["api.example.com", "*.cdn.example.com"]',
    );
    const unused = ['ROOT_UNUSED sandbox.filesystem_roots', 'HOST_UNUSED sandbox.network_hosts'];
    expect(await lint({ manifest })).toEqual([...unused, 'HOST_UNUSED sandbox.network_hosts']);
    const code =
      'world.readFile("/log/x");world.requireNetwork("https://api.example.com/v1");let h="eu.cdn.example.com"';
    expect(await lint({ manifest, code })).toEqual([]);
    const stray = 'world.exists("/etc/passwd");world.requireNetwork("evil.example")';
    expect(await lint({ code: stray })).toEqual([
      'ROOT_UNDECLARED sandbox.filesystem_roots',
      'HOST_UNDECLARED sandbox.network_hosts',
    ]);
  });

  test('the files of a Python task are read for what they use', () =>
    withFolder(async (dir) => {
      await writeFiles(dir, { 'README.md': '', 'actions.py': 'def f():\n    env.require_network("evil.example")\n' });
      const found = await lintTask({ task: folder(dir), inspection: INSPECTION, code: null, hasSolver: true });
      expect(codes(found)).toEqual(['HOST_UNDECLARED sandbox.network_hosts']);
    }));
});

test('paths and hosts in code: whole texts, and the folder before a hole', () => {
  const code =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is code.
    'w.writeFile(`/stream/page_${n}.json`,x);w.readFile( \'/app/a\');w.listDir("/app/");w.exists(path);o.file("/no")';
  expect(codeUses(code)).toEqual({ paths: ['/stream', '/app/a', '/app'], hosts: [] });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is code.
  expect(codeUses('w.requireNetwork("a.b");w.requireNetwork(`${h}.c`);w.requireNetwork(h)').hosts).toEqual(['a.b']);
});
