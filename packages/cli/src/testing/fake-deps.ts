import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCli } from '../cli.js';
import type { Deps, Io, Loaders } from '../deps.js';

/** A terminal that remembers. */
export interface Recorded {
  code: number;
  stdout: string;
  stderr: string;
}

const unused = async (): Promise<never> => {
  throw new Error('this command should not load that package');
};

/** Loaders that fail, so that a test says which packages a command may load. */
const NO_LOADERS: Loaders = {
  runner: unused,
  store: unused,
  runIndex: unused,
  tasks: unused,
  taskChecks: unused,
  artifact: unused,
  bundle: unused,
  ledger: unused,
  leaderboard: unused,
  queue: unused,
  confine: unused,
};

/** Runs the command line in this process. */
export async function runCli(
  argv: readonly string[],
  options: { io?: Partial<Io>; deps?: Partial<Deps> } = {},
): Promise<Recorded> {
  let [stdout, stderr] = ['', ''];
  const io: Io = {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    isTTY: false,
    env: {},
    cwd: '/',
    onInterrupt: () => () => undefined,
    ...options.io,
  };
  const deps: Deps = { io, version: '9.9.9', builtinRoot: '/nowhere', load: NO_LOADERS, ...options.deps };
  return { code: await createCli(deps).run(argv), stdout, stderr };
}

/** Runs `body` with a new folder and removes the folder afterwards. */
export async function withFolder<T>(body: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'tracecore-cli-'));
  try {
    return await body(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
