import type { AttemptLine, BatchJob, BatchPlan } from '@tracecore/spec';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planHash } from './job-id.js';
import { resultsOf } from './job-result.js';
import { mergeShards, shardOf } from './shards.js';
import { summarizeBatch } from './summarize.js';
import { jobsOf, lineOf } from './testing/batches.js';

const journalOf = (jobs: readonly BatchJob[]): AttemptLine[] =>
  jobs.map((job) => lineOf(job, { success: job.seed % 3 !== 0, wall_clock_s: job.seed, elapsed_s: job.seed }));

function recordOf(all: readonly BatchJob[], index: number, count: number) {
  const shard = count === 1 ? null : { index, count };
  const jobs = shard === null ? [...all] : shardOf(all, shard);
  const plan = { batch_id: `batch-${index}`, plan_hash: planHash(all), shard, jobs } as unknown as BatchPlan;
  return { plan, lines: journalOf(jobs) };
}

describe('shards', () => {
  test('take every job once, and merged are what one machine would have', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.integer({ min: 1, max: 7 }), (total, count) => {
        const jobs = jobsOf(total);
        const records = Array.from({ length: count }, (_, at) => recordOf(jobs, at + 1, count));
        const { results, elapsedS } = mergeShards([...records].reverse());
        expect(results).toEqual(resultsOf(jobs, journalOf(jobs)));
        expect(elapsedS).toBe(Math.max(0, total - 1));
        expect(summarizeBatch(results, 1)).toEqual(summarizeBatch(resultsOf(jobs, journalOf(jobs)), 1));
      }),
    );
  });

  const jobs = jobsOf(7);
  const [first, second, third] = [1, 2, 3].map((index) => recordOf(jobs, index, 3)) as [
    ReturnType<typeof recordOf>,
    ReturnType<typeof recordOf>,
    ReturnType<typeof recordOf>,
  ];

  test.each([
    ['that are missing', [second], 'of 3 shards 1/3, 3/3 are missing'],
    ['that are there twice', [first, second, third, second], 'batch-2 and batch-2 are both shard 2/3'],
    ['of another plan', [first, recordOf(jobsOf(8), 2, 3)], 'batch-2 is no shard of the plan of batch-1'],
    ['cut in another way', [first, recordOf(jobs, 2, 2)], 'but shard 2/2 of another'],
    ['of nothing', [], 'expected one batch or more'],
  ])('%s are refused', (_, records, message) => {
    expect(() => mergeShards(records)).toThrow(message);
  });

  test('whose jobs were changed are refused', () => {
    const changed = { ...third, plan: { ...third.plan, jobs: third.plan.jobs.slice(1) } };
    expect(() => mergeShards([first, second, changed])).toThrow('a plan.json was changed');
  });
});
