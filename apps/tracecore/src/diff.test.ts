import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Artifact } from '@tracecore/spec';
import { expect, test } from 'vitest';
import { filesIn, tracecore, withFolder } from './testing/tracecore.js';

const [CHAIN, CHEATER] = [
  'hashes/python/rate-limited-chain--chain-agent.json',
  'artifacts/python/rate-limited-chain--cheater-agent.json',
].map((path) => fileURLToPath(new URL(`../../../spec/vectors/${path}`, import.meta.url))) as [string, string];

/** Runs a pairing and hands over the id of the run. */
function runPairing(cwd: string, name: string, seed: number): string {
  const { stdout } = tracecore(['run', 'pairing', name, '--seed', String(seed), '--json'], { cwd });
  return (JSON.parse(stdout) as Artifact).run_id;
}

test('two runs of the same inputs are identical, another seed is named with the step where it first shows', () =>
  withFolder(async (cwd) => {
    const first = runPairing(cwd, 'log_stream_monitor', 7);
    const again = runPairing(cwd, 'log_stream_monitor', 7);
    const other = runPairing(cwd, 'log_stream_monitor', 8);
    const same = tracecore(['diff', first, again.slice(0, 8)], { cwd });
    expect(same).toMatchObject({ code: 0, stderr: '' });
    expect(same.stdout).toContain('\nidentical: every field that the hash covers is equal\n');

    const differs = tracecore(['diff', first, 'latest', '--format', 'text'], { cwd });
    expect(differs).toMatchObject({ code: 1, stderr: '' });
    expect(differs.stdout).toContain(join('runs', `${other}.json`));
    expect(differs.stdout).toMatch(/^first divergence: step 1, result: \/action_trace\/0\/result\//m);
    expect(differs.stdout).toContain('\nsummary: seed: /seed 7 -> 8\n');
    expect(differs.stdout).not.toContain('\u001b');
  }));

test('a run of another task is incompatible, and stderr says so', () =>
  withFolder(async (cwd) => {
    const first = runPairing(cwd, 'log_stream_monitor', 7);
    runPairing(cwd, 'rate_limited_api', 7);
    const { code, stderr, stdout } = tracecore(['diff', first, 'latest', first, '--json'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^tracecore: incompatible: .* is a run of rate_limited_api@1, expected log_stream_monitor@1/,
    );
    expect(JSON.parse(stdout)).toMatchObject({
      diff_version: 1,
      status: 'incompatible',
      baseline: { run_id: first },
      compared: [{ diff: { status: 'incompatible', steps: [] } }, { diff: { status: 'identical' } }],
    });
  }));

test('files of the Python runtime are compared where there is no workspace, and none is made', () =>
  withFolder(async (cwd) => {
    expect(tracecore(['diff', CHAIN, CHAIN], { cwd }).code).toBe(0);
    const { code, stdout } = tracecore(['diff', CHAIN, CHEATER], { cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/\ndifferent: first divergence at step \d+, \w+\n {2}\/action_trace\/\d+\//);
    expect(await filesIn(cwd)).toEqual([]);
  }));
