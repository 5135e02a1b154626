import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GateReport } from '../statistics/gate-report.js';
import type { StatsReport } from '../statistics/stats-report.js';
import { hashOf, type RunFolder, runsOf, withRuns } from '../testing/runs.js';

const TASK_B = { task_ref: 'build@2' };
const NEW_CODE = { agent_hash: hashOf('two') };

const gate = (folder: RunFolder, ...argv: string[]) =>
  folder.json<GateReport>('gate', '--baseline', 'nightly', ...argv);

/** A workspace whose runs are exported as `nightly`. */
const withBaseline = (runs: ReturnType<typeof runsOf>, body: (folder: RunFolder) => Promise<void>) =>
  withRuns(runs, async (folder) => {
    expect((await folder.cli('baseline', '--export', 'nightly')).code).toBe(0);
    await body(folder);
  });

describe('the verdict is the exit code', () => {
  test('PASS: as good on 60 of the same seeds', () =>
    withBaseline(runsOf(60, 58), async (folder) => {
      await folder.add(runsOf(60, 58, NEW_CODE));
      const { code, report } = await gate(folder);
      expect([code, report.verdict, report.more_seeds]).toEqual([0, 'PASS', 0]);
      expect(report.checks).toMatchObject([
        { claim: 'max-regression', threshold: -0.05, figure: { n: 60, method: 'tango' }, more_seeds: 0 },
      ]);
      expect(report).toMatchObject({
        agent_hash: NEW_CODE.agent_hash,
        left_out: { in_baseline: 60, other_revisions: 0 },
      });
      const { stdout } = await folder.cli('gate', '--baseline', 'nightly');
      expect(stdout).toMatch(
        /^PASS against baseline nightly of .*\nagents\/demo\.ts sha256:74776f000000: 60 episodes of 1 task\nmax-regression: PASS {2}difference 0\.000 \[-0\.043, 0\.043\] at 90 %, n = 60 pairs; above -0\.050 is claimed\n/,
      );
    }));

  test('FAIL: far worse', () =>
    withBaseline(runsOf(40, 40), async (folder) => {
      await folder.add(runsOf(40, 20, NEW_CODE));
      const { code, report } = await gate(folder, '--min-rate', '0.3', '--max-regression', '0.1');
      expect([code, report.verdict]).toEqual([1, 'FAIL']);
      expect(report.checks.map(({ verdict }) => verdict)).toEqual(['PASS', 'FAIL']);
    }));

  test('INCONCLUSIVE: too few, with how many more', () =>
    withBaseline(runsOf(10, 10), async (folder) => {
      await folder.add(runsOf(10, 10, NEW_CODE));
      const { code, report } = await gate(folder);
      expect([code, report.verdict, report.more_seeds]).toEqual([3, 'INCONCLUSIVE', 42]);
      const { code: shown, stdout } = await folder.cli('gate', '--baseline', 'nightly');
      expect([shown, stdout]).toEqual([3, expect.stringContaining('\n42 more seeds would decide if the figures stay')]);
    }));

  test('and where none will, it says so', () =>
    withBaseline(runsOf(10, 10), async (folder) => {
      await folder.add(runsOf(10, 10, NEW_CODE));
      const { code, report } = await gate(folder, '--max-regression', '0');
      expect([code, report.more_seeds]).toEqual([3, null]);
      const { stdout } = await folder.cli('gate', '--baseline', 'nightly', '--max-regression', '0');
      expect(stdout).toContain('no number of further seeds will decide max-regression if the figure stays');
    }));
});

describe('what is judged', () => {
  test('is the newest code alone', () =>
    withBaseline(runsOf(5, 5), async (folder) => {
      await folder.add([...runsOf(5, 0, { agent_hash: hashOf('bad') }), ...runsOf(5, 5, NEW_CODE)]);
      const { report } = await gate(folder, '--min-rate', '0.5');
      expect(report).toMatchObject({
        verdict: 'PASS',
        candidate: { n: 5, successes: 5 },
        left_out: { in_baseline: 5, other_revisions: 5 },
      });
    }));

  test('is the same code again, when it was played again', () =>
    withBaseline(runsOf(6, 6), async (folder) => {
      await folder.add(runsOf(6, 6));
      const { report } = await gate(folder, '--min-rate', '0.5');
      expect(report).toMatchObject({ verdict: 'PASS', candidate: { n: 6 }, left_out: { other_revisions: 0 } });
    }));

  test('counts seeds of each task where there are several', () =>
    withBaseline([...runsOf(10, 10), ...runsOf(10, 10, TASK_B)], async (folder) => {
      await folder.add([...runsOf(10, 10, NEW_CODE), ...runsOf(10, 10, { ...NEW_CODE, ...TASK_B })]);
      const { report } = await gate(folder);
      expect(report).toMatchObject({ more_seeds: 16, checks: [{ more_episodes: 32, more_seeds: 16 }] });
    }));

  test('does not pass while a task of the baseline was not played', () =>
    withBaseline([...runsOf(60, 60), ...runsOf(3, 3, TASK_B)], async (folder) => {
      await folder.add([...runsOf(60, 60, NEW_CODE), ...runsOf(2, 2, { ...NEW_CODE, task_ref: 'new@1' })]);
      const { code, report } = await gate(folder);
      expect([code, report.verdict, report.missing_tasks, report.new_tasks]).toEqual([
        3,
        'INCONCLUSIVE',
        ['build@2'],
        ['new@1'],
      ]);
      expect((await gate(folder, '--task', 'demo')).code).toBe(0);
      const { stdout } = await folder.cli('gate', '--baseline', 'nightly');
      expect(stdout).toContain('not played, but in the baseline: build@2; play it, or name a --task\n');
    }));

  test('is held against all episodes where no seed is common, on common tasks', () =>
    withBaseline(runsOf(50, 45), async (folder) => {
      await folder.add([...runsOf(50, 45, NEW_CODE, 1000), ...runsOf(9, 0, { ...NEW_CODE, ...TASK_B })]);
      const { report } = await gate(folder, '--max-regression', '0.2');
      expect(report.checks).toMatchObject([{ verdict: 'PASS', figure: { estimate: 0, n: 100, method: 'newcombe' } }]);
    }));

  test('may be another agent, where the baseline has but one', () =>
    withBaseline(runsOf(60, 60), async (folder) => {
      await folder.add(runsOf(60, 60, { agent_ref: 'agents/next.ts', ...NEW_CODE }));
      const { code, report } = await gate(folder, '--agent', 'agents/next.ts');
      expect([code, report.agent_ref, report.checks[0]?.figure.n]).toEqual([0, 'agents/next.ts', 60]);
    }));
});

describe('an export of the Python runtime', () => {
  const PYTHON = {
    generated_at: '2026-01-01T00:30:00.102978+00:00',
    rows: [
      {
        agent: 'agents/demo.ts',
        task_ref: 'demo@1',
        runs: 40,
        success_rate: 0.875,
        avg_steps: 4.0,
        avg_tool_calls: 4.0,
        last_run_id: 'f'.repeat(32),
        last_completed_at: '2026-01-01T00:05:30.000000+00:00',
        last_success: true,
        last_seed: 42,
      },
    ],
    metadata: { agent_filter: null, task_filter: null, limit: 200 },
  };

  const withPython = (body: (folder: RunFolder) => Promise<void>) =>
    withRuns([...runsOf(5, 0), ...runsOf(40, 36, NEW_CODE)], async (folder) => {
      const dir = join(folder.cwd, '.agent_bench', 'baselines');
      await mkdir(dir);
      await writeFile(join(dir, 'nightly.json'), JSON.stringify(PYTHON));
      await body(folder);
    });

  test('is held against as a whole, and runs up to its last one are left out', () =>
    withPython(async (folder) => {
      const { report } = await gate(folder, '--max-regression', '0.15');
      expect(report).toMatchObject({ verdict: 'PASS', left_out: { in_baseline: 5 }, candidate: { n: 40 } });
      expect(report.checks[0]?.figure).toMatchObject({
        estimate: expect.closeTo(0.025, 10),
        n: 80,
        method: 'newcombe',
      });
    }));

  test('is compared with by stats', () =>
    withPython(async ({ json }) => {
      const { report } = await json<StatsReport>('stats', '--baseline', 'latest', '--agent', NEW_CODE.agent_hash);
      expect(report.comparisons).toMatchObject([
        { a: { name: 'agents/demo.ts in nightly', n: 40, successes: 35 }, b: { n: 40 }, paired: null },
      ]);
    }));
});

describe('is refused with exit 2 and one sentence', () => {
  test.each<[string[], RegExp]>([
    [[], /gate needs --baseline NAME/],
    [['--baseline', 'weekly'], /no baseline weekly in .*there is nightly/],
    [['--baseline', '../nightly'], /a baseline's name is 1 to 64 letters/],
    [['--baseline', 'nightly'], /is in baseline nightly or older than it; play the agent again, then gate/],
    [['--baseline', 'nightly', '--min-rate', '0'], /--min-rate must be above 0 and at most 1, got "0"/],
    [['--baseline', 'nightly', '--min-rate', '90'], /--min-rate must be above 0 and at most 1, got "90"/],
    [['--baseline', 'nightly', '--max-regression', '1'], /--max-regression must be below 1/],
    [['--baseline', 'nightly', '--max-regression', '-1'], /--max-regression must be a number/],
    [['--baseline', 'nightly', '--alpha', '0.5'], /--alpha must lie between 0 and 0\.5/],
    [['--baseline', 'nightly', '--task', 'nothing'], /no run in .* is of --task nothing/],
  ])('%j', (argv, message) =>
    withBaseline(runsOf(3, 3), async ({ cli }) => {
      const { code, stdout, stderr } = await cli('gate', ...argv);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
    }),
  );

  test('several agents, an agent that the baseline lacks, no common task', () =>
    withBaseline([...runsOf(2, 2), ...runsOf(2, 2, { agent_ref: 'agents/b.ts' })], async ({ add, cli }) => {
      expect((await cli('gate', '--baseline', 'nightly')).stderr).toContain(
        'a gate judges one agent; choose it with --agent: agents/b.ts, agents/demo.ts',
      );
      await add([...runsOf(2, 2, { agent_ref: 'agents/c.ts' }), ...runsOf(2, 2, { ...NEW_CODE, ...TASK_B })]);
      expect((await cli('gate', '--baseline', 'nightly', '--agent', 'agents/c.ts')).stderr).toContain(
        'baseline nightly has no row for agents/c.ts; it has agents/b.ts on demo@1, agents/demo.ts on demo@1',
      );
      const argv = ['gate', '--baseline', 'nightly', '--agent', 'agents/demo.ts'];
      expect((await cli(...argv)).stderr).toContain('share no task');
      expect((await cli(...argv, '--min-rate', '0.1')).code).toBe(3);
    }));
});
