import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// Each check runs on a small workspace of the same shape: without a fault it must pass, with one planted it must name it.

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const RULES = [
  'turbo.json',
  '.dependency-cruiser.cjs',
  'pnpm-workspace.yaml',
  'tsconfig.base.json',
  'tsconfig.test.json',
];
const LAYERS = { spec: 'L1', artifact: 'L2', kit: 'L2', tasks: 'L3', runner: 'L4', store: 'L4', cli: 'L5' };
const DEPENDS: Record<string, string[]> = {
  spec: [],
  artifact: ['spec'],
  kit: ['spec'],
  tasks: ['kit'],
  runner: ['tasks', 'artifact'],
  store: ['artifact'],
  cli: ['runner', 'store'],
};

let clean: string;
let faulty: string;
const made: string[] = [];

beforeAll(() => {
  clean = plantWorkspace();
  faulty = plantWorkspace();
});
afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

describe('dependency-cruiser', () => {
  const faults: [rule: string, file: string, code: string][] = [
    ['downward-spec', 'packages/spec/src/up.ts', "export { low as x } from '../../kit/src/index.js';"],
    ['downward-kit', 'packages/kit/src/sibling.ts', "export { low as x } from '@tracecore/artifact';"],
    ['downward-store', 'packages/store/src/sibling.ts', "export { low as x } from '@tracecore/runner';"],
    ['downward-cli', 'packages/cli/src/top.ts', "export { main } from '../../../apps/tracecore/src/main.js';"],
    ['no-deep-import', 'packages/cli/src/deep.ts', "export { inner } from '../../store/src/inner.js';"],
    ['no-deep-import', 'packages/cli/src/deep-dist.ts', "export { inner } from '../../store/dist/inner.js';"],
    ['resolvable', 'packages/cli/src/subpath.ts', "export { inner } from '@tracecore/store/dist/inner.js';"],
    ['neutral-has-no-node', 'packages/kit/src/disk.ts', "export { readFileSync } from 'node:fs';"],
    ['neutral-has-no-node', 'packages/spec/src/bare.ts', "export { join } from 'path';"],
    ['neutral-does-not-reach-node', 'packages/artifact/src/leak.ts', "export { disk } from './node.js';"],
    ['no-cycle', 'packages/tasks/src/ring-a.ts', "export { b } from './ring-b.js';\nexport const a = 1;"],
    ['agents-know-no-task', 'agents/nosy_agent.ts', "export { setup } from '../tasks/one/setup.js';"],
    ['tasks-stand-alone', 'tasks/two/setup.ts', "export { setup } from '../one/setup.js';"],
    ['authors-import-kit', 'agents/node_agent.ts', "export { readFileSync } from 'node:fs';"],
    ['no-deep-import-from-root', 'agents/deep_agent.ts', "export { low } from '../packages/kit/src/index.js';"],
    ['declared', 'packages/runner/src/undeclared.ts', "export { left } from 'left';"],
    ['shipped-code-needs-no-dev-dependency', 'packages/tasks/src/dev.ts', "export { left } from 'left';"],
    ['apps-stand-on-top', 'apps/tracecore/src/other.ts', "export { low } from '../../second/src/index.js';"],
    ['apps-use-packages', 'apps/tracecore/src/task.ts', "export { setup } from '../../../tasks/one/setup.js';"],
    ['package-has-a-layer', 'packages/stray/src/index.ts', "export { low } from '@tracecore/spec';"],
  ];

  test('passes a workspace whose arrows point down', () => {
    expect(cruise(clean)).toEqual({ status: 0, violations: [] });
  });

  test('names every planted fault', () => {
    for (const [, file, code] of faults) put(faulty, file, code);
    put(faulty, 'packages/tasks/src/ring-b.ts', "export { a } from './ring-a.js';\nexport const b = 1;");
    put(faulty, 'apps/second/src/index.ts', 'export const low = 1;\n');
    put(
      faulty,
      'node_modules/left/package.json',
      JSON.stringify({ name: 'left', type: 'module', exports: './index.js' }),
    );
    put(faulty, 'node_modules/left/index.js', 'export const left = 1;\n');
    const manifest = { name: '@tracecore/tasks', type: 'module', devDependencies: { left: '1.0.0' } };
    put(faulty, 'packages/tasks/package.json', JSON.stringify(manifest));
    link(faulty, 'packages/kit', 'artifact');
    link(faulty, 'packages/store', 'runner');
    const { status, violations } = cruise(faulty);
    expect(status).not.toBe(0);
    for (const [rule, file] of faults) expect(violations).toContainEqual({ rule, file });
  });
});

describe('turbo boundaries', () => {
  test('passes a workspace whose arrows point down', () => {
    expect(boundaries(clean)).toMatchObject({ status: 0 });
  });

  test('refuses a dependency on a higher layer, a path out of the package and an undeclared package', () => {
    const dir = plantWorkspace({ spec: ['runner'] });
    put(dir, 'packages/store/src/outside.ts', "export { low } from '../../spec/src/index.js';");
    put(dir, 'packages/store/src/undeclared.ts', "export { low } from '@tracecore/kit';");
    const { status, output } = boundaries(dir);
    expect(status).not.toBe(0);
    expect(output).toMatch(
      /`@tracecore\/runner` found with tag listed in denylist for\s*[|│]?\s*`@tracecore\/spec`: `L4`/,
    );
    expect(output).toContain('`../../spec/src/index.js` leaves the package');
    expect(output).toContain('cannot import package `@tracecore/kit` because it is not a dependency');
  });
});

describe('biome', () => {
  const faults: [rule: string, file: string, code: string][] = [
    ['format', 'packages/cli/src/wide.ts', 'export const x = "double quotes"\n'],
    ['noUnusedImports', 'packages/cli/src/unused.ts', "import { join } from 'node:path';\n\nexport const x = 1;\n"],
    ['noRestrictedGlobals', 'packages/kit/src/bytes.ts', "export const bytes = () => Buffer.from('');\n"],
    ['noRestrictedGlobals', 'packages/stats/src/clock.ts', 'export const home = () => process.cwd();\n'],
    ['noExplicitAny', 'packages/cli/src/loose.ts', 'export const x: any = 1;\n'],
    ['noFocusedTests', 'packages/cli/src/only.test.ts', "import { test } from 'vitest';\n\ntest.only('x', () => 1);\n"],
  ];

  test.each(faults)('refuses %s', (rule, file, code) => {
    const dir = emptyFolder();
    cpSync(join(root, 'biome.json'), join(dir, 'biome.json'));
    put(dir, file, code);
    const { status, output } = tool('biome', dir, ['check', '.']);
    expect(status).not.toBe(0);
    expect(output).toContain(rule);
  });
});

describe('knip', () => {
  test('passes a package that uses all it has', () => {
    const { status, output } = tool('knip', plantKnip(), ['--no-progress']);
    expect(status, output).toBe(0);
  });

  test('refuses an unused file, export and dependency', () => {
    const dir = plantKnip({ dependencies: { 'left-pad': '1.3.0' } });
    put(dir, 'packages/cli/src/orphan.ts', 'export const orphan = 1;\n');
    put(dir, 'packages/cli/src/used.ts', 'export const used = 1;\nexport const spare = 2;\n');
    const { status, output } = tool('knip', dir, ['--no-progress']);
    expect(status).not.toBe(0);
    for (const name of ['orphan.ts', 'spare', 'left-pad']) expect(output).toContain(name);
  });
});

describe('types', () => {
  test('a type error in a test file fails', () => {
    const dir = emptyFolder();
    for (const file of ['tsconfig.base.json', 'tsconfig.test.json']) cpSync(join(root, file), join(dir, file));
    symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
    put(dir, 'packages/cli/src/wrong.test.ts', "export const count: number = 'one';\n");
    const { status, output } = tool('tsc', dir, ['-p', 'tsconfig.test.json']);
    expect(status).not.toBe(0);
    expect(output).toContain('wrong.test.ts(1,14): error TS2322');
  });
});

/** Runs the reporter that the check itself runs: the others exit 0 whatever they find. */
function cruise(dir: string): { status: number | null; violations: { rule: string; file: string }[] } {
  const { status, output } = tool('depcruise', dir, ['packages', 'apps', 'tasks', 'agents']);
  if (!/dependency violations|no dependency violations found/.test(output)) throw new Error(`no verdict: ${output}`);
  const found = output.matchAll(/^ *error (\S+): (\S+)/gm);
  return { status, violations: Array.from(found, ([, rule, file]) => ({ rule: `${rule}`, file: `${file}` })) };
}

function boundaries(dir: string) {
  return tool('turbo', dir, ['boundaries', '--no-color']);
}

function tool(name: string, cwd: string, args: string[]) {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', NO_COLOR: '1', FORCE_COLOR: '0' };
  const result = spawnSync(join(root, 'node_modules', '.bin', name), args, {
    cwd,
    encoding: 'utf8',
    env,
    maxBuffer: 1e8,
  });
  if (result.error) throw result.error;
  return { status: result.status, output: result.stdout + result.stderr };
}

/** A workspace with this repository's rules; `extra` adds declared dependencies, by package. */
function plantWorkspace(extra: Record<string, string[]> = {}): string {
  const dir = emptyFolder();
  for (const file of RULES) cpSync(join(root, file), join(dir, file));
  put(dir, 'package.json', JSON.stringify({ name: 'planted', private: true, packageManager: 'pnpm@10.34.9' }));
  put(dir, 'pnpm-lock.yaml', "lockfileVersion: '9.0'\n");
  for (const [name, tag] of Object.entries(LAYERS)) {
    const depends = [...(DEPENDS[name] ?? []), ...(extra[name] ?? [])];
    plantPackage(dir, `packages/${name}`, `@tracecore/${name}`, tag, depends);
  }
  plantPackage(dir, 'apps/tracecore', 'tracecore', 'app', ['cli']);
  put(dir, 'apps/tracecore/src/main.ts', "import { low } from '@tracecore/cli';\nexport const main = low;\n");
  put(dir, 'packages/artifact/src/node.ts', "export { readFileSync as disk } from 'node:fs';\n");
  put(dir, 'packages/store/src/inner.ts', 'export const inner = 1;\n');
  put(dir, 'packages/store/dist/inner.js', 'export const inner = 1;\n');
  put(dir, 'agents/quiet_agent.ts', "export { low } from '@tracecore/kit';\n");
  put(dir, 'tasks/one/setup.ts', "import { low } from '@tracecore/kit';\nexport const setup = low;\n");
  link(dir, '.', 'kit');
  return dir;
}

/** One package with an entry and a file it uses, under this repository's knip.json. */
function plantKnip(manifest: object = {}): string {
  const dir = emptyFolder();
  for (const file of ['knip.json', 'pnpm-workspace.yaml', 'tsconfig.base.json'])
    cpSync(join(root, file), join(dir, file));
  put(dir, 'pnpm-workspace.yaml', 'packages:\n  - packages/*\n');
  put(dir, 'package.json', JSON.stringify({ name: 'planted', private: true, type: 'module' }));
  cpSync(join(root, 'packages/cli/tsconfig.json'), join(dir, 'packages/cli/tsconfig.json'));
  const exports = { '.': { types: './dist/index.d.ts', default: './dist/index.js' } };
  put(
    dir,
    'packages/cli/package.json',
    JSON.stringify({ name: '@tracecore/cli', type: 'module', exports, ...manifest }),
  );
  put(dir, 'packages/cli/src/index.ts', "export { used } from './used.js';\n");
  put(dir, 'packages/cli/src/used.ts', 'export const used = 1;\n');
  return dir;
}

function plantPackage(dir: string, place: string, name: string, tag: string, depends: string[]): void {
  const dependencies = Object.fromEntries(depends.map((one) => [`@tracecore/${one}`, 'workspace:*']));
  const exports = { '.': { types: './dist/index.d.ts', default: './dist/index.js' } };
  put(dir, `${place}/package.json`, JSON.stringify({ name, version: '0.1.0', type: 'module', exports, dependencies }));
  put(dir, `${place}/turbo.json`, JSON.stringify({ extends: ['//'], tags: [tag] }));
  const imports = depends.map((one) => `import '@tracecore/${one}';\n`).join('');
  put(dir, `${place}/src/index.ts`, `${imports}export const low = 1;\n`);
  put(dir, `${place}/dist/index.js`, 'export const low = 1;\n');
  for (const one of depends) link(dir, place, one);
}

function link(dir: string, place: string, name: string): void {
  const scope = join(dir, place, 'node_modules', '@tracecore');
  mkdirSync(scope, { recursive: true });
  symlinkSync(join(dir, 'packages', name), join(scope, name), 'dir');
}

function put(dir: string, file: string, content: string): void {
  mkdirSync(dirname(join(dir, file)), { recursive: true });
  writeFileSync(join(dir, file), content);
}

function emptyFolder(): string {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'tracecore-checks-')));
  made.push(dir);
  return dir;
}
