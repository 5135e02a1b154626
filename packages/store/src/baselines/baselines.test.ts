import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@tracecore/spec';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listBaselines, readBaseline, requireBaselineName, timestampName, writeBaseline } from './files.js';
import { parseBaseline } from './parse.js';
import { type RowSource, rowsOf } from './rows.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tracecore-baselines-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** As the Python runtime writes an export, with the names of its fields; early releases had no last_seed. */
const PYTHON: Json = {
  generated_at: '2026-02-22T22:35:38.102978+00:00',
  rows: [
    {
      agent: 'agents/toy_agent.py',
      task_ref: 'filesystem_hidden_config@1',
      runs: 36,
      success_rate: 0.75,
      avg_steps: 4.0,
      avg_tool_calls: 4.0,
      last_run_id: 'e8d59eb459774d59aeddc30c59b3509d',
      last_completed_at: '2026-02-22T22:33:41.470622+00:00',
      last_success: true,
    },
  ],
  metadata: { agent_filter: 'agents/toy_agent.py', task_filter: null, limit: 200 },
};

const run = (fields: Partial<RowSource>): RowSource => ({
  run_id: 'a'.repeat(32),
  agent_ref: 'agents/a.ts',
  agent_hash: 'sha256:1',
  task_ref: 'demo@1',
  seed: 0,
  success: true,
  steps_used: 4,
  tool_calls_used: 2,
  artifact_hash: 'sha256:2',
  ...fields,
});

describe('rows', () => {
  test('are one for each agent and task, with rates, averages and the newest run', () => {
    const rows = rowsOf([
      run({ run_id: 'newest', seed: 2, success: false, steps_used: 7, completed_at: '2026-03-01T10:00:00.000Z' }),
      run({ agent_ref: 'agents/b.ts' }),
      run({ task_ref: 'demo@2' }),
      run({ run_id: 'oldest', seed: 1, agent_hash: null }),
    ]);
    expect(rows.map(({ agent, task_ref, runs }) => [agent, task_ref, runs])).toEqual([
      ['agents/a.ts', 'demo@1', 2],
      ['agents/a.ts', 'demo@2', 1],
      ['agents/b.ts', 'demo@1', 1],
    ]);
    expect(rows[0]).toEqual({
      agent: 'agents/a.ts',
      task_ref: 'demo@1',
      runs: 2,
      success_rate: 0.5,
      avg_steps: 5.5,
      avg_tool_calls: 2,
      last_run_id: 'newest',
      last_completed_at: '2026-03-01T10:00:00.000Z',
      last_success: false,
      last_seed: 2,
      episodes: [
        { run_id: 'newest', seed: 2, success: false, agent_hash: 'sha256:1', artifact_hash: 'sha256:2' },
        { run_id: 'oldest', seed: 1, success: true, agent_hash: null, artifact_hash: 'sha256:2' },
      ],
    });
  });

  test('are none without runs', () => expect(rowsOf([])).toEqual([]));
});

describe('an export', () => {
  const rows = rowsOf([run({ seed: 3 }), run({ seed: 4, success: false })]);
  const metadata = { agent_filter: null, task_filter: 'demo', limit: null, runtime: 'tracecore' };
  const baseline = { generated_at: '2026-03-01T10:00:00.000Z', rows, metadata };

  test('is read as it was written, and replaced whole', async () => {
    const path = await writeBaseline(root, 'nightly', { ...baseline, rows: [] });
    expect(await writeBaseline(root, 'nightly.json', baseline)).toBe(path);
    expect(await readBaseline(root, 'nightly')).toEqual({ name: 'nightly', path, baseline });
    expect(await readdir(join(root, 'baselines'))).toEqual(['nightly.json']);
    expect((await readFile(path, 'utf8')).endsWith('}\n')).toBe(true);
  });

  test('of the Python runtime is read, without what it lacks', () => {
    const { rows: found, metadata: of } = parseBaseline(PYTHON);
    expect(found[0]).toMatchObject({ runs: 36, success_rate: 0.75, last_seed: null });
    expect(found[0]?.episodes).toBeUndefined();
    expect(of).toEqual({ agent_filter: 'agents/toy_agent.py', task_filter: null, limit: 200 });
  });

  test('is called latest when it is the newest and none has that name', async () => {
    await writeBaseline(root, 'old', { ...baseline, generated_at: '2026-01-01T00:00:00Z' });
    await writeBaseline(root, 'new', { ...baseline, generated_at: '2026-02-01T00:00:00+02:00' });
    expect((await readBaseline(root, 'latest')).name).toBe('new');
    await writeBaseline(root, 'latest', { ...baseline, generated_at: '2025-01-01T00:00:00Z' });
    expect((await readBaseline(root, 'latest')).name).toBe('latest');
  });

  test('that is missing is told with those there are', async () => {
    await expect(readBaseline(root, 'nightly')).rejects.toThrow(/no baseline nightly in .*: there is none yet/);
    await writeBaseline(root, 'weekly', baseline);
    await expect(readBaseline(root, 'nightly')).rejects.toThrow(/there is weekly; tracecore baseline --export NAME/);
  });

  test('is listed newest first; bundles are passed over and other files named', async () => {
    await writeBaseline(root, 'one', baseline);
    await mkdir(join(root, 'baselines', 'b'.repeat(32)));
    await writeFile(join(root, 'baselines', 'torn.json'), '{"generated_at');
    await writeFile(join(root, 'baselines', 'run.json'), JSON.stringify({ action_trace: [] }));
    const { baselines, skipped } = await listBaselines(root);
    expect(baselines.map(({ name }) => name)).toEqual(['one']);
    expect(skipped.map(({ file }) => file)).toEqual(['run.json', 'torn.json']);
    expect(skipped[0]?.reason).toContain('found a run');
  });

  test.each([
    ['/generated_at', { generated_at: 'yesterday' }],
    ['/rows', { rows: {} }],
    ['/rows/0/runs', { rows: [{ ...rows[0], runs: 0 }] }],
    ['/rows/0/success_rate', { rows: [{ ...rows[0], success_rate: 1.2 }] }],
    ['/rows/0/agent', { rows: [{ ...rows[0], agent: 7 }] }],
    ['/rows/0/episodes', { rows: [{ ...rows[0], episodes: [] }] }],
    ['/rows/0/episodes/0/seed', { rows: [{ ...rows[0], runs: 1, episodes: [{ run_id: 'x', seed: 1.5 }] }] }],
  ])('is refused with the place %s', (place, fields) => {
    const broken = { ...baseline, ...fields } as unknown as Json;
    expect(() => parseBaseline(broken)).toThrow(expect.objectContaining({ code: 'BASELINE_INVALID' }));
    expect(() => parseBaseline(broken)).toThrow(`at ${place}`);
  });
});

describe('a name', () => {
  test.each(['nightly', 'v1.2_rc-3', 'latest', '0'])('may be %s', (name) => {
    expect(requireBaselineName(name)).toBe(name);
    expect(requireBaselineName(`${name}.json`)).toBe(name);
  });

  test.each(['', '.json', '../out', 'a/b', 'a\\b', '.hidden', '/etc/passwd', 'a b', 'x'.repeat(65), 'a\u0000'])(
    'may not be %j',
    async (name) => {
      expect(() => requireBaselineName(name)).toThrow(expect.objectContaining({ code: 'BASELINE_NAME_INVALID' }));
      await expect(readBaseline(root, name)).rejects.toMatchObject({ code: 'BASELINE_NAME_INVALID' });
    },
  );

  test('that nobody gave is the moment in UTC', () => {
    expect(timestampName(new Date('2026-03-04T05:06:07.890Z'))).toBe('baseline-20260304-050607');
  });
});
