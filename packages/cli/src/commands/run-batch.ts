import type { BatchPlan, BatchShard } from '@tracecore/spec';
import type { BatchStore } from '@tracecore/store';
import { parseCount } from '../argv.js';
import { openLocalEngine, usualWorkers } from '../batch/engine.js';
import { type Loaded, loadJobs, planJobs } from '../batch/load-batch.js';
import { playBatch } from '../batch/play-batch.js';
import { readWanted } from '../batch/read-wanted.js';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError } from '../error.js';
import { readSettings } from '../plan.js';
import { openQueueEngine, requireQueueOptions } from '../queue/engine.js';
import { withStore } from '../with-index.js';
import { findWorkspace, type Workspace } from '../workspace.js';

const MOST_WORKERS = 1_024;
/** What a batch was planned with, and a resume takes from its plan. */
const PLANNED = [
  'batch-file',
  'all',
  'agent',
  'task',
  'seeds',
  'seed',
  'timeout',
  'isolation',
  'env',
  'strict-spec',
  'shard',
];

/** `run batch`: plans many episodes, or goes on with a batch, and plays them on this machine. */
export async function runBatchCommand(deps: Deps, input: CommandInput): Promise<number> {
  const resumed = input.text('resume');
  const clash = resumed === undefined ? undefined : PLANNED.find((option) => input.has(option));
  if (clash !== undefined) {
    throw new CliError('USAGE', `--${clash} and --resume exclude each other: a batch is played as it was planned`);
  }
  requireQueueOptions(input);
  const workers = readWorkers(input);
  const retries = parseCount('retry', 'tries', input.text('retry') ?? '2');
  const maxFailures = readMaxFailures(input);
  const shard = readShard(input.text('shard'));
  const workspace = await findWorkspace(deps.io, input.text('root'));
  const { openBatches } = await deps.load.store();
  const limits = { workers, retries, maxFailures };
  return withStore(deps, workspace, (store) =>
    playOrResume(deps, workspace, input, { batches: openBatches(workspace.home, store), resumed, shard, limits }),
  );
}

interface Asked {
  batches: BatchStore;
  /** The batch to go on with; absent for a new one. */
  resumed: string | undefined;
  shard: BatchShard | null;
  limits: { workers: number; retries: number; maxFailures: number | undefined };
}

async function playOrResume(
  deps: Deps,
  workspace: Workspace,
  input: CommandInput,
  { batches, resumed, shard, limits: { workers, retries, maxFailures } }: Asked,
): Promise<number> {
  const planned = resumed === undefined ? await planOf(deps, workspace, input, shard) : null;
  const batch = planned ? await batches.create(planned.plan) : await batches.open(resumed as string);
  try {
    const { options, jobs } = batch.plan;
    if (options.runtime !== deps.version) {
      throw new CliError(
        'USAGE',
        `this batch was planned by tracecore ${options.runtime}, which stands in its artifacts, and this is ${deps.version}; go on with ${options.runtime}, or start a new batch`,
      );
    }
    const loaded = planned?.loaded ?? (await loadJobs(deps, workspace, jobs, options));
    const settings = { workers, retries, jobs: jobs.length, options };
    const opened = input.has('queue')
      ? await openQueueEngine(deps, workspace, input, { loaded, retries, plan: batch.plan })
      : await openLocalEngine(deps, workspace, loaded, settings);
    const limit = maxFailures === undefined ? {} : { maxFailures };
    return await playBatch(deps, workspace, input, { batch, opened, ...limit });
  } finally {
    await batch.close();
  }
}

async function planOf(
  deps: Deps,
  workspace: Workspace,
  input: CommandInput,
  shard: BatchShard | null,
): Promise<{ plan: BatchPlan; loaded: Loaded }> {
  const { isolation, env, strictSpec } = readSettings(input);
  const options = {
    ...{ isolation, env: [...env], strict_spec: strictSpec },
    minimum: workspace.config.isolation.minimum,
    runtime: deps.version,
  };
  const wanted = await readWanted(deps, input, workspace.config);
  const { jobs, loaded } = await planJobs(deps, workspace, wanted, options);
  const { planHash, shardOf } = await deps.load.runner();
  const { newBatchId } = await deps.load.store();
  const now = new Date();
  const plan: BatchPlan = {
    ...{ batch_version: 1, batch_id: newBatchId(now), created_at: now.toISOString() },
    ...{ plan_hash: planHash(jobs), shard, options, jobs: shard === null ? jobs : shardOf(jobs, shard) },
  };
  return { plan, loaded };
}

function readWorkers(input: CommandInput): number {
  const text = input.text('workers');
  if (text === undefined) return usualWorkers();
  const workers = parseCount('workers', 'workers', text);
  if (workers >= 1 && workers <= MOST_WORKERS) return workers;
  throw new CliError('USAGE', `--workers must be from 1 to ${MOST_WORKERS}, got "${text}"`);
}

function readMaxFailures(input: CommandInput): number | undefined {
  const text = input.text('max-failures');
  if (text === undefined) return undefined;
  const count = parseCount('max-failures', 'failures', text);
  if (count >= 1) return count;
  throw new CliError('USAGE', '--max-failures must be 1 or more');
}

function readShard(text: string | undefined): BatchShard | null {
  if (text === undefined) return null;
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.map(Number) ?? [];
  if (index !== undefined && count !== undefined && index >= 1 && index <= count) return { index, count };
  throw new CliError('USAGE', `--shard must be I/N with I from 1 to N, such as 1/3, got "${text}"`);
}
