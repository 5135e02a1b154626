import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { LoadedAgent, Loader } from '@tracecore/runner';
import type { BatchJob, BatchPlan } from '@tracecore/spec';
import type { LoadedTask, TaskFolder } from '@tracecore/tasks';
import { findAgent, readEnvironment } from '../bench.js';
import type { Deps } from '../deps.js';
import { describeError, isCoded } from '../error.js';
import { findTask, isTaskPath, openTasks, reportFaults } from '../find-task.js';
import { budgetsFor } from '../plan.js';
import type { Workspace } from '../workspace.js';
import { refuseAll } from './faults.js';
import type { Wanted } from './read-wanted.js';

/** The programs of a batch, each loaded once. */
export interface Loaded {
  /** By what jobs call them. */
  agents: ReadonlyMap<string, LoadedAgent>;
  /** By reference. */
  tasks: ReadonlyMap<string, LoadedTask>;
}

type Options = Pick<BatchPlan['options'], 'isolation' | 'env'>;

/**
 * Makes jobs of what was asked for, in its order, and loads their programs.
 * @throws {CliError} USAGE, after every fault was named.
 */
export async function planJobs(
  deps: Deps,
  workspace: Workspace,
  wanted: readonly Wanted[],
  options: Options,
): Promise<{ jobs: BatchJob[]; loaded: Loaded }> {
  const faults: string[] = [];
  const guard = faultsInto(faults);
  const registry = await openTasks(deps, workspace);
  const folders = new Map<string, TaskFolder | null>();
  for (const { task, place } of wanted) {
    if (!folders.has(task)) folders.set(task, await guard(place, () => findTask(deps, registry, task)));
  }
  reportFaults(deps, registry);
  const loading = await openLoading(deps, workspace, options, [...folders.values()]);
  const { batchJob } = await deps.load.runner();
  const jobs = new Map<string, { job: BatchJob; place: string }>();
  for (const one of wanted) {
    const folder = folders.get(one.task) ?? null;
    const agent = await guard(one.place, () => loading.agent(one));
    const task = folder && (await guard(one.place, () => loading.task(folder)));
    if (agent === null || folder === null || task === null) continue;
    const budgets = await guard(one.place, async () => budgetsFor({ seed: 0, ...one }, folder.manifest));
    if (budgets === null) continue;
    for (const seed of one.seeds) {
      const job = batchJob({
        ...{ agent: agent.name, agent_hash: agent.loaded.hash, task_ref: task.ref, task_hash: task.hash },
        ...(isTaskPath(one.task) ? { task_dir: pathFrom(workspace.root, folder.dir) } : {}),
        ...{ seed, budgets },
      });
      const other = jobs.get(job.id);
      if (other === undefined) jobs.set(job.id, { job, place: one.place });
      else faults.push(duplicateOf(job, one.place, other.place));
    }
  }
  if (faults.length > 0) throw refuseAll(deps, 'the batch', faults);
  return { jobs: [...jobs.values()].map(({ job }) => job), loaded: loading };
}

/**
 * Loads the programs of jobs that were planned before.
 * @throws {CliError} USAGE, after every program that is missing, or is not what it was, was named.
 */
export async function loadJobs(
  deps: Deps,
  workspace: Workspace,
  jobs: readonly BatchJob[],
  options: Options,
): Promise<Loaded> {
  const faults: string[] = [];
  const guard = faultsInto(faults);
  const registry = await openTasks(deps, workspace);
  const folders = new Map<string, TaskFolder | null>();
  for (const { task_ref: ref, task_dir: dir } of jobs) {
    if (folders.has(ref)) continue;
    folders.set(ref, await guard('', () => findTask(deps, registry, dir ? resolve(workspace.root, dir) : ref)));
  }
  const loading = await openLoading(deps, workspace, options, [...folders.values()]);
  const { requireSame } = await deps.load.runner();
  const seen = new Set<string>();
  for (const job of jobs) {
    const key = JSON.stringify([job.agent, job.task_ref]);
    if (seen.has(key)) continue;
    seen.add(key);
    const folder = folders.get(job.task_ref) ?? null;
    const from = { agentFolders: [workspace.root, deps.builtinRoot], commandFolder: workspace.root };
    const agent = await guard('', () => loading.agent({ agent: job.agent, ...from }));
    const task = folder && (await guard('', () => loading.task(folder)));
    if (agent && task) await guard('', async () => requireSame(job, agent.loaded.hash, task.hash));
  }
  if (faults.length > 0) throw refuseAll(deps, 'the batch', [...new Set(faults)]);
  return loading;
}

type AskedAgent = Pick<Wanted, 'agent' | 'agentFolders' | 'commandFolder'>;

async function openLoading(
  deps: Deps,
  workspace: Workspace,
  { isolation, env }: Options,
  folders: readonly (TaskFolder | null)[],
) {
  const { createLoader } = await deps.load.runner();
  const loader: Loader = createLoader({
    workspaceRoot: workspace.root,
    cacheDir: workspace.cacheDir,
    env: readEnvironment(deps, env),
    read: workspace.config.isolation.read,
    // No agent sees into any task of the batch.
    hide: [workspace.home, ...workspace.config.taskRoots, ...folders.flatMap((folder) => folder?.dir ?? [])],
  });
  const agents = new Map<string, LoadedAgent>();
  const tasks = new Map<string, LoadedTask>();
  const byFile = new Map<string, { name: string; loaded: LoadedAgent }>();

  async function agent(asked: AskedAgent): Promise<{ name: string; loaded: LoadedAgent }> {
    const file = await findAgent(asked);
    const key = JSON.stringify([file, asked.commandFolder]);
    const known = byFile.get(key);
    if (known) return known;
    const loaded = await loader.agent(file, {
      cwd: asked.commandFolder,
      ...(isolation === null ? {} : { isolation }),
    });
    const name = file.startsWith('cmd:') ? loaded.ref : nameOf(file, workspace.root, deps.builtinRoot);
    const found = { name, loaded };
    byFile.set(key, found);
    agents.set(name, loaded);
    return found;
  }

  async function task(folder: TaskFolder): Promise<LoadedTask> {
    const loaded = tasks.get(folder.ref) ?? (await loader.task(folder));
    tasks.set(folder.ref, loaded);
    return loaded;
  }

  return { agents, tasks, agent, task };
}

/** A file's path from the workspace, else from the runtime's own folder, else from the workspace whichever way it goes. */
function nameOf(file: string, root: string, builtinRoot: string): string {
  const inside = [root, builtinRoot]
    .map((folder) => relative(folder, file))
    .find((path) => !/^\.\.([\\/]|$)/.test(path));
  return (inside === undefined || isAbsolute(inside) ? relative(root, file) : inside).split(sep).join('/');
}

function pathFrom(root: string, dir: string): string {
  return relative(root, dir).split(sep).join('/') || '.';
}

function faultsInto(faults: string[]) {
  return async <T>(place: string, body: () => Promise<T>): Promise<T | null> => {
    try {
      return await body();
    } catch (error) {
      if (!isCoded(error) && !(error instanceof Error && error.name === 'CliError')) throw error;
      faults.push(`${place ? `${place}: ` : ''}${describeError(error, false)}`);
      return null;
    }
  };
}

function duplicateOf({ agent, task_ref, seed }: BatchJob, place: string, other: string): string {
  const where =
    place === '' ? 'is asked for twice' : place === other ? `is in ${place} twice` : `is in ${other} and ${place}`;
  return `${agent} on ${task_ref} with seed ${seed} ${where}; a job is played once, its result would be the same`;
}
