import { access } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Confinement } from '@tracecore/sandbox/confine';
import { NO_CONFIG, readConfig, type WorkspaceConfig } from './config.js';
import type { Io } from './deps.js';

/** The folder that runs are kept in, inside the workspace. */
const HOME = '.agent_bench';
const CONFIG_FILES = ['tracecore.toml', 'agent-bench.toml'];

/** Where a command works: what the paths of agents are relative to, and where runs are kept. */
export interface Workspace {
  root: string;
  /** The `.agent_bench` folder, or what `--root` or TRACECORE_HOME put in its place. It may not exist yet. */
  home: string;
  /** Where bundles are kept between runs; it may go at any time. */
  cacheDir: string;
  config: WorkspaceConfig;
}

/**
 * Finds the workspace: the nearest folder from the working folder upward with a config file, else the working folder.
 * @param rootOption the value of `--root`; it wins over TRACECORE_HOME.
 * @throws {CliError} CONFIG_INVALID
 */
export async function findWorkspace({ cwd, env }: Io, rootOption: string | undefined): Promise<Workspace> {
  const file = await findConfigFile(resolve(cwd));
  const root = file === null ? resolve(cwd) : dirname(file);
  const config = file === null ? NO_CONFIG : await readConfig(file);
  const home = homeOf(cwd, root, rootOption, env.TRACECORE_HOME);
  return { root, home, cacheDir: join(home, 'cache', 'bundles'), config };
}

/** A path as a reader at `cwd` would type it: relative below it, absolute elsewhere. */
export function shownPath(path: string, cwd: string): string {
  const from = relative(cwd, path);
  return from === '' || from.startsWith('..') || from.startsWith(sep) ? path : from;
}

function homeOf(cwd: string, root: string, option: string | undefined, variable: string | undefined): string {
  if (option !== undefined) return join(resolve(cwd, option), HOME);
  return variable ? resolve(cwd, variable) : join(root, HOME);
}

async function findConfigFile(from: string): Promise<string | null> {
  for (const name of CONFIG_FILES) {
    const file = join(from, name);
    if (await isThere(file)) return file;
  }
  const parent = dirname(from);
  return parent === from ? null : findConfigFile(parent);
}

/** The workspace's own bound on the confinement, for a runner. */
export function confinementOf({ config }: Workspace): { confinement?: Confinement } {
  const { confinement } = config.isolation;
  return confinement === undefined ? {} : { confinement };
}

export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
