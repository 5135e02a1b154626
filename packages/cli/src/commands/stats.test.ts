import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBatches, openStore } from '@tracecore/store';
import { describe, expect, test } from 'vitest';
import type { FlakesReport } from '../statistics/flake-report.js';
import type { StatsReport } from '../statistics/stats-report.js';
import { anArtifact } from '../testing/artifact.js';
import { hashOf, runsOf, withRuns } from '../testing/runs.js';

const OTHER = { agent_ref: 'agents/other.ts', agent_hash: hashOf('two') };
const TASK_B = { task_ref: 'build@2' };

describe('stats', () => {
  test('gives each agent its tasks, then their mean, every figure with n and interval', () =>
    withRuns([...runsOf(20, 15), ...runsOf(4, 4, TASK_B), ...runsOf(3, 0, OTHER)], async ({ cli }) => {
      const { code, stdout, stderr } = await cli('stats', '--k', '1,8');
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toBe(`27 episodes; intervals at 95 %

agents/demo.ts
task             n   passed  rate
build@2          4   4       1.000 [0.510, 1.000]
demo@1           20  15      0.750 [0.531, 0.888]
mean of 2 tasks  24  19      0.875 [0.032, 0.999]

task                          k  pass@k                pass^k
build@2                       1  1.000 [0.510, 1.000]  1.000 [0.510, 1.000]
demo@1                        1  0.750 [0.531, 0.888]  0.750 [0.531, 0.888]
demo@1                        8  1.000 [0.998, 1.000]  0.051 [0.006, 0.387]
mean of 2 tasks               1  0.875 [0.032, 0.999]  0.875 [0.032, 0.999]
mean of 1 task (1 too short)  8  1.000 [0.998, 1.000]  0.051 [0.006, 0.387]

agents/other.ts
task    n  passed  rate
demo@1  3  0       0.000 [0.000, 0.561]

task    k  pass@k                pass^k
demo@1  1  0.000 [0.000, 0.561]  0.000 [0.000, 0.561]
`);
    }));

  test('takes agent, revision, task and time', () =>
    withRuns([...runsOf(3, 3), ...runsOf(2, 2, TASK_B), ...runsOf(1, 0, OTHER)], async ({ json }) => {
      const count = async (...argv: string[]) => {
        const { report } = await json<StatsReport>('stats', ...argv);
        return report.selection.episodes;
      };
      expect(await count()).toBe(6);
      expect(await count('--agent', './agents/demo.ts')).toBe(5);
      expect(await count('--agent', OTHER.agent_hash.slice(0, 15))).toBe(1);
      expect(await count('--task', 'build')).toBe(2);
      expect(await count('--task', 'demo@1', '--agent', 'agents/demo.ts')).toBe(3);
      expect(await count('--since', '2026-01-01T00:04:00Z')).toBe(3);
      expect(await count('--since', '2025-12-31')).toBe(6);
    }));

  test('counts an episode that was played again with the same result once', () =>
    withRuns([...runsOf(3, 2), ...runsOf(3, 2), ...runsOf(2, 1, { agent_hash: null })], async ({ json, cli }) => {
      const { report } = await json<StatsReport>('stats');
      expect(report.selection).toMatchObject({ episodes: 5, repeats: 3 });
      // Where the code is unknown, nothing says that it was the same.
      expect(report.agents[0]?.revisions).toEqual([
        { agent_hash: null, episodes: 2 },
        { agent_hash: hashOf('one'), episodes: 3 },
      ]);
      const { stdout } = await cli('stats');
      expect(stdout).toContain('3 runs repeated an episode with the same result and are not counted again\n');
      expect(stdout).toContain('2 revisions of its code are mixed here: unknown (2), sha256:6f6e65000000 (3)');
    }));

  test('compares two agents on the seeds they share, the newest run of each', () =>
    withRuns([...runsOf(12, 2), ...runsOf(10, 9, OTHER, 2), ...runsOf(1, 1, {}, 5)], async ({ json, cli }) => {
      const { report } = await json<StatsReport>('stats', '--compare', 'agents/demo.ts', 'agents/other.ts');
      const [comparison] = report.comparisons;
      expect(comparison).toMatchObject({
        a: { name: 'agents/demo.ts', n: 13, successes: 3 },
        b: { name: 'agents/other.ts', n: 10, successes: 9 },
        paired: { n: 10, gained: 8, lost: 0, tasks: 1, only_a: 2, only_b: 0 },
        unpaired: null,
      });
      expect(comparison?.paired?.mcnemar).toMatchObject({ p: expect.closeTo(2 / 256, 10), discordant: 8 });
      expect(comparison?.paired?.difference).toMatchObject({ estimate: 0.8, method: 'tango' });
      const again = await json<StatsReport>('stats', '--compare', 'agents/demo.ts', OTHER.agent_hash);
      expect(again.report.comparisons[0]?.paired).toEqual(comparison?.paired);
      const { stdout } = await cli('stats', '--compare', 'agents/demo.ts', 'agents/other.ts');
      expect(stdout).toContain('10 pairs of the same task and seed, 1 task; 2 of A alone, 0 of B alone\n');
      expect(stdout).toMatch(/B less A: 0\.800 \[.*\], n = 10; 8 gained, 0 lost\n/);
      expect(stdout).toContain('McNemar, exact: p = 0.0078, mid-p = 0.0039, n = 8 discordant\n');
    }));

  test('compares two revisions of one agent', () =>
    withRuns([...runsOf(5, 1), ...runsOf(5, 5, { agent_hash: hashOf('two') })], async ({ json }) => {
      const names = [hashOf('one').slice(0, 14), hashOf('two').slice(0, 14)];
      const { report } = await json<StatsReport>('stats', '--compare', ...names);
      expect(report.comparisons[0]?.paired).toMatchObject({ n: 5, gained: 4, lost: 0 });
    }));

  test('takes the runs that decided the jobs of a batch; what the machinery failed is no episode', () =>
    withRuns([], async ({ cwd, add, json, cli }) => {
      const ids = await add(runsOf(4, 2));
      const home = join(cwd, '.agent_bench');
      const jobs = ['1', '2', '3', '4'].map((digit) => digit.repeat(32));
      const code = { agent: 'a.ts', agent_hash: hashOf('one'), task_ref: 'demo@1', task_hash: hashOf('t') };
      const batch = await openBatches(home, openStore(home)).create({
        ...{ batch_version: 1, batch_id: '20260301-120000-00000a', created_at: '2026-03-01T12:00:00.000Z' },
        ...{ plan_hash: hashOf('plan'), shard: null },
        options: { isolation: null, env: [], strict_spec: false, minimum: 'permissions', runtime: '9.9.9' },
        jobs: jobs.map((id, seed) => ({ id, ...code, seed, budgets: {} })),
      });
      const base = (job: number, attempt: number) => ({
        ...{ v: 1 as const, job: jobs[job] as string, attempt, start: 1, elapsed_s: 0.1, worker: '' },
        at: '2026-03-01T12:00:01.000Z',
      });
      const failed = (job: number) =>
        batch.record(
          { ...base(job, 1), outcome: 'infrastructure', code: 'WORKER_FAILED', message: 'gone', final: job > 0 },
          null,
        );
      const played = (job: number, attempt: number, run_id: string | undefined) => {
        const end = { success: true, termination_reason: 'success', failure_type: null, failure_reason: null };
        const run = { run_id: String(run_id), artifact_hash: hashOf('a'), wall_clock_s: 0.1, strict: [] };
        return batch.record({ ...base(job, attempt), outcome: 'artifact', ...run, ...end }, null);
      };
      await failed(0);
      await played(0, 2, ids[0]);
      await played(1, 1, ids[3]);
      await failed(2);
      await batch.close();
      const journal = join(batch.dir, 'journal.jsonl');
      await appendFile(journal, '{"v":1,"job":"4');
      const { report } = await json<StatsReport>('stats', '--batch', '20260301');
      expect(report.selection).toMatchObject({ batch: '20260301', episodes: 2, infrastructure: 1 });
      expect((await cli('stats', '--batch', 'latest')).stdout).toContain("1 job failed for the machinery's sake");
      await writeFile(journal, `no JSON\n${await readFile(journal, 'utf8')}`);
      const torn = await cli('stats', '--batch', 'latest');
      expect([torn.code, torn.stderr]).toEqual([1, expect.stringMatching(/line 1 of .*journal\.jsonl is none that/)]);
    }));

  test.each<[string[], RegExp]>([
    [
      ['--agent', 'agents/demo2.ts'],
      /no run in .* is of --agent agents\/demo2\.ts; there is agents\/demo\.ts on demo@1\n/,
    ],
    [['--agent', 'sha256:xyz'], /a revision is sha256: and 6 or more digits/],
    [['--k', '1,two'], /--k must be a whole number of episodes, got "two"/],
    [['--k', '0'], /--k takes whole numbers from 1 on/],
    [['--confidence', '95'], /--confidence must lie between 0 and 1, such as 0\.95, got "95"/],
    [['--confidence', 'high'], /--confidence must be a number/],
    [['--since', 'yesterday'], /--since takes 7d, 12h, 30m, or a date/],
    [['--since', '2026-02-30'], /--since takes 7d, 12h, 30m, or a date/],
    [['--batch', 'b-2'], /expected the id of a batch/],
    [['--batch', '../x'], /tracecore: .*x.*\n$/],
    [['--baseline', 'nightly'], /no baseline nightly in .*: there is none yet/],
    [['--format', 'csv'], /--format must be json or table, got "csv"/],
    [['--compare', 'agents/demo.ts'], /--compare takes two agents, .* got 1/],
    [['--compare', 'a.ts', 'a.ts'], /got the same twice/],
    [['--compare', 'agents/demo.ts', 'b.ts'], /no selected run is of b\.ts; there are runs of agents\/demo\.ts/],
    [['agents/demo.ts'], /--compare A B compares two agents/],
    [['--compare', 'a.ts', 'b.ts', '--agent', 'a.ts'], /leave --agent out/],
  ])('%j is one sentence, exit 2', (argv, message) =>
    withRuns(runsOf(2, 1), async ({ cli }) => {
      const { code, stdout, stderr } = await cli('stats', ...argv);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
      expect(stderr.trimEnd()).not.toContain('\n');
    }),
  );

  test('without any run says how to make one; a file that is none is named', () =>
    withRuns([], async ({ cwd, cli }) => {
      await writeFile(join(cwd, '.agent_bench', 'runs', 'notes.json'), '{}');
      const { code, stderr } = await cli('stats');
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /^tracecore: skipped notes\.json: .*\ntracecore: there is no run in .* yet; make one with/,
      );
    }));
});

describe('stats flakes', () => {
  const changed = (content: string, hash: string) => {
    const artifact = structuredClone(anArtifact());
    Object.assign((artifact.action_trace[0] as { result: object }).result, { content });
    return { action_trace: artifact.action_trace, artifact_hash: hashOf(hash) };
  };

  test('names the inputs, the runs and where they part, exit 1', () =>
    withRuns(runsOf(2, 2), async ({ add, json, cli }) => {
      const [again] = await add(runsOf(1, 1));
      const [other] = await add(runsOf(1, 1, changed('goodbye', 'x')));
      const { code, report } = await json<FlakesReport>('stats', 'flakes');
      expect(code).toBe(1);
      expect(report).toMatchObject({ repeated: 1, runs: 3, rate: { estimate: 1, n: 1 } });
      expect(report.flakes).toMatchObject([
        {
          seed: 0,
          outcomes: [{ run_ids: [other] }, { run_ids: [again, expect.any(String)] }],
          divergences: [{ first_divergence: { step: 1, where: 'result', pointer: '/action_trace/0/result/content' } }],
        },
      ]);
      const { stdout } = await cli('stats', 'flakes');
      expect(stdout).toContain(
        `parts at step 1, result: /action_trace/0/result/content; tracecore diff ${other} ${again}\n`,
      );
      expect(stdout).toMatch(
        /\n1 of 1 inputs that were played more than once \(3 runs\) came out differently: 1\.000 \[/,
      );
    }));

  test('finds none where results agree, where limits differ, and where the code is unknown', () =>
    withRuns(
      [
        ...runsOf(2, 2),
        ...runsOf(2, 2),
        ...runsOf(1, 1, { seed: 9, limits: { call_ticks: 1 } as never }),
        ...runsOf(1, 1, { seed: 9, ...changed('goodbye', 'x') }),
        ...runsOf(1, 1, { agent_hash: null, seed: 5 }),
        ...runsOf(1, 1, { agent_hash: null, seed: 5, ...changed('goodbye', 'y') }),
      ],
      async ({ json, cli }) => {
        const { code, report } = await json<FlakesReport>('stats', 'flakes');
        expect([code, report.repeated, report.runs, report.flakes]).toEqual([0, 2, 4, []]);
        expect((await cli('stats', 'flakes')).stdout).toMatch(
          /^0 of 2 inputs .* \(4 runs\) .*: 0\.000 \[0\.000, 0\.658\]/,
        );
      },
    ));

  test('says so where nothing was played twice', () =>
    withRuns(runsOf(2, 1), async ({ cli }) => {
      const { code, stdout } = await cli('stats', 'flakes');
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^nothing was played twice/)]);
    }));
});
