import type { Artifact, BatchJob } from '@tracecore/spec';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunnerError } from '../error.js';
import { createLocalEngine } from './local-engine.js';
import { type BatchPorts, runBatch } from './run-batch.js';
import { artifactOf, FAILURE, jobsOf, MemoryKeeper } from './testing/batches.js';

const play = async (job: BatchJob) => artifactOf(job, job.seed % 4 === 3 ? FAILURE : {});
const run = (jobs: BatchJob[], ports: Partial<BatchPorts> = {}) =>
  runBatch(
    { id: 'b', jobs },
    { engine: createLocalEngine({ play, workers: 2, wait: async () => undefined }), ...ports },
  );

/** Artifacts that the journal names, by job: its hashes, and that each is there. */
function namedBy(keeper: MemoryKeeper): Map<string, string> {
  const named = new Map<string, string>();
  for (const line of keeper.lines) {
    if (line.outcome !== 'artifact') continue;
    expect(keeper.artifacts.get(line.run_id)?.artifact_hash).toBe(line.artifact_hash);
    expect(named.has(line.job)).toBe(false);
    named.set(line.job, line.artifact_hash);
  }
  return named;
}

describe('a batch', () => {
  test('gives each job its result, in the order of the plan', async () => {
    const { results, summary, stopped } = await run(jobsOf(8));
    expect(stopped).toBeNull();
    expect(results.map(({ job, state }) => [job.seed, state])).toEqual(
      Array.from({ length: 8 }, (_, seed) => [seed, seed % 4 === 3 ? 'failed' : 'passed']),
    );
    expect(summary).toMatchObject({ total: 8, passed: 6, failed: 2, failure_types: { budget_exhausted: 2 } });
  });

  test('names runs after their attempts, which changes no hash', async () => {
    const keeper = new MemoryKeeper();
    const [job] = jobsOf(1) as [BatchJob];
    await run([job], { keeper });
    const [artifact] = [...keeper.artifacts.values()] as [Artifact];
    expect(artifact.run_id).not.toBe('f'.repeat(32));
    expect(artifact.trace_id).toBe(artifact.run_id);
    expect(artifact.artifact_hash).toBe(artifactOf(job).artifact_hash);
  });

  test('killed at any write and resumed ends with the artifacts of an undisturbed one, none doubled', async () => {
    const jobs = jobsOf(12);
    const undisturbed = new MemoryKeeper();
    await run(jobs, { keeper: undisturbed });
    const expected = namedBy(undisturbed);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9), { maxLength: 8 }), async (kills) => {
        const keeper = new MemoryKeeper();
        for (const writesLeft of kills) {
          keeper.writesLeft = writesLeft;
          await run(jobs, { keeper });
        }
        keeper.writesLeft = Number.POSITIVE_INFINITY;
        const { summary, stopped } = await run(jobs, { keeper });
        expect(stopped).toBeNull();
        expect(summary).toMatchObject({ total: 12, passed: 9, failed: 3, pending: 0, retried: 0 });
        expect(namedBy(keeper)).toEqual(expected);
        expect(keeper.artifacts.size).toBe(12);
      }),
    );
  });

  test('plays nothing again that has its artifact', async () => {
    const keeper = new MemoryKeeper();
    await run(jobsOf(5), { keeper });
    const engine = { run: async () => expect.unreachable() };
    const { summary } = await run(jobsOf(5), { keeper, engine });
    expect(summary.passed + summary.failed).toBe(5);
  });

  test.each([
    ['is gone', (keeper: MemoryKeeper, id: string) => keeper.artifacts.delete(id)],
    [
      'was changed',
      (keeper: MemoryKeeper, id: string) =>
        keeper.artifacts.set(id, { ...(keeper.artifacts.get(id) as Artifact), seed: 0, steps_used: 99 }),
    ],
  ])('plays a job again whose artifact %s, and keeps the attempt', async (_, spoil) => {
    const keeper = new MemoryKeeper();
    const jobs = jobsOf(3);
    await run(jobs, { keeper });
    const line = keeper.lines.find(({ job }) => job === jobs[1]?.id) as { run_id: string } & (typeof keeper.lines)[0];
    spoil(keeper, line.run_id);
    const { results, summary } = await run(jobs, { keeper });
    expect(summary).toMatchObject({ passed: 3, retried: 1 });
    expect(results[1]).toMatchObject({ attempts: 2, line: { start: 2 } });
    const kept = keeper.lines.filter(({ job }) => job === jobs[1]?.id);
    expect(kept.map((one) => ('code' in one ? one.code : one.attempt))).toEqual([1, 'ARTIFACT_LOST', 2]);
  });

  test('takes no artifact of other inputs for a job', async () => {
    const keeper = new MemoryKeeper();
    const jobs = jobsOf(2);
    await run(jobs, { keeper });
    const [first, second] = [...keeper.artifacts] as [[string, Artifact], [string, Artifact]];
    keeper.lines = [];
    keeper.artifacts.set(first[0], second[1]);
    keeper.artifacts.set(second[0], { ...second[1], agent_hash: 'other' });
    const played: number[] = [];
    const counting = async (job: BatchJob) => {
      played.push(job.seed);
      return artifactOf(job);
    };
    await run(jobs, { keeper, engine: createLocalEngine({ play: counting, workers: 1 }) });
    expect(played).toEqual([0, 1]);
  });

  test('plays again on resume what the machinery had failed, and never counts that for the agent', async () => {
    const keeper = new MemoryKeeper();
    const broken = async () => {
      throw new RunnerError('WORKER_FAILED', 'x'.repeat(2_000));
    };
    const engine = createLocalEngine({ play: broken, workers: 1, retries: 1, wait: async () => undefined });
    const first = await run(jobsOf(2), { keeper, engine });
    expect(first.stopped).toBeNull();
    expect(first.summary).toMatchObject({ failed: 0, infrastructure: 2, infrastructure_codes: { WORKER_FAILED: 2 } });
    expect(keeper.lines.every((line) => 'message' in line && line.message.length <= 500)).toBe(true);
    const { results } = await run(jobsOf(2), { keeper });
    expect(results.map(({ state, attempts }) => [state, attempts])).toEqual([
      ['passed', 3],
      ['passed', 3],
    ]);
  });

  test('begins no job after so many failures, and can be resumed', async () => {
    const keeper = new MemoryKeeper();
    const failing = createLocalEngine({ play: async (job) => artifactOf(job, FAILURE), workers: 1 });
    const { stopped, summary } = await run(jobsOf(9), { keeper, engine: failing, maxFailures: 2 });
    expect(stopped).toBe('max-failures');
    expect(summary.failed).toBeLessThanOrEqual(3);
    expect(summary.pending).toBe(9 - summary.failed);
    const resumed = await run(jobsOf(9), { keeper, maxFailures: 9 });
    expect([resumed.stopped, resumed.summary.pending]).toEqual([null, 0]);
  });

  test('ends when it is told to, with what was played', async () => {
    const stop = new AbortController();
    const engine = createLocalEngine({ play, workers: 1 });
    const { stopped, summary } = await run(jobsOf(9), { engine, signal: stop.signal, onAttempt: () => stop.abort() });
    expect(stopped).toBe('signal');
    expect(summary.pending).toBeGreaterThan(0);
    expect(summary.passed).toBeGreaterThan(0);
  });

  test('a full disk ends it and is no score', async () => {
    const keeper = new MemoryKeeper();
    keeper.writesLeft = 5;
    const { stopped, error, summary } = await run(jobsOf(9), { keeper });
    expect(stopped).toBe('error');
    expect(error).toMatchObject({ message: 'killed' });
    expect(summary).toMatchObject({ passed: 2, failed: 0, infrastructure: 0, pending: 7 });
  });

  test('a job that an engine reports twice counts once', async () => {
    const keeper = new MemoryKeeper();
    const engine: BatchPorts['engine'] = {
      async run(jobs, report) {
        for (const job of [...jobs, ...jobs]) {
          await report({ job, outcome: { kind: 'artifact', artifact: artifactOf(job) }, final: true, worker: 'w1' });
        }
      },
    };
    const { summary } = await run(jobsOf(2), { keeper, engine });
    expect(summary.passed).toBe(2);
    expect(keeper.lines.map(({ worker }) => worker)).toEqual(['w1', 'w1']);
  });

  test('what breaks a further rule does not pass', async () => {
    const { results } = await run(jobsOf(1), { judge: () => ['ISOLATION_WEAK'] });
    expect(results[0]).toMatchObject({ state: 'failed', line: { success: true, strict: ['ISOLATION_WEAK'] } });
  });

  test('a clock of the day that jumps back changes no duration', async () => {
    let [day, steady] = [100, 0];
    const clock = {
      iso() {
        day -= 10;
        return new Date(day * 1_000).toISOString();
      },
      monotonic() {
        steady += 1_000;
        return steady;
      },
    };
    const { summary } = await run(jobsOf(3), { clock });
    expect(summary.elapsed_s).toBe(3);
  });
});
