import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { JsonObject } from '@tracecore/spec';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COUNTER_TASK } from '../testing/counter-task.js';
import { kitModules } from '../testing/workspace.js';

const PROBES = ['isolate-probe.ts', 'node-probe.ts', 'shared.ts', 'python_probe.py'];
const here = dirname(fileURLToPath(import.meta.url));
const script = join(here, 'testing', 'play.mjs');
const run = promisify(execFile);
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0;
if (!hasPython) console.log('five-environments.test: Python left out, there is no python3 of version 3.10 or newer');
/** Another Node than the one this runs on; scripts/test-on-node.mjs names the one it was started with. */
const otherNode = process.env.TRACECORE_OTHER_NODE;

interface Played {
  hash: string;
  failure: string;
  actions: { args: { x: JsonObject } }[];
}
interface Environment {
  env?: Record<string, string>;
  cwd?: string;
  node?: string | undefined;
  busy?: boolean;
}

const ENVIRONMENTS: Record<string, Environment> = {
  'another time zone': { env: { TZ: 'Asia/Kolkata' } },
  'another locale': { env: { LANG: 'tr_TR.UTF-8', LC_ALL: 'de_DE.UTF-8', LANGUAGE: 'tr', LC_TIME: 'de_DE' } },
  'another working folder': { cwd: '/' },
  'a busy machine': { busy: true },
  'another Node': { node: otherNode },
};

let workspace: string;
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'tracecore-determinism-'));
  await mkdir(join(workspace, 'counter'));
  for (const [name, text] of Object.entries(COUNTER_TASK)) await writeFile(join(workspace, 'counter', name), text);
  await writeFile(join(workspace, 'modules.json'), JSON.stringify(await kitModules()));
  for (const name of PROBES) await copyFile(join(here, 'testing', name), join(workspace, name));
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

async function play(probe: string, host: string, { env = {}, cwd, node, busy }: Environment = {}): Promise<Played> {
  const load = busy ? keepBusy() : [];
  try {
    const { stdout } = await run(node ?? process.execPath, [script, workspace, join(workspace, probe), host], {
      cwd: cwd ?? workspace,
      env: { ...process.env, ...env },
      maxBuffer: 2 ** 24,
    });
    return JSON.parse(stdout);
  } finally {
    for (const child of load) child.kill('SIGKILL');
  }
}

/** Processes that keep a core each, and end by themselves should nobody end them. */
function keepBusy(): ChildProcess[] {
  const spin = 'const end = Date.now() + 60_000; while (Date.now() < end);';
  return [1, 2, 3].map(() => spawn(process.execPath, ['-e', spin], { stdio: 'ignore' }));
}

const seenBy = ({ actions }: Played) => actions.map(({ args }) => args.x);

describe.each([
  ['an isolate', 'isolate-probe.ts', 'isolate'],
  ['a process with Node', 'node-probe.ts', 'process'],
  ...(hasPython ? [['a process with Python', 'python_probe.py', 'process']] : []),
] as [string, string, string][])('in %s a program sees the same', (_host, probe, host) => {
  let plain: Played;
  beforeAll(async () => {
    plain = await play(probe, host);
    expect(plain).toMatchObject({ failure: 'tool_calls_exhausted', actions: [{ type: 'mixed' }, { type: 'mixed' }] });
  }, 180_000);

  test.for(Object.entries(ENVIRONMENTS))(
    'in %s [REQ-DET-01]',
    { timeout: 60_000 },
    async ([, environment], context) => {
      if ('node' in environment && otherNode === undefined) context.skip('TRACECORE_OTHER_NODE names no other Node');
      const other = await play(probe, host, environment);
      expect(seenBy(other)).toEqual(seenBy(plain));
      expect(other).toEqual(plain);
    },
  );
});

test.each([
  ['isolate-probe', 'isolate'],
  ['node-probe', 'process'],
])(
  'what %s sees is what it saw when this was written, on any Node and machine [REQ-DET-01]',
  async (name, host) => {
    const played = await play(`${name}.ts`, host);
    // Columns in a stack move with every change of the kit.
    const text = JSON.stringify(seenBy(played), (key, value) => (key === 'stack' ? undefined : value), 1);
    await expect(`${text}\n`).toMatchFileSnapshot(`./testing/${name}.seen.txt`);
  },
  60_000,
);

test('an isolate and Node agree on dates, chance and what engines agree on', async () => {
  const [isolate, node] = await Promise.all([play('isolate-probe.ts', 'isolate'), play('node-probe.ts', 'process')]);
  expect(seenBy(node).map(({ shared }) => shared)[0]).toEqual(seenBy(isolate).map(({ shared }) => shared)[0]);
}, 180_000);
