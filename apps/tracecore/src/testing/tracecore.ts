import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The file that npm links as `tracecore`. */
export const BIN = fileURLToPath(new URL('../../bin/tracecore.js', import.meta.url));

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface Place {
  cwd: string;
  env?: Record<string, string>;
}

/** Runs the built command line as a process of its own. */
export function tracecore(argv: readonly string[], { cwd, env = {} }: Place): Finished {
  const result = spawnSync(process.execPath, [BIN, ...argv], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: cwd, ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** Starts it without waiting. */
export function startTracecore(argv: readonly string[], { cwd, env = {} }: Place) {
  return spawn(process.execPath, [BIN, ...argv], { cwd, env: { PATH: process.env.PATH, HOME: cwd, ...env } });
}

/** Runs `body` with a new folder and removes the folder afterwards. */
export async function withFolder<T>(body: (dir: string) => Promise<T>): Promise<T> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'tracecore-app-')));
  try {
    return await body(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Every file below a folder but the bundle cache and the user's key for it, as sorted relative paths. */
export async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files
    .map((file) => file.slice(dir.length + 1))
    .filter((file) => !file.startsWith(join('.agent_bench', 'cache')) && !file.startsWith(join('.local', 'state')))
    .sort();
}

/** The only run file of a folder's `.agent_bench`. */
export async function onlyRun(dir: string): Promise<string> {
  const runs = (await filesIn(dir)).filter((file) => file.startsWith(join('.agent_bench', 'runs')));
  if (runs.length !== 1) throw new Error(`expected one run file, found ${runs.join(', ') || 'none'}`);
  return join(dir, runs[0] as string);
}

/** An agent that does the same thing for ever. */
export const IDLE_AGENT = `export default { act: () => ({ type: 'poll_stream', args: { cursor: 0 } }) };\n`;
