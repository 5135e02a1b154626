import type { QueueEngineOptions, QueueWorker, QueueWorkerOptions } from '@tracecore/runner';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { batchStatus, cancelBatch, createQueueEngine, listBatches, startWorker } from './index.js';
import { aPlayer, artifactOf, jobs, Reports, RUNTIME } from './testing/jobs.js';
import { noRedis, type RedisServer, startRedis } from './testing/redis-server.js';

const idle = new AbortController().signal;
const range = (count: number) => Array.from({ length: count }, (_, at) => at);

describe.skipIf(noRedis)(`a batch on a queue${noRedis ? ` (left out: ${noRedis})` : ''}`, { timeout: 120_000 }, () => {
  let redis: RedisServer;
  const workers: QueueWorker[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  });

  const engine = (batchId: string, given: Partial<QueueEngineOptions> = {}) =>
    createQueueEngine({ url: redis.url, batchId, runtime: RUNTIME, ...given });
  async function work(given: Partial<QueueWorkerOptions> = {}) {
    const player = aPlayer();
    const worker = await startWorker({ url: redis.url, runtime: RUNTIME, player, lockMs: 2_000, ...given });
    workers.push(worker);
    return { worker, player };
  }

  test('every job gets one final attempt, with its artifact and the name of its worker', async () => {
    const reports = new Reports();
    await work({ name: 'one' });
    await work({ name: 'two' });
    const batch = jobs(150);
    await engine('whole').run(batch, reports.report, idle);
    expect(reports.seeds).toEqual(range(150));
    expect(reports.all).toHaveLength(150);
    expect(new Set(reports.all.map(({ worker }) => worker))).toEqual(new Set(['one', 'two']));
    const [first] = reports.all;
    expect(first?.outcome).toEqual({ kind: 'artifact', artifact: artifactOf(first?.job ?? (batch[0] as never)) });
    // Nothing is left of it but what batch status shows.
    const keys = await redis.look().keys('tracecore:batch:whole*');
    expect(keys).toEqual(['tracecore:batch:whole']);
    expect((await batchStatus({ url: redis.url }, 'whole')).batch).toMatchObject({
      ...{ state: 'done', total: 150, stored: 150, givenUp: 0, queued: 0, playing: 0, waiting: 0 },
    });
  });

  test('a submitter that broke off is resumed: what has a result is not played again', async () => {
    const batch = jobs(120);
    const first = new Reports();
    const broken = async (attempt: Parameters<typeof first.report>[0]) => {
      if (first.all.length === 20) throw new Error('the disk is full');
      await first.report(attempt);
    };
    const { player } = await work();
    await expect(engine('resumed').run(batch, broken, idle)).rejects.toThrow('the disk is full');
    const stored = new Set(first.all.map(({ job }) => job.id));
    const second = new Reports();
    const rest = batch.filter(({ id }) => !stored.has(id));
    await engine('resumed').run(rest, second.report, idle);
    expect([...first.seeds, ...second.seeds].sort((a, b) => a - b)).toEqual(range(120));
    expect(player.played.map(({ seed }) => seed).sort((a, b) => a - b)).toEqual(range(120));
  });

  test('a job whose stored result was lost is played again when it is asked for again', async () => {
    const batch = jobs(12);
    const { player } = await work();
    const first = new Reports();
    const broken = async (attempt: Parameters<typeof first.report>[0]) => {
      await first.report(attempt);
      if (first.all.length === 12) throw new Error('killed before the last was forgotten');
    };
    await expect(engine('lost').run(batch, broken, idle)).rejects.toThrow('killed');
    const second = new Reports();
    await engine('lost').run(batch, second.report, idle);
    expect(second.seeds).toEqual(range(12));
    // The one that was still in the queue came from there.
    expect(player.played.length).toBeLessThan(24);
  });

  test('a fault of the machinery is tried again elsewhere, and final after the last attempt', async () => {
    const failures = new Map<number, number>();
    const player = aPlayer({
      play: async (job) => {
        const before = failures.get(job.seed) ?? 0;
        if (job.seed === 3 && before < 1) {
          failures.set(3, before + 1);
          throw Object.assign(new Error('the disk is full'), { code: 'FILE_UNWRITABLE' });
        }
        if (job.seed === 5) throw new Error('always');
        if (job.seed === 7) throw Object.assign(new Error('not a task'), { code: 'TASK_INVALID' });
        return artifactOf(job);
      },
    });
    await work({ player, name: 'w' });
    const reports = new Reports();
    await engine('faults', { maxAttempts: 2 }).run(jobs(9), reports.report, idle);
    expect(reports.seeds).toEqual([0, 1, 2, 3, 4, 6, 8]);
    const of = (seed: number) =>
      reports.all.flatMap(({ job, outcome, final, worker }) =>
        job.seed === seed ? [[outcome.kind === 'artifact' ? 'artifact' : outcome.code, final, worker]] : [],
      );
    expect(of(3)).toEqual([
      ['FILE_UNWRITABLE', false, 'w'],
      ['artifact', true, 'w'],
    ]);
    expect(of(5)).toEqual([
      ['WORKER_FAILED', false, 'w'],
      ['WORKER_FAILED', true, 'w'],
    ]);
    // The same inputs would fail everywhere.
    expect(of(7)).toEqual([['TASK_INVALID', true, 'w']]);
    expect((await batchStatus({ url: redis.url }, 'faults')).batch).toMatchObject({ stored: 9, givenUp: 2 });
  });

  test('a worker that lacks the agent leaves the jobs to one that has it', async () => {
    const refusing = aPlayer({ accept: async () => ({ code: 'AGENT_DIFFERS', message: 'here b, wanted a' }) });
    const notices: string[] = [];
    await work({ player: refusing, onNotice: (text) => notices.push(text) });
    await work({ name: 'able' });
    const reports = new Reports();
    await engine('refused').run(jobs(70), reports.report, idle);
    expect(reports.seeds).toEqual(range(70));
    expect(new Set(reports.all.map(({ worker }) => worker))).toEqual(new Set(['able']));
    expect(refusing.played).toEqual([]);
  });

  test('jobs that every worker refuses end with the reason, and batch status shows it', async () => {
    const accept = async () => ({ code: 'AGENT_DIFFERS', message: 'agents/demo.ts is b here, a is wanted' }) as const;
    await work({ player: aPlayer({ accept }), name: 'unable' });
    const notices: string[] = [];
    await work({ runtime: { ...RUNTIME, version: '9.9.8' }, name: 'older', onNotice: (text) => notices.push(text) });
    const reports = new Reports();
    const running = engine('nobody', { patienceMs: 1_500 }).run(jobs(3), reports.report, idle);
    await expect
      .poll(async () => (await batchStatus({ url: redis.url }, 'nobody').catch(() => null))?.batch.refusals.sort(), {
        timeout: 20_000,
      })
      .toEqual([
        'older: RUNTIME_DIFFERS: this worker runs tracecore-ts 9.9.8, the batch was submitted by tracecore-ts 9.9.9',
        'unable: AGENT_DIFFERS: agents/demo.ts is b here, a is wanted',
      ]);
    await running;
    expect(reports.all).toHaveLength(3);
    for (const { final, outcome } of reports.all) {
      expect(final).toBe(true);
      expect(outcome).toMatchObject({ kind: 'infrastructure', code: expect.stringMatching(/_DIFFERS$/) });
      expect((outcome as { message: string }).message).toContain('no worker could play it for 2 s');
    }
    expect(notices).toContain(
      'left to other workers: demo@1 by agents/demo.ts: this worker runs tracecore-ts 9.9.8, the batch was submitted by tracecore-ts 9.9.9',
    );
  });

  test('what a worker sends is checked: an artifact of other inputs is a fault that names the worker', async () => {
    let lies = 0;
    const liar = aPlayer({
      play: async (job) => {
        if (job.seed === 1) return artifactOf({ ...job, seed: 99 });
        if (job.seed === 2 && lies++ === 0) return { ...artifactOf(job), steps_used: 2 };
        return artifactOf(job);
      },
    });
    await work({ player: liar, name: 'liar' });
    const reports = new Reports();
    await engine('lies').run(jobs(4), reports.report, idle);
    expect(reports.seeds).toEqual([0, 2, 3]);
    const faults = reports.faults('RESULT_INVALID');
    expect(faults.map(({ job, final }) => [job.seed, final])).toEqual(
      expect.arrayContaining([
        [1, false],
        [1, false],
        [1, true],
        [2, false],
      ]),
    );
    expect(faults.find(({ job }) => job.seed === 1)?.outcome).toMatchObject({
      message: "what worker liar sent is no artifact of this job: its seed is 99, the job's is 1",
    });
  });

  test('a worker that is stopped hands its chunk back, and nothing is played twice', async () => {
    let started: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      started = resolve;
    });
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = aPlayer({
      play: async (job) => {
        started();
        await held;
        return artifactOf(job);
      },
    });
    const { worker } = await work({ player: slow, name: 'slow' });
    const reports = new Reports();
    const running = engine('handed').run(jobs(30), reports.report, idle);
    await begun;
    const stopped = worker.stop();
    release();
    await stopped;
    const { player } = await work({ name: 'next' });
    await running;
    expect(reports.seeds).toEqual(range(30));
    expect(slow.played).toHaveLength(1);
    expect(player.played).toHaveLength(29);
    expect(reports.all).toHaveLength(30);
  });

  test('an aborted run takes its jobs from the queue, keeps what was played, and can go on', async () => {
    const abort = new AbortController();
    const { player } = await work();
    const first = new Reports();
    const batch = jobs(400);
    const counting = async (attempt: Parameters<typeof first.report>[0]) => {
      await first.report(attempt);
      if (first.all.length === 40) abort.abort();
    };
    await engine('aborted').run(batch, counting, abort.signal);
    const played = player.played.length;
    expect(first.seeds).toHaveLength(played);
    expect(played).toBeLessThan(400);
    const stored = new Set(first.all.map(({ job }) => job.id));
    const second = new Reports();
    await engine('aborted').run(
      batch.filter(({ id }) => !stored.has(id)),
      second.report,
      idle,
    );
    expect([...first.seeds, ...second.seeds].sort((a, b) => a - b)).toEqual(range(400));
    expect(player.played).toHaveLength(400);
  });

  test('cancel ends the submission with what was played by then; list and status tell', async () => {
    const reports = new Reports();
    let cancelled: Promise<unknown> | undefined;
    const slow = aPlayer({
      play: async (job) => {
        if (job.seed === 9) cancelled = cancelBatch({ url: redis.url }, 'cancelled');
        await cancelled;
        return artifactOf(job);
      },
    });
    await work({ player: slow });
    const running = engine('cancelled').run(jobs(200), reports.report, idle);
    await expect(running).rejects.toMatchObject({ code: 'BATCH_CANCELLED' });
    expect(reports.all.length).toBeGreaterThanOrEqual(9);
    expect(reports.all.length).toBe(slow.played.length);
    const listed = await listBatches({ url: redis.url });
    expect(listed.find(({ id }) => id === 'cancelled')).toMatchObject({ state: 'cancelled', total: 200, queued: 0 });
    await expect(cancelBatch({ url: redis.url }, 'never')).rejects.toMatchObject({ code: 'BATCH_NOT_FOUND' });
  });

  test("a provider's line has a rate over all workers, which only delays", async () => {
    const providers = new Map([['slow-model', { episodes: 2, seconds: 0.5 }]]);
    await work({ providers, concurrency: 4, name: 'a' });
    await work({ providers, concurrency: 4, name: 'b' });
    const { player: other } = await work({ name: 'serves no provider' });
    const began = performance.now();
    const reports = new Reports();
    await engine('limited', { provider: 'slow-model' }).run(jobs(7), reports.report, idle);
    // Seven at two in half a second: the last begins after a second and a half.
    expect(performance.now() - began).toBeGreaterThan(1_400);
    expect(reports.seeds).toEqual(range(7));
    expect(other.played).toEqual([]);
  });

  test('what else is on the queue is put aside or left, and does not stop the worker', async () => {
    const { Queue } = await import('bullmq');
    const queue = new Queue('episodes', { connection: redis.look(), prefix: 'tracecore:bull' });
    await queue.addBulk([
      { name: 'mail', data: { to: 'somebody' } },
      { name: 'chunk', data: { v: 2, batch: 'from-later', chunk: 'x' } },
      { name: 'chunk', data: { v: 1, batch: '../../etc', chunk: 'x' } },
    ]);
    const notices: string[] = [];
    await work({ onNotice: (text) => notices.push(text) });
    const reports = new Reports();
    await engine('beside').run(jobs(20), reports.report, idle);
    expect(reports.seeds).toEqual(range(20));
    await expect.poll(() => notices.join('\n')).toContain('the queue holds a job that is not of tracecore');
    expect(notices.join('\n')).toContain("batch from-later speaks version 2 of the queue's protocol, this worker 1");
    await queue.obliterate({ force: true });
    await queue.close();
  });

  test('without a worker the submitter says so, and how to start one', async () => {
    const notices: string[] = [];
    const abort = new AbortController();
    const onNotice = (text: string) => {
      notices.push(text);
      abort.abort();
    };
    await engine('alone', { onNotice }).run(jobs(3), new Reports().report, abort.signal);
    expect(notices).toEqual([`no worker serves ${redis.url}; start one with: tracecore worker --queue URL`]);
  });
});
