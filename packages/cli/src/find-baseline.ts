import { isAbsolute, join, posix, resolve } from 'node:path';
import { type Artifact, parseArtifact } from '@tracecore/spec';
import type { Deps } from './deps.js';
import { CliError } from './error.js';
import { findBundle, requireBundle } from './find-bundle.js';
import type { Plan } from './plan.js';
import { readRecord } from './read-record.js';
import { readTrusted } from './read-trusted.js';
import { printable } from './render/printable.js';
import { isThere, shownPath, type Workspace } from './workspace.js';

/** A recorded episode that is to be played again or gone on from. */
export interface Baseline {
  artifact: Artifact;
  /** Its file or its bundle, as a reader would type it. */
  shown: string;
  /** Whether it is a run of this workspace, whose agents may be trusted as far as those of any command here. */
  own: boolean;
}

/**
 * The baseline that a run id, the beginning of one, `latest`, or a file names.
 * @throws {CliError} USAGE. @throws {StoreError} when there is none. @throws {RunnerError} BASELINE_CHANGED.
 */
export async function findBaseline(deps: Deps, workspace: Workspace, ref: string): Promise<Baseline> {
  const { artifact, text, path, own } = await readRecord(deps, workspace, ref);
  (await deps.load.runner()).requireSealed(artifact, text);
  return { artifact, own, shown: shownPath(path, deps.io.cwd) };
}

/** Whose signatures count on a bundle: as `bundle verify` takes it. */
export interface TrustOptions {
  keys: readonly string[];
  folder: string | undefined;
}

/**
 * The baseline in a bundle, which must verify.
 * @throws {CliError} USAGE when there is no such bundle, a check of it fails, or it has no artifact.
 */
export async function baselineInBundle(
  deps: Deps,
  workspace: Workspace,
  named: string,
  { keys, folder }: TrustOptions,
): Promise<Baseline> {
  const dir = await findBundle(deps, workspace, named);
  const shown = shownPath(dir, deps.io.cwd);
  const trust = await readTrusted(deps, workspace, { keys, folder, bundle: dir });
  const { report, artifact } = await (await deps.load.bundle()).openBundle(dir, { trust });
  requireBundle(shown, report);
  const failed = report.checks.find(({ status }) => status === 'fail');
  if (failed !== undefined) {
    throw new CliError(
      'USAGE',
      `${shown} does not verify, so it is no baseline: ${failed.check} ${failed.code} ${failed.message}; tracecore bundle verify shows every check`,
    );
  }
  if (artifact === null) {
    throw new CliError(
      'USAGE',
      `${shown} has no artifact.json, as the Python runtime writes bundles; give the run file`,
    );
  }
  return { artifact: parseArtifact(artifact.value), own: false, shown };
}

/**
 * The agent that a baseline names, looked for in the workspace, here and among the built-in ones.
 * @throws {CliError} USAGE when it is not there, or when a record from elsewhere would have a command run.
 */
export async function agentOf(
  { io, builtinRoot }: Deps,
  { root }: Workspace,
  { artifact, own, shown }: Baseline,
): Promise<Pick<Plan, 'agent' | 'agentFolders' | 'commandFolder'>> {
  const agent = artifact.agent_ref;
  const named = printable(agent);
  if (agent.startsWith('cmd:')) {
    if (own) return { agent, agentFolders: [], commandFolder: root };
    throw new CliError(
      'USAGE',
      `${shown} does not come from this workspace and names a command as its agent: ${named}; if you mean to run it, say so with --agent`,
    );
  }
  const agentFolders = [root, io.cwd, builtinRoot];
  // A record is anybody's: only what lies below these folders is looked for.
  const inside = agent === posix.normalize(agent) && !agent.startsWith('..') && !isAbsolute(agent);
  for (const folder of agentFolders) if (inside && (await isThere(join(folder, agent)))) return { agent, agentFolders };
  throw new CliError('USAGE', `the agent of ${shown}, ${named}, is not here; name the one to play with --agent FILE`);
}

/**
 * The task that a baseline names, or the folder that holds it.
 * @throws {CliError} USAGE for a folder of another task. @throws {TasksError}
 */
export async function taskOf({ io, load }: Deps, { artifact }: Baseline, dir: string | undefined): Promise<string> {
  if (dir === undefined) return artifact.task_ref;
  const folder = resolve(io.cwd, dir);
  const { ref } = await (await load.tasks()).readTaskFolder(folder);
  if (ref === artifact.task_ref) return folder;
  throw new CliError('USAGE', `--task must be the folder of ${artifact.task_ref}, got ${ref}`);
}
