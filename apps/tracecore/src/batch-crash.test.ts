import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { aliveOf, batchIds, familyOf, hashesOf, journalOf } from './testing/batches.js';
import { startTracecore, tracecore, withFolder } from './testing/tracecore.js';

const JOBS = 400;
const KILLS = 20;
const PLANNED = ['--agent', 'agents/toy_agent.ts', '--task', 'filesystem_hidden_config', '--seeds', `0..${JOBS - 1}`];
const SEED = Number(process.env.TRACECORE_CRASH_SEED ?? Date.now() % 2 ** 31);

/** Ends a batch, by SIGKILL, once its journal has so many lines; whatever it does then. Tells whether there was time. */
async function killAt(argv: readonly string[], cwd: string, lines: number): Promise<boolean> {
  const child = startTracecore(argv, { cwd });
  const ended = once(child, 'close');
  child.stdout.resume();
  child.stderr.resume();
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over) {
    const [id] = batchIds(cwd);
    if (id !== undefined && (await journalOf(cwd, id)).length >= lines) break;
    await sleep(2);
  }
  const family = familyOf(child.pid as number);
  const inTime = !over;
  child.kill('SIGKILL');
  await ended;
  while (aliveOf(family).length > 0) await sleep(5);
  return inTime;
}

test.skipIf(process.platform !== 'linux')(
  'a batch killed at 20 random moments and resumed each time ends with the artifacts of an undisturbed one',
  async () => {
    console.log(`crash seed ${SEED}: TRACECORE_CRASH_SEED=${SEED} repeats it`);
    const draw = generator(SEED);
    // The first comes before anything is played, the others spread over the work.
    const moments = [0, ...Array.from({ length: KILLS - 1 }, () => draw(JOBS - 40))].sort((a, b) => a - b);
    await withFolder(async (undisturbed) => {
      const whole = tracecore(['run', 'batch', ...PLANNED, '--workers', '2'], { cwd: undisturbed });
      expect([whole.code, whole.stderr]).toEqual([0, expect.stringContaining(`${JOBS}/${JOBS}`)]);
      await withFolder(async (cwd) => {
        let killed = 0;
        for (const lines of moments) {
          const argv = killed === 0 ? PLANNED : ['--resume', 'latest'];
          if (await killAt(['run', 'batch', ...argv, '--workers', '2'], cwd, lines)) killed += 1;
        }
        const resumed = tracecore(['run', 'batch', '--resume', 'latest', '--workers', '2', '--json'], { cwd });
        expect(resumed.code).toBe(0);
        expect(JSON.parse(resumed.stdout)).toMatchObject({ total: JOBS, passed: JOBS, failed: 0, pending: 0 });
        const [id] = batchIds(cwd) as [string];
        expect(batchIds(cwd)).toEqual([id]);
        const lines = await journalOf(cwd, id);
        expect(new Set(lines.map(({ job }) => job)).size).toBe(JOBS);
        expect(lines).toHaveLength(JOBS);
        expect(hashesOf(cwd)).toEqual(hashesOf(undisturbed));
        // A machine that plays faster than a test can look may be over before the last ones.
        expect(killed).toBeGreaterThanOrEqual(KILLS / 2);
      });
    });
  },
  600_000,
);

/** Whole numbers below a limit, the same for the same seed. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
