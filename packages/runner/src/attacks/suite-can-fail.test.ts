import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readAttacks } from './testing/attack.js';
import { type LaneOptions, runLane } from './testing/lane.js';
import { findOrphans } from './testing/orphans.js';

const LANE_MS = 120_000;
const attacks = readAttacks();
const named = (...ids: string[]) => attacks.filter(({ id }) => ids.includes(id));
const workerOf = (file: string) => fileURLToPath(new URL(`./testing/${file}`, import.meta.url));

/** What kinds of fault the harness found, by attack. */
async function faultsOf(ids: string[], options: LaneOptions): Promise<Record<string, string[]>> {
  const { verdicts } = await runLane(named(...ids), options);
  expect(verdicts.map(({ attack }) => attack).sort()).toEqual([...ids].sort());
  return Object.fromEntries(
    verdicts.map(({ attack, faults }) => [attack, [...new Set(faults.map(({ kind }) => kind))]]),
  );
}

describe('a planted weakness is reported', () => {
  test(
    'a bare process that is judged by what bubblewrap promises',
    async () => {
      const escapes = ['read-files', 'environ', 'sockets', 'signals', 'write-outside', 'other-processes'];
      const ids = escapes.map((name) => `machine/${name}`);
      const faults = await faultsOf(ids, { host: 'process-node', confinement: 'bare', judgedAs: 'bubblewrap' });
      for (const id of ids) expect(faults[id], id).toContain('escape');
    },
    LANE_MS,
  );

  test(
    'a process that outlives its episode',
    async () => {
      const weak: LaneOptions = { host: 'process-cmd', confinement: 'bare', judgedAs: 'bubblewrap' };
      expect(await faultsOf(['machine/daemon'], weak)).toEqual({ 'machine/daemon': ['orphan'] });
    },
    LANE_MS,
  );

  test(
    'a worker that shows the hidden state',
    async () => {
      const runnerOptions = { workerEntry: workerOf('leaky-worker.mjs') };
      const faults = await faultsOf(['exhaustion/while-true', 'values/to-json'], {
        host: 'isolate',
        confinement: 'bare',
        runnerOptions,
      });
      expect(faults).toEqual({ 'exhaustion/while-true': [], 'values/to-json': ['escape'] });
    },
    LANE_MS,
  );

  test(
    'a worker that carries something from one episode to the next',
    async () => {
      const runnerOptions = { workerEntry: workerOf('forgetless-worker.mjs') };
      const faults = await faultsOf(['values/to-json', 'cheating/path-escape'], {
        host: 'isolate',
        confinement: 'bare',
        runnerOptions,
      });
      expect(faults['cheating/path-escape']).toContain('honest changed');
    },
    LANE_MS,
  );

  test(
    'a runner whose memory does not come back',
    async () => {
      const { faults } = await runLane(named('values/to-json'), { host: 'isolate', mostRssGrowth: -(2 ** 40) });
      expect(faults).toEqual([expect.stringMatching(/^the runner's memory grew by -?\d+ MiB/)]);
    },
    LANE_MS,
  );

  test('a process with the mark in its command line alone, wherever its parent is', async () => {
    const mark = `tracecore-attack-test-${process.pid}`;
    const folder = mkdtempSync(join(tmpdir(), 'tracecore-orphan-'));
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', mark], {
      env: {},
      cwd: '/',
      stdio: 'ignore',
    });
    try {
      await new Promise((resolve) => left.once('spawn', resolve));
      expect(findOrphans(mark, folder)).toMatchObject([{ pid: left.pid }]);
    } finally {
      left.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
    await new Promise((resolve) => left.once('exit', resolve));
    expect(findOrphans(mark, folder)).toEqual([]);
  });
});
