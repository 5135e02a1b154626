import { availableParallelism } from 'node:os';
import type { BatchEngine, Runner } from '@tracecore/runner';
import type { BatchJob, BatchPlan } from '@tracecore/spec';
import { warnOnce } from '../bench.js';
import type { Deps } from '../deps.js';
import { bareWarning } from '../render/isolation.js';
import { confinementOf, type Workspace } from '../workspace.js';
import type { Loaded } from './load-batch.js';

/** What plays a batch, and how it is ended. */
export interface OpenedEngine {
  engine: BatchEngine;
  /** Ends whatever is being played. */
  close(): Promise<void>;
  /** What a resume needs to play at the same place; nothing for this machine. */
  resumeWith?: string;
}

export interface EngineSettings {
  workers: number;
  retries: number;
  /** How many jobs are to be played. */
  jobs: number;
  options: BatchPlan['options'];
}

/** Episodes at once, where nobody says how many. */
export function usualWorkers(): number {
  return Math.min(availableParallelism(), MOST_WORKERS_BY_DEFAULT);
}

const MOST_WORKERS_BY_DEFAULT = 8;
/** So many jobs each are over before a worker that compiles its engine in two passes has caught up. */
const FEW_JOBS_PER_WORKER = 32;

/** The engine of this machine: a worker process for each episode that is played at once. */
export async function openLocalEngine(
  deps: Deps,
  workspace: Workspace,
  { agents, tasks }: Loaded,
  { workers, retries, jobs, options }: EngineSettings,
): Promise<OpenedEngine> {
  const { createRunner, createLocalEngine } = await deps.load.runner();
  const quickStart = jobs <= workers * FEW_JOBS_PER_WORKER;
  const runner: Runner = createRunner({ quickStart, workers, ...confinementOf(workspace) });
  const warn = warnOnce(deps);
  for (const { notice } of agents.values()) warn(notice ?? null);
  const { minimum } = workspace.config.isolation;
  const asked = {
    ...(options.isolation === null ? {} : { isolation: options.isolation }),
    ...(options.strict_spec ? { minimumLevel: minimum } : {}),
  };
  const play = async ({ agent, task_ref, seed, budgets }: BatchJob) => {
    const [loaded, task] = [agents.get(agent), tasks.get(task_ref)];
    if (!loaded || !task) throw new Error(`${agent} or ${task_ref} was not loaded`);
    const artifact = await runner.run({ agent: loaded, task, seed, budgets, ...asked });
    if (!options.strict_spec) warn(bareWarning(artifact));
    return artifact;
  };
  return { engine: createLocalEngine({ play, workers, retries }), close: () => runner.close() };
}
