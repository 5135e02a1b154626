import type { BatchJob } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import { RunnerError } from '../error.js';
import { createLocalEngine, type LocalEngineOptions } from './local-engine.js';
import { artifactOf, jobsOf } from './testing/batches.js';
import type { BatchAttempt } from './types.js';

const never = new AbortController().signal;

/** Plays `jobs` and gives each attempt as `seed: what it came to`. */
async function attemptsOf(jobs: readonly BatchJob[], options: Partial<LocalEngineOptions>) {
  const seen: string[] = [];
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  const engine = createLocalEngine({ play: async (job) => artifactOf(job), workers: 2, wait, ...options });
  const report = async ({ job, outcome, final }: BatchAttempt) => {
    const what = outcome.kind === 'artifact' ? 'artifact' : outcome.code;
    seen.push(`${job.seed}: ${what}${final ? '' : ', again'}`);
  };
  await engine.run(jobs, report, never);
  return { seen, waits };
}

describe('the local engine', () => {
  test('reports one final attempt for each job', async () => {
    const { seen } = await attemptsOf(jobsOf(5), {});
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4].map((seed) => `${seed}: artifact`));
  });

  test('plays so many jobs at once, and no more', async () => {
    let [now, most] = [0, 0];
    const play = async (job: BatchJob) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      now -= 1;
      return artifactOf(job);
    };
    await attemptsOf(jobsOf(20), { play, workers: 3 });
    expect(most).toBe(3);
  });

  test('tries a failure of the machinery again, waiting longer each time, and gives up', async () => {
    const play = async () => {
      throw new RunnerError('WORKER_FAILED', 'gone');
    };
    const { seen, waits } = await attemptsOf(jobsOf(1), { play, retries: 2 });
    expect(seen).toEqual(['0: WORKER_FAILED, again', '0: WORKER_FAILED, again', '0: WORKER_FAILED']);
    expect(waits).toEqual([250, 500]);
  });

  test('takes what comes after a failure that passed', async () => {
    let tries = 0;
    const play = async (job: BatchJob) => {
      tries += 1;
      if (tries === 1) throw Object.assign(new Error('no memory'), { code: 'ENOMEM' });
      return artifactOf(job);
    };
    expect((await attemptsOf(jobsOf(1), { play })).seen).toEqual(['0: ENOMEM, again', '0: artifact']);
  });

  test.each([
    [new RunnerError('TASK_INVALID', 'broken'), '0: TASK_INVALID'],
    [new RunnerError('BATCH_CHANGED', 'other code'), '0: BATCH_CHANGED'],
  ])('gives up at once on what would be so again: %s', async (error, seen) => {
    const play = async () => {
      throw error;
    };
    expect((await attemptsOf(jobsOf(1), { play })).seen).toEqual([seen]);
  });

  test('begins no job after it was told to stop, and says nothing of those that were cut off', async () => {
    const stop = new AbortController();
    const begun: number[] = [];
    const reported: number[] = [];
    const play = async (job: BatchJob) => {
      begun.push(job.seed);
      if (job.seed < 3) return artifactOf(job);
      stop.abort();
      throw new RunnerError('RUNNER_CLOSED', 'closed');
    };
    await createLocalEngine({ play, workers: 1 }).run(
      jobsOf(9),
      async ({ job }) => void reported.push(job.seed),
      stop.signal,
    );
    expect([begun, reported]).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2],
    ]);
  });

  test('goes on while reports are written, but holds a bounded number of them', async () => {
    let [open, most] = [0, 0];
    const waiting: (() => void)[] = [];
    const flush = () => {
      for (const write of waiting.splice(0)) write();
    };
    const engine = createLocalEngine({ play: async (job) => artifactOf(job), workers: 2 });
    const report = () => {
      open += 1;
      most = Math.max(most, open);
      return new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (open >= 64) setImmediate(flush);
      }).finally(() => {
        open -= 1;
      });
    };
    const ran = engine.run(jobsOf(300), report, never);
    const ticks = setInterval(flush, 20);
    await ran;
    clearInterval(ticks);
    expect(most).toBeGreaterThan(2);
    expect(most).toBeLessThanOrEqual(66);
  });

  test('ends with what a report was rejected with, and begins nothing more', async () => {
    let begun = 0;
    const play = async (job: BatchJob) => {
      begun += 1;
      return artifactOf(job);
    };
    const report = async () => {
      throw new Error('disk full');
    };
    await expect(createLocalEngine({ play, workers: 2 }).run(jobsOf(500), report, never)).rejects.toThrow('disk full');
    expect(begun).toBeLessThan(20);
  });
});
