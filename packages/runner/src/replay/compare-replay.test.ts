import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact, Json, JsonObject } from '@tracecore/spec';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../testing/workspace.js';
import { compareReplay } from './compare-replay.js';
import type { ReplayReport } from './report.js';

let baseline: Artifact;
beforeAll(async () => {
  const file = join(repositoryRoot, 'spec', 'vectors', 'artifacts', 'valid', 'success-two-steps.json');
  const sample = JSON.parse(await readFile(file, 'utf8')) as Artifact;
  const { steps, tool_calls } = sample.budgets;
  baseline = {
    ...sample,
    agent_hash: `sha256:${'1'.repeat(64)}`,
    task_hash: `sha256:${'2'.repeat(64)}`,
    budgets: { steps, tool_calls, wall_clock_seconds: 60 },
    limits: { memory_bytes: 1, fuel_per_call: 2 },
    tools: ['read_file'],
    episode_config_meta: { team: ['red'] },
  } as Artifact;
});

function changed(edit: (copy: Artifact & JsonObject) => void): Artifact {
  const copy = structuredClone(baseline) as Artifact & JsonObject;
  edit(copy);
  return copy;
}
const entryOf = ({ action_trace: trace }: Artifact, index: number) => trace[index] as unknown as JsonObject;
const failing = ({ checks }: ReplayReport) =>
  checks.filter(({ status }) => status === 'fail').map(({ check, code }) => `${check} ${code}`);

describe('an artifact agrees with itself', () => {
  test.each([false, true])('strict %s', (strict) => {
    const report = compareReplay(baseline, structuredClone(baseline), { strict });
    expect(report).toMatchObject({ ok: true, strict, first: null });
    expect(report.checks.map(({ code }) => code)).toEqual(report.checks.map(() => 'OK'));
    expect(report.checks).toHaveLength(strict ? 14 : 10);
  });

  test('whatever its ids, times, telemetry, isolation and observations', () => {
    const replayed = changed((copy) => {
      Object.assign(copy, { run_id: 'f'.repeat(32), started_at: '2030-01-01T00:00:00Z', wall_clock_elapsed_s: 9 });
      Object.assign(copy, { isolation: { host: 'process' }, artifact_hash: 'sha256:0', validator: { other: 1 } });
      Object.assign(entryOf(copy, 0), { action_ts: '2030-01-01T00:00:00Z', telemetry: { x: 1 }, observation: {} });
    });
    expect(compareReplay(baseline, replayed, { strict: true }).ok).toBe(true);
  });
});

const EDITS: [string, (copy: Artifact & JsonObject) => void, string][] = [
  ['another seed', (copy) => Object.assign(copy, { seed: 8 }), 'inputs INPUTS_DIFFER'],
  ['another step budget', (copy) => Object.assign(copy.budgets, { steps: 1 }), 'inputs INPUTS_DIFFER'],
  ['another wall clock', (copy) => Object.assign(copy.budgets, { wall_clock_seconds: null }), 'inputs INPUTS_DIFFER'],
  ['other tools', (copy) => Object.assign(copy, { tools: [] }), 'inputs INPUTS_DIFFER'],
  ['another origin', (copy) => Object.assign(copy, { forked_from: { at: 1 } }), 'inputs INPUTS_DIFFER'],
  ['other limits', (copy) => Object.assign(copy, { limits: {} }), 'limits LIMITS_DIFFER'],
  ['another action', (copy) => Object.assign(entryOf(copy, 1), { action: {} }), 'actions ACTION_DIFFERS'],
  ['another result', (copy) => Object.assign(entryOf(copy, 1), { result: {} }), 'results RESULT_DIFFERS'],
  ['another audit', (copy) => Object.assign(entryOf(copy, 1), { io_audit: [1] }), 'io_audit IO_AUDIT_DIFFERS'],
  ['a step less', (copy) => copy.action_trace.pop(), 'steps STEP_COUNT_DIFFERS'],
  ['a step more', (copy) => copy.action_trace.push(entryOf(copy, 0) as never), 'steps STEP_COUNT_DIFFERS'],
  ['no success', (copy) => Object.assign(copy, { success: false }), 'success SUCCESS_DIFFERS'],
  [
    'another reason',
    (copy) => Object.assign(copy, { termination_reason: 'timeout' }),
    'termination_reason TERMINATION_REASON_DIFFERS',
  ],
  ['another type', (copy) => Object.assign(copy, { failure_type: 'timeout' }), 'failure_type FAILURE_TYPE_DIFFERS'],
  [
    'another root',
    (copy) => Object.assign(copy.sandbox as object, { filesystem_roots: ['/'], filesystem_allowlist: ['/'] }),
    'sandbox SANDBOX_DIFFERS',
  ],
  [
    'another host',
    (copy) => Object.assign(copy.sandbox as object, { network_hosts: ['x'], network_allowlist: ['x'] }),
    'sandbox SANDBOX_DIFFERS',
  ],
];

const STRICT_EDITS: typeof EDITS = [
  ['more steps', (copy) => Object.assign(copy, { steps_used: 99 }), 'steps_used STEPS_ABOVE_BASELINE'],
  [
    'more tool calls',
    (copy) => Object.assign(copy, { tool_calls_used: 99 }),
    'tool_calls_used TOOL_CALLS_ABOVE_BASELINE',
  ],
  ['another task', (copy) => Object.assign(copy, { task_hash: 'sha256:3' }), 'task_hash TASK_HASH_DIFFERS'],
  ['another agent', (copy) => Object.assign(copy, { agent_hash: null }), 'agent_hash AGENT_HASH_DIFFERS'],
];

test.each(EDITS)('%s is found', (_what, edit, expected) => {
  const { first, ...report } = compareReplay(baseline, changed(edit));
  expect([report.ok, failing({ ...report, first })]).toEqual([false, [expected]]);
  expect(first).toMatchObject({ code: expected.split(' ')[1], difference: { pointer: expect.stringMatching(/^\//) } });
});

test.each(STRICT_EDITS)('%s is found by strict alone', (_what, edit, expected) => {
  const replayed = changed(edit);
  expect(compareReplay(baseline, replayed).ok).toBe(true);
  expect(failing(compareReplay(baseline, replayed, { strict: true }))).toEqual([expected]);
});

test('fewer steps and calls than the baseline are no fault', () => {
  const cheaper = changed((copy) => Object.assign(copy, { steps_used: 0, tool_calls_used: 0 }));
  expect(compareReplay(baseline, cheaper, { strict: true }).ok).toBe(true);
});

test('the first disagreement is the earliest step, with pointer and both values; an input stands before it', () => {
  const replayed = changed((copy) => {
    Object.assign(copy, { success: false });
    Object.assign(entryOf(copy, 1), { action: {} });
    Object.assign(entryOf(copy, 0).result as object, { ok: 'maybe' });
  });
  expect(compareReplay(baseline, replayed).first).toEqual({
    check: 'results',
    status: 'fail',
    code: 'RESULT_DIFFERS',
    message: 'step 1: /action_trace/0/result/ok is "maybe"; the baseline has true',
    difference: { pointer: '/action_trace/0/result/ok', step: 1, expected: true, actual: 'maybe' },
  });
  expect(compareReplay(baseline, { ...replayed, seed: 9 } as Artifact).first?.code).toBe('INPUTS_DIFFER');
});

describe('what a baseline of the Python runtime does not say is named, never passed over', () => {
  const lacking = () =>
    changed((copy) => {
      for (const field of ['limits', 'agent_hash'] as const) delete copy[field];
      Object.assign(copy, { task_hash: 'c2'.repeat(32), budgets: { steps: 1, tool_calls: 1 } });
      copy.budgets = { steps: baseline.budgets.steps, tool_calls: baseline.budgets.tool_calls };
    });

  test('limits are skipped, and strict fails on limits, task hash and agent hash', () => {
    const loose = compareReplay(lacking(), baseline);
    expect(loose).toMatchObject({ ok: true, first: null });
    expect(loose.checks.filter(({ status }) => status === 'skip').map(({ code }) => code)).toEqual(['LIMITS_MISSING']);
    expect(failing(compareReplay(lacking(), baseline, { strict: true }))).toEqual([
      'limits LIMITS_MISSING',
      'task_hash TASK_HASH_FOREIGN',
      'agent_hash AGENT_HASH_MISSING',
    ]);
  });

  test("its task hash counts where a Python task has it beside the runtime's own", () => {
    const same = { ...baseline, reference_task_hash: 'c2'.repeat(32) } as Artifact;
    const other = { ...baseline, reference_task_hash: 'c3'.repeat(32) } as Artifact;
    expect(failing(compareReplay(lacking(), same, { strict: true }))).not.toContain('task_hash TASK_HASH_FOREIGN');
    expect(failing(compareReplay(lacking(), other, { strict: true }))).toContain('task_hash TASK_HASH_DIFFERS');
  });
});

describe('any single changed value of what is compared is found, where it stands', () => {
  /** The pointer of every value below the compared fields. */
  const COMPARED = ['seed', 'tools', 'limits', 'success', 'termination_reason', 'failure_type', 'episode_config_meta'];
  const PER_STEP = ['action', 'result', 'io_audit'];

  function placesOf(artifact: Artifact): string[][] {
    const places: string[][] = [];
    const walk = (value: Json | undefined, path: string[]): void => {
      if (value !== null && typeof value === 'object' && Object.keys(value).length > 0) {
        for (const [name, child] of Object.entries(value)) walk(child, [...path, name]);
      } else places.push(path);
    };
    for (const field of COMPARED) walk((artifact as unknown as JsonObject)[field], [field]);
    for (const index of artifact.action_trace.keys()) {
      for (const part of PER_STEP) walk(entryOf(artifact, index)[part], ['action_trace', String(index), part]);
    }
    return places;
  }

  test('by pointer, step and both values', () => {
    fc.assert(
      fc.property(fc.constantFrom(...placesOf(baseline)), fc.jsonValue(), (path, value) => {
        const copy = structuredClone(baseline) as unknown as JsonObject;
        const holder = path.slice(0, -1).reduce<JsonObject>((at, name) => at[name] as JsonObject, copy);
        const name = path.at(-1) as string;
        const before = holder[name] as Json;
        fc.pre(JSON.stringify(before) !== JSON.stringify(value) && !(Object.is(value, -0) && before === 0));
        holder[name] = value as Json;
        const itself = compareReplay(copy as unknown as Artifact, structuredClone(copy) as unknown as Artifact);
        expect(itself).toMatchObject({ ok: true, first: null });
        const { ok, first } = compareReplay(baseline, copy as unknown as Artifact);
        expect(ok).toBe(false);
        expect(first?.difference?.pointer.startsWith(`/${path.join('/')}`)).toBe(true);
        expect(first?.difference?.step).toBe(path[0] === 'action_trace' ? Number(path[1]) + 1 : null);
      }),
    );
  });
});
