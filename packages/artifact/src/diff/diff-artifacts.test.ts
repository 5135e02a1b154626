import { type Artifact, isArtifact, type Json } from '@tracecore/spec';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalize } from '../canonicalize.js';
import { hashArtifact } from '../hash-artifact.js';
import { sha256 } from '../node.js';
import { artifact as anyArtifact, editOf, leavesOf } from '../testing/artifact-arbitrary.js';
import { episode } from '../testing/episode.js';
import { json } from '../testing/json-arbitrary.js';
import { applyChanges, type Change, pythonArtifacts, sampleArtifact } from '../testing/vectors.js';
import { diffArtifacts } from './diff-artifacts.js';
import type { ArtifactDiff } from './types.js';

const VOLATILE =
  /^\/(run_id|trace_id|started_at|completed_at|wall_clock_elapsed_s|artifact_hash|evidence_links|isolation|action_trace\/\d+\/(action_ts|telemetry))(\/|$)/;

const base = episode({ executed: 4 });
const diffOf = (...changes: Change[]) => diffArtifacts(base, applyChanges(base, changes));
const whereOf = ({ first_divergence: first }: ArtifactDiff) =>
  first && { step: first.step, where: first.where, pointer: first.pointer };

/** Every pointer that a diff names. */
function pointersOf(diff: ArtifactDiff): string[] {
  const steps = diff.steps.flatMap(({ observation, action, result, io_audit: audit, budget, other }) =>
    [observation, action, result, budget, other, audit.added, audit.removed].flat(),
  );
  return [...diff.summary, ...steps, ...diff.validator, ...diff.other].map(({ pointer }) => pointer);
}

describe('the first divergence', () => {
  const entry = '/action_trace/2';
  test.each<[string, Change, number | null, string]>([
    [
      'what the agent saw',
      { pointer: `${entry}/observation/visible_state/files_seen/0`, value: 'a' },
      3,
      'observation',
    ],
    ['what it did', { pointer: `${entry}/action/args/place`, value: 9 }, 3, 'action'],
    ['what came back', { pointer: `${entry}/result/ok`, value: false }, 3, 'result'],
    ['what was touched', { pointer: `${entry}/io_audit/0`, value: { type: 'custom' } }, 3, 'io_audit'],
    ['what it cost', { pointer: `${entry}/budget_delta/steps`, value: 2 }, 3, 'budget'],
    ['what was left', { pointer: `${entry}/budget_after_step/tool_calls`, value: 1 }, 3, 'budget'],
    ['the model calls', { pointer: `${entry}/llm_trace`, value: [] }, 3, 'other'],
    ['a last step less', { pointer: '/action_trace/3' }, 4, 'end'],
    ['how it ended', { pointer: '/termination_reason', value: 'timeout' }, null, 'end'],
    ['what the validator said', { pointer: '/validator/payload', value: {} }, null, 'end'],
    ['the agent', { pointer: '/agent_ref', value: 'agents/other.ts' }, null, 'other'],
    ['the seed', { pointer: '/seed', value: 99 }, null, 'other'],
    ['a field of an extension', { pointer: '/extra', value: 1 }, null, 'other'],
  ])('is placed: %s', (_, change, step, where) => {
    const diff = diffOf(change);
    expect(diff.status).toBe('different');
    expect(whereOf(diff)).toEqual({ step, where, pointer: change.pointer });
  });

  test('is the earliest step, and within a step what came first', () => {
    const diff = diffOf(
      { pointer: '/success', value: false },
      { pointer: '/action_trace/3/observation/step', value: 9 },
      { pointer: '/action_trace/1/result/value', value: 'x' },
      { pointer: '/action_trace/1/action/type', value: 'y' },
    );
    expect(diff.first_divergence).toEqual({
      step: 2,
      where: 'action',
      pointer: '/action_trace/1/action/type',
      a: 'look',
      b: 'y',
    });
    expect(diff.steps.map(({ step }) => step)).toEqual([2, 4]);
  });

  test('lacks the side that has nothing there', () => {
    expect(diffOf({ pointer: '/action_trace/0/result/value' }).first_divergence).toEqual({
      step: 1,
      where: 'result',
      pointer: '/action_trace/0/result/value',
      a: 'seen 1',
    });
  });
});

test('the summary has both values of each field that differs, in its own words', () => {
  const diff = diffOf({ pointer: '/agent_ref', value: 'b.ts' }, { pointer: '/seed', value: 99 });
  expect(diff.summary).toEqual([
    { field: 'agent', pointer: '/agent_ref', a: base.agent_ref, b: 'b.ts' },
    { field: 'seed', pointer: '/seed', a: base.seed, b: 99 },
  ]);
});

test('the drift of budgets is B less A, in all and by step', () => {
  const costly = applyChanges(base, [
    { pointer: '/budgets/steps', value: 12 },
    { pointer: '/steps_used', value: 5 },
    { pointer: '/action_trace/1/budget_delta/steps', value: 2 },
    { pointer: '/action_trace/1/budget_after_step/tool_calls', value: 5 },
  ]);
  expect(diffArtifacts(base, costly).budget_drift).toEqual({
    limits: { steps: 2, tool_calls: 0 },
    used: { steps: 1, tool_calls: 0 },
    steps: [{ step: 2, consumed: { steps: 1, tool_calls: 0 }, remaining: { steps: 0, tool_calls: -3 } }],
  });
  expect(diffOf({ pointer: '/seed', value: 99 }).budget_drift).toBeNull();
});

test('a change of outcome is named', () => {
  const failed = episode({ executed: 4, reason: 'logic_failure' });
  const late = episode({ executed: 4, reason: 'timeout' });
  expect(diffArtifacts(base, failed).taxonomy).toEqual({
    change: 'regressed',
    a: { success: true, termination_reason: 'success', failure_type: null },
    b: { success: false, termination_reason: 'logic_failure', failure_type: 'logic_failure' },
  });
  expect(diffArtifacts(failed, base).taxonomy?.change).toBe('recovered');
  expect(diffArtifacts(failed, late).taxonomy?.change).toBe('changed');
  expect(diffArtifacts(failed, failed).taxonomy).toBeNull();
});

test('io audit: entries added and removed, and a mere change of order', () => {
  const [read, write] = [
    { type: 'fs', op: 'read', path: '/a' },
    { type: 'fs', op: 'write', path: '/b' },
  ];
  const one = applyChanges(base, [{ pointer: '/action_trace/0/io_audit', value: [read, write] }]);
  const two = applyChanges(base, [{ pointer: '/action_trace/0/io_audit', value: [write, read] }]);
  const [added] = diffArtifacts(base, one).steps;
  expect(added?.io_audit.added.map(({ entry }) => entry)).toEqual([read, write]);
  const diff = diffArtifacts(one, two);
  expect(diff.steps[0]?.io_audit).toEqual({ added: [], removed: [], reordered: true });
  expect(whereOf(diff)).toEqual({ step: 1, where: 'io_audit', pointer: '/action_trace/0/io_audit/0/op' });
});

test('steps that one side alone has are named, with no lists of changes', () => {
  const longer = episode({ executed: 6 });
  const steps = diffArtifacts(base, longer).steps.filter((step) => step.in !== 'both');
  expect(steps.map((step) => [step.step, step.in])).toEqual([
    [5, 'b'],
    [6, 'b'],
  ]);
  expect(diffArtifacts(longer, base).steps.at(-1)).toMatchObject({ step: 6, in: 'a', action: [], result: [] });
});

describe.each(['other_task@1', 'echo_key@2'])('the task %s instead', (ref) => {
  test('is incompatible, and the summary alone is compared', () => {
    const diff = diffOf(
      { pointer: '/task_ref', value: ref },
      { pointer: '/seed', value: 99 },
      { pointer: '/action_trace/0/result/ok', value: false },
    );
    expect(diff).toMatchObject({ status: 'incompatible', first_divergence: null, taxonomy: null, budget_drift: null });
    expect(pointersOf(diff)).toEqual(['/task_ref', '/seed']);
  });
});

test('a changed hash of the same task is told and can be compared', () => {
  const diff = diffOf({ pointer: '/task_hash', value: 'sha256:0' });
  expect([diff.status, diff.summary[0]?.field]).toEqual(['different', 'task_hash']);
});

describe('one edit of a real artifact', () => {
  const python = pythonArtifacts().map(([, text]) => JSON.parse(text) as Artifact);
  const subjects: Artifact[] = [sampleArtifact(), base, ...python];

  test('is found and named by its pointer, wherever it is made', () => {
    for (const subject of subjects) {
      const edits = leavesOf(subject as unknown as Json).map(editOf);
      const tried = edits.filter((edit) => isArtifact(applyChanges(subject, [edit])));
      expect(tried.length).toBeGreaterThan(edits.length * 0.7);
      for (const { pointer, value } of tried) {
        const diff = diffArtifacts(subject, applyChanges(subject, [{ pointer, value }]));
        if (VOLATILE.test(pointer)) {
          expect([pointer, diff.status]).toEqual([pointer, 'identical']);
        } else if (pointer === '/task_ref') {
          expect([diff.status, pointersOf(diff)]).toEqual(['incompatible', [pointer]]);
        } else {
          expect([diff.status, diff.first_divergence?.pointer]).toEqual(['different', pointer]);
          // An audit entry that changed is one removed and one added, each named whole.
          expect(pointersOf(diff)).toContain(pointer.replace(/(\/io_audit\/\d+)\/.*/, '$1'));
        }
      }
    }
  });

  test('in a volatile field does not count, whatever is put there', () => {
    const top = ['run_id', 'started_at', 'wall_clock_elapsed_s', 'artifact_hash', 'evidence_links', 'isolation'];
    const pointers = [...top.map((name) => `/${name}`), '/action_trace/0/action_ts', '/action_trace/3/telemetry'];
    fc.assert(
      fc.property(fc.constantFrom(...pointers), json, (pointer, value) => {
        expect(diffOf({ pointer, value })).toMatchObject({ status: 'identical', first_divergence: null, other: [] });
      }),
    );
  });

  test('that removes a field is found as well', () => {
    for (const subject of subjects) {
      for (const [pointer] of leavesOf(subject as unknown as Json)) {
        const edited = applyChanges(subject, [{ pointer }]);
        if (VOLATILE.test(pointer) || !isArtifact(edited)) continue;
        expect([pointer, diffArtifacts(subject, edited).status]).toEqual([pointer, 'different']);
      }
    }
  });
});

describe('any two artifacts', () => {
  const isSame = (a: Artifact, b: Artifact) => hashArtifact(a, sha256) === hashArtifact(b, sha256);

  test('the schema takes what the properties below are tried on', () => {
    fc.assert(
      fc.property(anyArtifact, (artifact) => {
        expect(isArtifact(artifact)).toBe(true);
      }),
    );
  });

  test('are identical exactly when their recomputed hashes agree', () => {
    fc.assert(
      fc.property(anyArtifact, anyArtifact, (a, b) => {
        expect(diffArtifacts(a, b).status === 'identical').toBe(isSame(a, b));
        const copy = JSON.parse(JSON.stringify(a)) as Artifact;
        expect(diffArtifacts(a, copy)).toMatchObject({ status: 'identical', steps: [], summary: [], other: [] });
      }),
    );
  });

  test('have the same status and first divergence in either order', () => {
    fc.assert(
      fc.property(anyArtifact, anyArtifact, (a, b) => {
        const [there, back] = [diffArtifacts(a, b), diffArtifacts(b, a)];
        expect(back.status).toBe(there.status);
        expect(whereOf(back)).toEqual(whereOf(there));
        expect(pointersOf(back).sort()).toEqual(pointersOf(there).sort());
      }),
    );
  });

  test('give plain data that says where they part exactly when they differ', () => {
    fc.assert(
      fc.property(anyArtifact, anyArtifact, (a, b) => {
        const diff = diffArtifacts(a, b);
        expect(canonicalize(diff as unknown as Json)).toContain('"diff_version":1');
        expect(diff.first_divergence !== null).toBe(diff.status === 'different');
        expect(diff.status !== 'identical').toBe(pointersOf(diff).length > 0 || diff.steps.length > 0);
      }),
    );
  });
});

describe('files of the Python runtime', () => {
  test('a number spelled with a fraction of zero is the same number', () => {
    const [, text] = pythonArtifacts()[0] as [string, string];
    const spelled = text.replace(/("seed": ?\d+)/, '$1.0').replace(/("steps_used": ?\d+)/g, '$1.0');
    expect(spelled).not.toBe(text);
    expect(diffArtifacts(JSON.parse(text), JSON.parse(spelled)).status).toBe('identical');
  });

  test.each(pythonArtifacts())('%s against an artifact of ours, both ways', (_, text) => {
    const python = JSON.parse(text) as Artifact;
    const ours = { ...sampleArtifact(), task_ref: python.task_ref };
    expect(diffArtifacts(python, python).status).toBe('identical');
    expect(whereOf(diffArtifacts(ours, python))).toEqual(whereOf(diffArtifacts(python, ours)));
    expect(diffArtifacts(ours, python).first_divergence).not.toBeNull();
  });
});
