import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttemptLine, BatchPlan } from './batch.js';
import type { SpecError } from './error.js';
import { parseAttemptLine, parseBatchFile, parseBatchPlan, parseSeedRange } from './parse-batch.js';

const HASH = `sha256:${'0'.repeat(64)}`;
const JOB = 'a'.repeat(32);
const BASE = {
  v: 1,
  job: JOB,
  attempt: 1,
  start: 1,
  elapsed_s: 0.5,
  at: '2026-01-31T09:30:00Z',
  worker: '',
} as const;
const PLAYED: AttemptLine = {
  ...BASE,
  ...{ outcome: 'artifact', run_id: 'b'.repeat(32), artifact_hash: HASH, success: true, strict: [] },
  ...{ termination_reason: 'success', failure_type: null, failure_reason: null, wall_clock_s: 0.01 },
};
const FAILED: AttemptLine = { ...BASE, outcome: 'infrastructure', code: 'WORKER_FAILED', message: 'gone', final: true };
const PLAN: BatchPlan = {
  ...{ batch_version: 1, batch_id: '20260131-093000-0a1b2c', created_at: '2026-01-31T09:30:00Z', plan_hash: HASH },
  shard: { index: 1, count: 2 },
  options: { isolation: null, env: [], strict_spec: false, minimum: 'permissions', runtime: '9.9.9' },
  jobs: [
    { id: JOB, agent: 'a.ts', agent_hash: HASH, task_ref: 't@1', task_hash: HASH, seed: -3, budgets: { steps: 4 } },
  ],
};

function issuesOf(body: () => unknown) {
  try {
    body();
  } catch (error) {
    return { code: (error as SpecError).code, issues: (error as SpecError).issues.map((one) => Object.values(one)) };
  }
  throw new Error('nothing was refused');
}

describe('a batch file', () => {
  test('is a list of agents on tasks with seeds', () => {
    const entries = [
      { agent: 'a.ts', task: 't' },
      { agent: 'a.ts', task: 't@1', seeds: '0..9', timeout: 3 },
      { agent: 'cmd:x', task: './t', seeds: [1, -2], budgets: { steps: 1, tool_calls: 0, wall_clock_seconds: 9 } },
    ];
    expect(parseBatchFile(entries)).toBe(entries);
  });

  test('has all of its faults named at once, each by its place', () => {
    const entries = [
      { agent: 1, task: 't' },
      { task: 't', seed: 'x' },
      { agent: 'a', task: 't', seed: 1, seeds: [2] },
      { agent: 'a', task: 't', seeds: '9..0' },
      { agent: 'a', task: 't', seed: 2 ** 60 },
      { agent: 'a', task: 't', timeout: 1, budgets: { wall_clock_seconds: 2, stepz: 3 } },
      { agent: 'a', task: 't', seeds: [] },
      { agent: 'a', task: 't', workers: 3 },
      'x',
    ];
    const { code, issues } = issuesOf(() => parseBatchFile(entries));
    expect(code).toBe('BATCH_FILE_INVALID');
    expect(issues.map(([pointer]) => pointer).sort()).toEqual([
      ...['/0/agent', '/1/agent', '/1/seed', '/2/seeds', '/3/seeds', '/4/seed', '/5/budgets/stepz', '/5/timeout'],
      ...['/6/seeds', '/7/workers', '/8'],
    ]);
  });

  test.each([[{}], [[]], [null], ['x']])('is not %j', (value) => {
    expect(issuesOf(() => parseBatchFile(value)).code).toBe('BATCH_FILE_INVALID');
  });
});

test('a range holds both of its ends and all between', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.nat(500), (from, more) => {
      const seeds = parseSeedRange(`${from}..${from + more}`);
      expect(seeds).toEqual(Array.from({ length: more + 1 }, (_, at) => from + at));
      expect(seeds?.some((seed) => Object.is(seed, -0))).toBe(false);
    }),
  );
});

test.each(['', '1', '1..', '2..1', '0..1000000', '0..9007199254740992', '1.5..2', '0x1..2', ' 0..1', '0...1'])(
  '%j is no range',
  (text) => expect(parseSeedRange(text)).toBeNull(),
);

test('a line of the journal is an artifact or a failure of the machinery, and nothing of both', () => {
  for (const line of [PLAYED, FAILED]) expect(parseAttemptLine(line)).toBe(line);
  const { run_id, ...without } = PLAYED as AttemptLine & { run_id: string };
  for (const wrong of [without, { ...FAILED, v: 2 }, { ...PLAYED, job: 'x' }, { ...FAILED, outcome: 'artifact' }, 3]) {
    expect(issuesOf(() => parseAttemptLine(wrong)).code).toBe('BATCH_LINE_INVALID');
  }
});

test('a plan of a later version is told from a broken one', () => {
  expect(parseBatchPlan(PLAN)).toBe(PLAN);
  expect(parseBatchPlan({ ...PLAN, shard: null }).shard).toBeNull();
  expect(issuesOf(() => parseBatchPlan({ ...PLAN, batch_version: 2 })).code).toBe('BATCH_VERSION_UNSUPPORTED');
  expect(issuesOf(() => parseBatchPlan({ ...PLAN, jobs: [{}] })).code).toBe('BATCH_PLAN_INVALID');
  expect(issuesOf(() => parseBatchPlan(null)).code).toBe('BATCH_PLAN_INVALID');
});
