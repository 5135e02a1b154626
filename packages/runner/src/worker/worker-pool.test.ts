import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WorkerKind } from './launch.js';
import { WorkerPool } from './worker-pool.js';
import type { StartedWorker, WorkerStarter } from './worker-starter.js';

/** Starts workers that are none, and counts them. */
class Starter {
  started: WorkerKind[] = [];
  alive = 0;

  start(kind: WorkerKind): Promise<StartedWorker> {
    this.started.push(kind);
    this.alive += 1;
    const kill = () => {
      this.alive -= 1;
    };
    const worker = { kind, kill, setIdle: () => undefined, exited: new Promise(() => undefined) };
    return Promise.resolve({ worker } as unknown as StartedWorker);
  }

  close = async () => undefined;
}

function open(size: number) {
  const starter = new Starter();
  const pool = new WorkerPool(starter as unknown as WorkerStarter, size);
  const play = (kind: WorkerKind, work: () => Promise<void> = async () => undefined, spent = false) =>
    pool.use(kind, async ({ worker }) => {
      await work();
      return { value: worker.kind, spent };
    });
  return { starter, pool, play };
}

const kinds = fc.constantFrom<WorkerKind>('locked', 'spawning');

test('where episodes of both kinds take turns, one worker of each kind plays them all', async () => {
  const { starter, play } = open(1);
  for (let i = 0; i < 10; i += 1) expect(await play(i % 2 ? 'locked' : 'spawning')).toBe(i % 2 ? 'locked' : 'spawning');
  expect(starter.started).toEqual(['spawning', 'locked']);
});

test('a worker that was spent is replaced', async () => {
  const { starter, play } = open(1);
  await play('locked', undefined, true);
  await play('locked');
  expect([starter.started, starter.alive]).toEqual([['locked', 'locked'], 1]);
});

test('whoever waits when the pool is closed is told so', async () => {
  const { pool, play } = open(1);
  let done: () => void = () => undefined;
  const first = play('locked', () => new Promise((resolve) => (done = resolve)));
  const second = play('spawning');
  const refused = expect(second).rejects.toMatchObject({ code: 'RUNNER_CLOSED' });
  await pool.close();
  done();
  await first;
  await refused;
});

test('every job is played by a worker of its kind, as many at once as the pool is large, and few wait', async () => {
  const job = fc.record({ kind: kinds, turns: fc.nat(3), spent: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), async (jobs, size) => {
      const { starter, play } = open(size);
      let [playing, most, mostAlive] = [0, 0, 0];
      // One that is let go is killed a moment later.
      const settled = async () => {
        await new Promise((resolve) => setImmediate(resolve));
        mostAlive = Math.max(mostAlive, starter.alive);
      };
      const work = (turns: number) => async () => {
        playing += 1;
        most = Math.max(most, playing);
        for (let turn = 0; turn < turns; turn += 1) await settled();
        playing -= 1;
      };
      const played = await Promise.all(jobs.map(({ kind, turns, spent }) => play(kind, work(turns), spent)));
      await settled();
      expect(played).toEqual(jobs.map(({ kind }) => kind));
      expect(most).toBeLessThanOrEqual(size);
      expect(mostAlive).toBeLessThanOrEqual(2 * size);
    }),
  );
});
