import type { Baseline } from '@tracecore/store';
import { describe, expect, test } from 'vitest';
import { hashOf, runsOf, withRuns } from '../testing/runs.js';

const OTHER = { agent_ref: 'agents/other.ts', agent_hash: hashOf('two') };

describe('baseline', () => {
  test('shows a row for each agent and task, over runs and over distinct episodes', () =>
    withRuns([...runsOf(4, 3), ...runsOf(4, 3), ...runsOf(2, 0, OTHER)], async ({ cli }) => {
      const { code, stdout, stderr } = await cli('baseline');
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout.split('\n')).toEqual([
        'agent            task    runs  success rate  episodes  their rate at 95 %    steps  tool calls  last run',
        `agents/demo.ts   demo@1  8     0.750         4         0.750 [0.301, 0.954]  1.0    1.0         ${'a'.repeat(31)}8`,
        `agents/other.ts  demo@1  2     0.000         2         0.000 [0.000, 0.658]  1.0    1.0         ${'a'.repeat(31)}a`,
        '',
      ]);
    }));

  test('exports what the Python runtime reads, and the runs that were counted', () =>
    withRuns([...runsOf(2, 1), ...runsOf(2, 0, OTHER)], async ({ cli, json, read, cwd }) => {
      const argv = ['--agent', 'agents/demo.ts', '--export', 'nightly'];
      const { report } = await json<Baseline & { export_path: string }>('baseline', ...argv);
      expect(report.export_path).toBe('.agent_bench/baselines/nightly.json');
      const written = JSON.parse(await read(report.export_path)) as Baseline;
      expect({ ...written, export_path: report.export_path }).toEqual(report);
      expect(written.rows).toEqual([
        {
          agent: 'agents/demo.ts',
          task_ref: 'demo@1',
          runs: 2,
          success_rate: 0.5,
          avg_steps: 1,
          avg_tool_calls: 1,
          last_run_id: `${'a'.repeat(31)}2`,
          last_completed_at: '2026-01-01T00:02:00.000Z',
          last_success: false,
          last_seed: 1,
          episodes: [expect.objectContaining({ seed: 1, success: false }), expect.objectContaining({ seed: 0 })],
        },
      ]);
      expect(written.metadata).toMatchObject({ agent_filter: 'agents/demo.ts', task_filter: null, limit: null });
      expect(Date.parse(written.generated_at)).toBeGreaterThan(Date.UTC(2026, 0, 1));
      expect((await cli('baseline', '--export', 'latest')).stdout).toContain(
        `exported to .agent_bench/baselines/latest.json`,
      );
      expect((await cli('baseline', '--export')).stdout).toMatch(
        /exported to \.agent_bench\/baselines\/baseline-\d{8}-\d{6}\.json/,
      );
      expect(cwd).not.toBe('');
    }));

  test('takes the newest runs only on request', () =>
    withRuns([...runsOf(5, 0), ...runsOf(5, 5, {}, 5)], async ({ json }) => {
      const { report } = await json<Baseline>('baseline', '--limit', '5', '--since', '2026-01-01T01:00:00+01:00');
      expect(report.rows).toMatchObject([{ runs: 5, success_rate: 1 }]);
      expect(report.metadata).toMatchObject({ limit: 5, since: '2026-01-01T00:00:00.000Z' });
    }));

  test('names what cannot be sealed, exit 1, and keeps the export', () =>
    withRuns(runsOf(1, 1), async ({ cli, read }) => {
      // The hash of this run is made up.
      const { code, stderr, stdout } = await cli('baseline', '--bundle', '--export', 'nightly');
      expect(code).toBe(1);
      expect(stderr).toMatch(/^tracecore: .*hash/);
      expect(stdout).toContain('exported to');
      expect(JSON.parse(await read('.agent_bench/baselines/nightly.json'))).toMatchObject({ rows: [{ runs: 1 }] });
    }));

  test.each<[string[], RegExp]>([
    [['--export', '../escape'], /a baseline's name is 1 to 64 letters/],
    [['--export', '/etc/x'], /a baseline's name/],
    [['--export='], /--export needs a value/],
    [['--limit', '0'], /--limit 0 leaves no run/],
    [['--limit', 'all'], /--limit must be a whole number of runs/],
    [['--format', 'pretty'], /--format must be table or json \(pretty and text are for --compare\)/],
    [['--json', '--format', 'table'], /--json and --format table exclude each other/],
    [['--bundle', 'out'], /--bundle DIR is for --compare/],
    [['some-run'], /baseline takes no argument "some-run"/],
    [['--key', 'k.pub'], /--key goes with --verify/],
    [['--steps'], /--steps goes with --compare/],
    [['--compare', 'a', 'b', '--limit', '3'], /--limit does not go with --compare/],
    [['--compare', 'a', 'b', '--bundle'], /--bundle needs a new folder/],
    [['--compare', 'a', 'b', '--verify', 'x'], /exclude each other/],
    [['--verify', 'x', '--export'], /--export does not go with --verify/],
    [['--verify', 'x', '--format', 'json'], /JSON with --json/],
    [['--verify', 'x'], /there is no bundle at x/],
  ])('%j is refused with exit 2', (argv, message) =>
    withRuns(runsOf(2, 1), async ({ cli }) => {
      const { code, stdout, stderr } = await cli('baseline', ...argv);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
    }),
  );
});
