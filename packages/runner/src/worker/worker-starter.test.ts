import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Machine, probeMachine } from '@tracecore/sandbox/confine';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { processesWith } from '../testing/processes.js';
import { workerEntry } from '../testing/workspace.js';
import type { WorkerKind } from './launch.js';
import { runtimeFiles } from './runtime-files.js';
import { WorkerStarter } from './worker-starter.js';

const linuxOnly = process.platform !== 'linux' && ' (what a process may use is read from /proc)';

let machine: Machine;
beforeAll(async () => {
  machine = await probeMachine();
});
const starters: WorkerStarter[] = [];
afterEach(async () => {
  for (const starter of starters.splice(0)) await starter.close();
});

/** A starter of workers that are told from all others by an argument of their own. */
function starterOn(on: Machine, entry = workerEntry) {
  const mark = `--conditions=tracecore-starter-${process.pid}-${Math.random()}`;
  const files = existsSync(entry) ? runtimeFiles(entry) : [];
  const starter = new WorkerStarter(async () => ({
    entry,
    files,
    flags: [mark],
    machine: on,
    confinement: 'bubblewrap',
  }));
  starters.push(starter);
  return { starter, pids: () => processesWith(mark, process.execPath) };
}

describe('a worker starts under the strongest that works', () => {
  const bogus = { file: '/bin/false', version: '0.8.0' };
  test.each<[string, Partial<Machine>, string]>([
    ['bubblewrap', {}, 'bubblewrap'],
    ['permissions where bubblewrap is not there', { bubblewrap: null }, 'node-permissions'],
    ['permissions where bubblewrap does not do what it promised', { bubblewrap: bogus }, 'node-permissions'],
    ['nothing where there is nothing', { bubblewrap: null, nodePermissions: null }, 'bare'],
    ['nothing where neither works', { bubblewrap: bogus, nodePermissions: '--no-such-flag' as never }, 'bare'],
  ])('%s', async (_what, less, expected) => {
    const { starter } = starterOn({ ...machine, ...less });
    const { worker, about, weakened } = await starter.start('locked');
    const best = machine.bubblewrap === null && expected === 'bubblewrap' ? 'node-permissions' : expected;
    expect(worker.confinement).toBe(best);
    expect(weakened === null).toBe(less.bubblewrap !== bogus);
    expect(about.engine.name).toBe('quickjs-emscripten');
  });

  test('and where none starts, the last says why', async () => {
    const { starter } = starterOn(machine, join(dirname(fileURLToPath(import.meta.url)), 'no-such-worker.js'));
    await expect(starter.start('locked')).rejects.toMatchObject({
      code: 'WORKER_FAILED',
      message: expect.stringContaining('could not start'),
    });
  });
});

describe.skipIf(linuxOnly)(`what a worker may use${linuxOnly || ''}`, () => {
  test.each<[WorkerKind, string]>([
    ['locked', '4294967296'],
    ['spawning', '2147483648'],
  ])('is limited for a %s one, and its group goes with it', async (kind, data) => {
    const { starter, pids } = starterOn(machine);
    await starter.start(kind);
    const [pid] = pids() as [number];
    const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
    expect(limits).toMatch(/^Max core file size +0 /m);
    expect(limits).toMatch(/^Max open files +256 /m);
    expect(limits).toMatch(/^Max file size +67108864 /m);
    expect(limits).toMatch(new RegExp(`^Max data size +${data} `, 'm'));
    const { memory, pids: counted } = machine.cgroup ?? { memory: null, pids: null };
    const name = /tracecore-worker-[\w-]+/.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[0] ?? null;
    expect(name === null).toBe(memory === null && counted === null);
    await starter.close();
    expect(pids()).toEqual([]);
    for (const parent of [memory, counted]) {
      if (parent !== null) expect(existsSync(join(parent, String(name)))).toBe(false);
    }
  });
});
