import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashTaskFolder } from '../hash-task-folder.js';
import { withFolder, writeFiles } from '../testing/task-files.js';
import { hashReferenceTask } from './hash-reference.js';
import { parsePythonManifest } from './manifest.js';
import { isPythonTaskFolder, readPythonTaskFolder } from './read-python-task-folder.js';

const TOML = `
id = "count_up"
suite = "operations"
version = 2
description = "Count to three."
deterministic = true
seed_behavior = "fixed"
owner = "somebody"

[budgets]
steps = 12
tool_calls = 6

[action_surface]
source = "actions.py"
schema = "introspected"

[setup]
entrypoint = "setup.py:setup"

[validator]
entrypoint = "validate.py:validate"

[sandbox]
filesystem_roots = ["/app/", "logs"]
network_hosts = [" API.test. "]
`;

const YAML = `
# the older form
id: count_up
suite: operations
version: 2
description: |
  Count to three.
  Then stop.

default_budget:
  steps: 12
  tool_calls: 6

deterministic: true
`;

const CODE = { 'setup.py': 'A = 1\n', 'actions.py': 'B = "é"\r\n', 'validate.py': 'C = 3' };

const hasPython = (() => {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write('tests that compare with python3 are skipped: there is no python3 on this machine\n');
    return false;
  }
})();

describe('readPythonTaskFolder', () => {
  test('reads task.toml in the shape of the Python runtime', () =>
    withFolder(async (dir) => {
      await writeFiles(dir, { ...CODE, 'task.toml': TOML });
      expect(await readPythonTaskFolder(dir)).toEqual({
        files: ['actions.py', 'setup.py', 'task.toml', 'validate.py'].map((path) => ({
          path,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        })),
        ref: 'count_up@2',
        dir,
        language: 'python',
        hash: await hashTaskFolder(dir),
        reference_task_hash: createHash('sha256').update('B = "é"\r\nA = 1\nC = 3').digest('hex'),
        manifest: {
          id: 'count_up',
          suite: 'operations',
          version: 2,
          description: 'Count to three.',
          deterministic: true,
          seed_behavior: 'fixed',
          budgets: { steps: 12, tool_calls: 6, wall_clock_seconds: null },
          action_surface: { actions: [] },
          setup: { entrypoint: 'setup.py' },
          actions: { entrypoint: 'actions.py' },
          validator: { entrypoint: 'validate.py' },
          sandbox: { filesystem_roots: ['/app', '/logs'], network_hosts: ['api.test'] },
        },
      });
    }));

  test('reads the older task.yaml, without a sandbox nothing is open', () =>
    withFolder(async (dir) => {
      await writeFiles(dir, { ...CODE, 'task.yaml': YAML });
      const { manifest, ref } = await readPythonTaskFolder(dir);
      expect(ref).toBe('count_up@2');
      expect(manifest).toMatchObject({
        description: 'Count to three.\nThen stop.',
        deterministic: true,
        seed_behavior: 'fixed',
        budgets: { steps: 12, tool_calls: 6, wall_clock_seconds: null },
        action_surface: { actions: [] },
        sandbox: { filesystem_roots: [], network_hosts: [] },
      });
    }));

  test('task.toml counts when both are there', () =>
    withFolder(async (dir) => {
      await writeFiles(dir, { ...CODE, 'task.toml': TOML, 'task.yaml': YAML.replace('version: 2', 'version: 9') });
      expect((await readPythonTaskFolder(dir)).ref).toBe('count_up@2');
    }));

  test.each(['setup.py', 'actions.py', 'validate.py'])('[REQ-TASK-02] says that %s is not there', (name) =>
    withFolder(async (dir) => {
      await writeFiles(dir, { ...CODE, 'task.toml': TOML });
      await rm(join(dir, name));
      await expect(readPythonTaskFolder(dir)).rejects.toMatchObject({
        code: 'MANIFEST_INVALID',
        message: expect.stringContaining(`needs ${name} beside it`),
      });
    }),
  );

  test('a folder without a manifest is not a task', () =>
    withFolder(async (dir) => {
      await writeFiles(dir, CODE);
      await expect(readPythonTaskFolder(dir)).rejects.toMatchObject({ code: 'TASK_FOLDER_MISSING' });
    }));
});

describe('isPythonTaskFolder', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['task.toml and Python files', { ...CODE, 'task.toml': TOML }, true],
    ['task.yaml and one Python file', { 'actions.py': '', 'task.yaml': YAML }, true],
    ['a TypeScript task', { 'task.toml': '', 'setup.ts': '', 'actions.ts': '', 'validate.ts': '' }, false],
    ['Python files alone', CODE, false],
  ])('%s', (_, files, expected) =>
    withFolder(async (dir) => {
      expect(await isPythonTaskFolder(await writeFiles(dir, files))).toBe(expected);
    }),
  );

  test('a place that is not there is none', async () => {
    expect(await isPythonTaskFolder('/nowhere/at/all')).toBe(false);
  });
});

describe('parsePythonManifest', () => {
  const faultsOf = (text: string, file: string): readonly string[] => {
    try {
      parsePythonManifest(text, file);
    } catch (error) {
      return [(error as Error).message, ...(error as { details: string[] }).details];
    }
    return [];
  };

  test('[REQ-TASK-02] names the file and every key at once', () => {
    const text = TOML.replace('id = "count_up"', 'id = 7')
      .replace('steps = 12', 'steps = "12"')
      .replace('source = "actions.py"', '')
      .replace('network_hosts', 'hosts');
    const [message, ...details] = faultsOf(text, 't/task.toml');
    expect(message).toContain('t/task.toml is not a valid manifest of a Python task (4 faults)');
    expect(details.map((detail) => detail.split(' ')[0]).sort()).toEqual([
      'action_surface.source',
      'budgets.steps',
      'id',
      'sandbox.network_hosts',
    ]);
  });

  test('a deterministic task.toml must have a sandbox, another need not', () => {
    const bare = TOML.slice(0, TOML.indexOf('[sandbox]'));
    expect(faultsOf(bare, 'task.toml').join()).toContain('sandbox is missing');
    const free = parsePythonManifest(bare.replace('deterministic = true', 'deterministic = false'), 'task.toml');
    expect(free.sandbox).toEqual({ filesystem_roots: [], network_hosts: [] });
  });

  test('roots that lead up and the host * are refused', () => {
    expect(faultsOf(TOML.replace('"logs"', '"/app/../etc"'), 'task.toml').join()).toContain('sandbox.filesystem_roots');
    expect(faultsOf(TOML.replace(' API.test. ', '*'), 'task.toml').join()).toContain('sandbox.network_hosts');
  });

  test('action names, wall clock and a YAML sandbox are taken when they are there', () => {
    const toml = TOML.replace('schema =', 'actions = ["go", "stop"]\nschema =').replace(
      'tool_calls = 6',
      'tool_calls = 6\nwall_clock_seconds = 30',
    );
    expect(parsePythonManifest(toml, 'task.toml')).toMatchObject({
      action_surface: { actions: ['go', 'stop'] },
      budgets: { wall_clock_seconds: 30 },
    });
    const yaml = `${YAML}sandbox:\n  filesystem_roots: [/app]\n`;
    expect(parsePythonManifest(yaml, 'task.yaml').sandbox).toEqual({ filesystem_roots: ['/app'], network_hosts: [] });
  });

  test.each([
    ['task.toml', 'id = ', 'is not TOML'],
    ['task.yaml', 'id: [', 'is not YAML'],
    ['task.yaml', '- a\n- b', 'must hold a table of keys'],
    ['task.yaml', 'id: x', 'default_budget is missing'],
  ])('%s with the text %j says what is wrong', (file, text, message) => {
    expect(faultsOf(text, file)[0]).toContain(message);
  });
});

describe('hashReferenceTask', () => {
  test.skipIf(!hasPython)('is what python3 computes from the same bytes', () =>
    withFolder(async (dir) => {
      const script =
        'import hashlib,pathlib,sys\n' +
        'd=pathlib.Path(sys.argv[1]);h=hashlib.sha256()\n' +
        'for f in sorted(d/n for n in ("setup.py","actions.py","validate.py")): h.update(f.read_bytes())\n' +
        'print(h.hexdigest())';
      await fc.assert(
        fc.asyncProperty(fc.tuple(fc.string(), fc.string(), fc.string()), async ([a, b, c]) => {
          await writeFiles(dir, { 'setup.py': a, 'actions.py': b, 'validate.py': c });
          const expected = execFileSync('python3', ['-I', '-S', '-c', script, dir], { encoding: 'utf8' }).trim();
          expect(await hashReferenceTask(dir)).toBe(expected);
        }),
        { numRuns: 5 },
      );
    }),
  );

  test('other files of the folder are not part of it', () =>
    withFolder(async (dir) => {
      await writeFiles(dir, { ...CODE, 'task.toml': TOML });
      const before = await hashReferenceTask(dir);
      await writeFiles(dir, { 'service.py': 'x', 'task.toml': 'other' });
      expect(await hashReferenceTask(dir)).toBe(before);
    }));
});
