import type { AttemptLine, BatchJob, BatchPlan, BatchShard } from '@tracecore/spec';
import { RunnerError } from '../error.js';
import { planHash } from './job-id.js';
import { type JobResult, resultsOf } from './job-result.js';
import { elapsedOf } from './summarize.js';

/** A batch as its folder has it. */
export interface BatchRecord {
  plan: BatchPlan;
  lines: readonly AttemptLine[];
}

/** Every `count`-th job of a plan, from the `index`-th on, whatever it costs. */
export function shardOf(jobs: readonly BatchJob[], { index, count }: BatchShard): BatchJob[] {
  return jobs.filter((_, place) => place % count === index - 1);
}

/**
 * Puts the shards of one plan together, as if one machine had played it; a batch that was never cut is its only shard.
 * @throws {RunnerError} BATCH_SHARDS_INVALID, naming those that are missing, there twice, or of another plan.
 */
export function mergeShards(records: readonly BatchRecord[]): { results: JobResult[]; elapsedS: number } {
  const [first] = records;
  if (first === undefined) throw invalid('expected one batch or more, got none');
  const count = first.plan.shard?.count ?? 1;
  const shards = new Map<number, BatchRecord>();
  for (const record of records) {
    const { batch_id, plan_hash, shard } = record.plan;
    if (plan_hash !== first.plan.plan_hash || (shard?.count ?? 1) !== count) {
      throw invalid(`${batch_id} is no shard of the plan of ${first.plan.batch_id}, but ${shown(shard)} of another`);
    }
    const index = shard?.index ?? 1;
    const other = shards.get(index);
    if (other !== undefined) throw invalid(`${other.plan.batch_id} and ${batch_id} are both ${shown(shard)}`);
    shards.set(index, record);
  }
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter((index) => !shards.has(index));
  if (missing.length > 0) {
    throw invalid(
      `of ${count} shards ${missing.map((index) => `${index}/${count}`).join(', ')} are missing; give them too`,
    );
  }
  const inOrder = [...shards].sort(([a], [b]) => a - b).map(([, record]) => record);
  const parts = inOrder.map(({ plan, lines }) => resultsOf(plan.jobs, lines));
  const results = interleave(parts);
  if (planHash(results.map(({ job }) => job)) !== first.plan.plan_hash) {
    throw invalid('the jobs of the shards are not those of the plan they were cut from; a plan.json was changed');
  }
  return { results, elapsedS: Math.max(...inOrder.map(({ lines }) => elapsedOf(lines))) };
}

/** Back to the order that `shardOf` took them from. */
function interleave<T>(parts: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...parts.map((part) => part.length));
  return Array.from({ length: longest }, (_, row) => parts.flatMap((part) => part.slice(row, row + 1))).flat();
}

function shown(shard: BatchShard | null): string {
  return shard === null ? 'a whole batch' : `shard ${shard.index}/${shard.count}`;
}

function invalid(message: string): RunnerError {
  return new RunnerError('BATCH_SHARDS_INVALID', message);
}
