import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Io } from './deps.js';
import { withFolder } from './testing/fake-deps.js';
import { findWorkspace, shownPath } from './workspace.js';

const at = (cwd: string, env: Io['env'] = {}): Io => ({
  stdout: () => undefined,
  stderr: () => undefined,
  onInterrupt: () => () => undefined,
  isTTY: false,
  env,
  cwd,
});

describe('findWorkspace', () => {
  test('is the working folder where no config file is found', () =>
    withFolder(async (dir) => {
      const workspace = await findWorkspace(at(dir), undefined);
      expect(workspace).toMatchObject({
        root: dir,
        home: join(dir, '.agent_bench'),
        config: {
          defaults: {},
          taskRoots: [],
          isolation: { minimum: 'permissions', read: [] },
          store: { compress: false },
        },
      });
    }));

  test('is the nearest folder upward with a config file, whose defaults it takes', () =>
    withFolder(async (dir) => {
      const inner = join(dir, 'a', 'b');
      await mkdir(inner, { recursive: true });
      await writeFile(
        join(dir, 'tracecore.toml'),
        '[defaults]\nseed = -4\ntimeout = 9\n[tasks]\nroots = ["mine", "/else"]\n[solvers]\n"a@1" = "solve.ts"\n',
      );
      const workspace = await findWorkspace(at(inner), undefined);
      expect(workspace).toMatchObject({
        root: dir,
        home: join(dir, '.agent_bench'),
        config: {
          defaults: { seed: -4, timeout: 9 },
          taskRoots: [join(dir, 'mine'), '/else'],
          solvers: { 'a@1': join(dir, 'solve.ts') },
        },
      });
    }));

  test('[isolation] says how far programs are kept apart; paths are relative to the file', () =>
    withFolder(async (dir) => {
      const inner = join(dir, 'a');
      await mkdir(inner);
      await writeFile(
        join(dir, 'tracecore.toml'),
        '[isolation]\nminimum = "contained"\nread = ["data", "/opt/tool"]\nconfinement = "node-permissions"\n',
      );
      expect((await findWorkspace(at(inner), undefined)).config.isolation).toEqual({
        minimum: 'contained',
        read: [join(dir, 'data'), '/opt/tool'],
        confinement: 'node-permissions',
      });
    }));

  test('[store] says whether large artifacts are compressed', () =>
    withFolder(async (dir) => {
      await writeFile(join(dir, 'tracecore.toml'), '[store]\ncompress = true\n');
      expect((await findWorkspace(at(dir), undefined)).config.store).toEqual({ compress: true });
    }));

  test('TRACECORE_HOME is the folder itself, --root the folder above it, and --root wins', () =>
    withFolder(async (dir) => {
      const io = at(dir, { TRACECORE_HOME: 'runs' });
      expect((await findWorkspace(io, undefined)).home).toBe(join(dir, 'runs'));
      expect((await findWorkspace(io, 'elsewhere')).home).toBe(join(dir, 'elsewhere', '.agent_bench'));
    }));

  test.each([
    ['[defaults]\nsed = 1', 'unknown key defaults.sed; did you mean seed?'],
    ['[default]\nseed = 1', 'unknown key default; did you mean defaults?'],
    ['seed = 1', 'unknown key seed'],
    ['[defaults]\nseed = 1.5', 'defaults.seed must be a whole number'],
    ['[defaults]\ntimeout = -1', 'defaults.timeout must be a whole number of seconds'],
    ['[tasks]\nroots = "tasks"', 'tasks.roots must be a list of folders'],
    ['[solvers]\n"a@1" = 3', 'solvers.a@1 must be the file of an agent'],
    ['[isolation]\nminimum = "high"', 'isolation.minimum must be bare, permissions or contained, got "high"'],
    ['[isolation]\nminimum = "none"', 'isolation.minimum must be bare, permissions or contained, got "none"'],
    ['[isolation]\nminimum = 2', 'isolation.minimum must be bare, permissions or contained, got 2'],
    [
      '[isolation]\nconfinement = "docker"',
      'isolation.confinement must be bare, node-permissions or bubblewrap, got "docker"',
    ],
    ['[isolation]\nread = "/opt"', 'isolation.read must be a list of files and folders, without *, got "/opt"'],
    ['[isolation]\nread = [""]', 'isolation.read must be a list of files and folders, without *, got [""]'],
    ['[isolation]\nread = ["/opt/*"]', 'isolation.read must be a list of files and folders, without *'],
    ['[isolation]\nminimun = "bare"', 'unknown key isolation.minimun; did you mean minimum?'],
    ['[store]\ncompress = "gzip"', 'store.compress must be true or false'],
    ['isolation = "bare"', 'isolation must be a table'],
    ['defaults = 3', 'defaults must be a table'],
    ['[defaults', 'line 1, column'],
  ])('%j is refused with the file and the key', (text, message) =>
    withFolder(async (dir) => {
      const file = join(dir, 'tracecore.toml');
      await writeFile(file, text);
      const error = await findWorkspace(at(dir), undefined).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) });
      expect((error as Error).message).toContain(file);
    }),
  );

  test('keys of the Python runtime in agent-bench.toml are passed over', () =>
    withFolder(async (dir) => {
      await writeFile(join(dir, 'agent-bench.toml'), '[defaults]\nseed = 3\nagent = "x.py"\n[web]\nport = 1\n');
      expect((await findWorkspace(at(dir), undefined)).config.defaults).toEqual({ seed: 3 });
    }));
});

test('a path is shown from the working folder when it lies below it', () => {
  expect(shownPath('/w/runs/a.json', '/w')).toBe('runs/a.json');
  expect(shownPath('/other/a.json', '/w')).toBe('/other/a.json');
});
