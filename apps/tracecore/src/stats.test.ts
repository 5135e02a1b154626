import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 as Ajv } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { artifactOf, idsIn } from './testing/replaying.js';
import { IDLE_AGENT, tracecore, withFolder } from './testing/tracecore.js';

const EXTENSIONS = new URL('../../../spec/extensions/', import.meta.url);
const SOLVER = 'agents/log_stream_monitor_agent.ts';
const TASK = 'log_stream_monitor@1';
/** These start many processes one after the other. */
const SLOW = { timeout: 120_000 };

/** A report that a command prints, which its schema must allow; stderr must be empty. */
function reportOf(kind: 'stats' | 'gate' | 'flakes', argv: string[], cwd: string) {
  const schema = JSON.parse(readFileSync(new URL(`${kind}-report-schema-v1.json`, EXTENSIONS), 'utf8'));
  const isReport = new Ajv({ strict: true, allErrors: true, strictTypes: false }).compile(schema);
  const { code, stdout, stderr } = tracecore([...argv, '--format', 'json'], { cwd });
  expect(stderr).toBe('');
  const report: unknown = JSON.parse(stdout);
  expect([isReport(report), isReport.errors]).toEqual([true, null]);
  return { code, report };
}

const play = (cwd: string, agent: string, seed: number) =>
  artifactOf(tracecore(['run', '--agent', agent, '--task', TASK, '--seed', String(seed), '--json'], { cwd })).run_id;

describe('from runs to a verdict', SLOW, () => {
  test('stats, baseline, bundle, gate and flakes agree about real runs', () =>
    withFolder(async (cwd) => {
      await writeFile(join(cwd, 'idle.ts'), IDLE_AGENT);
      const ids = [0, 1, 2].map((seed) => play(cwd, SOLVER, seed));
      for (const seed of [1, 2]) play(cwd, 'idle.ts', seed);

      const compared = reportOf('stats', ['stats', '--compare', 'idle.ts', SOLVER], cwd);
      expect(compared).toMatchObject({
        code: 0,
        report: {
          selection: { episodes: 5, repeats: 0 },
          agents: [
            { agent_ref: SOLVER, by_task: [{ task: TASK, n: 3, successes: 3 }] },
            { agent_ref: 'idle.ts', by_task: [{ n: 2, successes: 0 }] },
          ],
          comparisons: [{ paired: { n: 2, gained: 2, lost: 0, only_b: 1 } }],
        },
      });

      const made = tracecore(['baseline', '--agent', SOLVER, '--export', 'nightly', '--bundle'], { cwd });
      expect([made.code, made.stderr]).toEqual([0, '']);
      expect(await idsIn(cwd, 'baselines')).toEqual([ids[2], 'nightly'].sort());
      const bundle = join('.agent_bench', 'baselines', ids[2] as string);
      const [sealed, checked] = [
        ['baseline', '--verify', bundle],
        ['bundle', 'verify', bundle],
      ].map((argv) => tracecore(argv, { cwd }));
      expect(sealed).toEqual(checked);
      expect(sealed?.code).toBe(0);

      // The same code once more: the same episodes, which the gate takes as new runs.
      for (const seed of [0, 1, 2]) play(cwd, SOLVER, seed);
      const gate = reportOf('gate', ['gate', '--baseline', 'nightly', '--agent', SOLVER], cwd);
      expect(gate).toMatchObject({ code: 3, report: { verdict: 'INCONCLUSIVE', candidate: { n: 3 }, more_seeds: 49 } });
      const easy = ['gate', '--baseline', 'latest', '--agent', SOLVER, '--min-rate', '0.3'];
      expect(reportOf('gate', easy, cwd)).toMatchObject({ code: 0, report: { verdict: 'PASS' } });
      expect(
        reportOf('gate', ['gate', '--baseline', 'nightly', '--agent', 'idle.ts', '--min-rate', '0.9'], cwd),
      ).toMatchObject({
        code: 1,
        report: { verdict: 'FAIL', agent_ref: 'idle.ts' },
      });

      expect(reportOf('flakes', ['stats', 'flakes'], cwd)).toMatchObject({
        code: 0,
        report: { repeated: 3, runs: 6, flakes: [] },
      });
    }));

  test('a run that was changed is a flake that names its place', () =>
    withFolder(async (cwd) => {
      const [first, second] = [play(cwd, SOLVER, 3), play(cwd, SOLVER, 3)];
      const file = join(cwd, '.agent_bench', 'runs', `${second}.json`);
      const artifact = JSON.parse(await readFile(file, 'utf8'));
      artifact.action_trace[1].result = { ok: false, error: 'late' };
      artifact.artifact_hash = `sha256:${'0'.repeat(64)}`;
      await writeFile(file, JSON.stringify(artifact));
      const { code, report } = reportOf('flakes', ['stats', 'flakes'], cwd);
      expect(code).toBe(1);
      expect(report).toMatchObject({
        repeated: 1,
        flakes: [{ seed: 3, divergences: [{ a: second, b: first, first_divergence: { step: 2, where: 'result' } }] }],
      });
    }));
});
