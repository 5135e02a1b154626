import { hashArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { Artifact, JsonObject } from '@tracecore/spec';
import { type LoadedTask, TasksError } from '@tracecore/tasks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorkspace, type Workspace } from '../testing/workspace.js';
import { type VerifyReport, verifyArtifact } from './verify-artifact.js';

let workspace: Workspace;
let task: LoadedTask;
let honest: Artifact;
beforeAll(async () => {
  workspace = await openWorkspace();
  task = await workspace.task();
  honest = await workspace.playActions(ACTIONS, { task });
});
afterAll(() => workspace.close());

const ACTIONS = [
  { type: 'peek', args: { path: '/app/goal.txt' } },
  { type: 'add', args: { n: 2 } },
  { type: 'report', args: { total: 2 } },
];

async function verify(artifact: unknown, folder: LoadedTask | null = task): Promise<VerifyReport> {
  const registry = {
    async get(ref: string) {
      if (folder?.ref === ref) return folder;
      throw new TasksError('TASK_NOT_FOUND', `there is no task ${ref}`);
    },
  };
  const { loader, runner } = workspace;
  return verifyArtifact(artifact, JSON.stringify(artifact), { registry, loader, runner });
}

const entryOf = (copy: Artifact, index: number) => copy.action_trace[index] as Artifact['action_trace'][number];
const argsOf = (copy: Artifact, index: number) => (entryOf(copy, index).action as { args: object }).args;
const statuses = ({ checks }: VerifyReport) => Object.fromEntries(checks.map(({ check, status }) => [check, status]));
const failing = ({ checks }: VerifyReport, name: string) =>
  checks.find(({ check, status }) => check === name && status === 'fail');

/** A copy of the honest artifact, edited; with `rehash` its hash is made to fit again. */
function edited(edit: (copy: JsonObject & Artifact) => void, { rehash = false } = {}): Artifact {
  const copy = structuredClone(honest) as JsonObject & Artifact;
  edit(copy);
  if (rehash) copy.artifact_hash = hashArtifact(copy, sha256);
  return copy;
}

test('an honest artifact passes every check, each on its own line [REQ-VER-01]', async () => {
  const report = await verify(honest);
  expect(report).toMatchObject({ ok: true, run_id: honest.run_id });
  expect(statuses(report)).toEqual({ schema: 'ok', hash: 'ok', budgets: 'ok', taxonomy: 'ok', 're-derivation': 'ok' });
});

describe('every way an episode can end is proven, or said not to be', () => {
  test.each<[string, unknown[], object]>([
    ['steps_exhausted', [ACTIONS[1]], { budgets: { steps: 2 } }],
    ['tool_calls_exhausted', [ACTIONS[1]], {}],
    ['invalid_action', [ACTIONS[1], { type: 'fly', args: {} }], {}],
    ['invalid_action', [ACTIONS[1], null], {}],
    ['action_exception', [{ type: 'boom', args: {} }], {}],
    ['sandbox_violation', [{ type: 'peek', args: { path: '/etc/passwd' } }], {}],
    ['logic_failure', [{ type: 'give_up', args: { how: { message: 'no' } } }], {}],
    ['timeout', [{ type: 'spin', args: {} }], { limits: { fuelPerCall: 100 } }],
  ])('%s', async (reason, actions, request) => {
    const artifact = await workspace.playActions(actions, { task, ...request });
    expect(artifact.termination_reason).toBe(reason);
    const report = await verify(artifact);
    expect(report.checks.filter(({ status }) => status !== 'ok')).toEqual([]);
  });

  test.each([
    [
      'agent_exception',
      'let n = 0; export default { act() { if (n++) throw new Error("x"); return { type: "add", args: { n: 1 } }; } };',
    ],
    [
      'timeout',
      'let n = 0; export default { act() { if (n++) for (;;) {} return { type: "add", args: { n: 1 } }; } };',
    ],
    ['invalid_action', 'export default { act: () => ({ type: "add", args: { n: NaN } }) };'],
  ])('%s by the agent', async (reason, source) => {
    const artifact = await workspace.play(source, { task, limits: { fuelPerCall: 200 } });
    expect(artifact.termination_reason).toBe(reason);
    expect((await verify(artifact)).checks.filter(({ status }) => status !== 'ok')).toEqual([]);
  });
});

describe('names the field', () => {
  const resultOf = (copy: Artifact) => entryOf(copy, 1).result as { total: number };

  test('of one byte changed in a result [REQ-VER-02]', async () => {
    const report = await verify(edited((copy) => (resultOf(copy).total = 3)));
    expect(failing(report, 'hash')).toMatchObject({ code: 'HASH_MISMATCH', pointer: '/artifact_hash' });
    expect(failing(report, 're-derivation')).toMatchObject({
      code: 'SCORE_DIFFERS',
      pointer: '/action_trace/1/result/total',
    });
  });

  test('of a step removed', async () => {
    const report = await verify(edited((copy) => copy.action_trace.splice(1, 1)));
    expect(failing(report, 'budgets')).toMatchObject({ code: 'STEP_OUT_OF_ORDER', pointer: '/action_trace/1/step' });
    expect(report.ok).toBe(false);
  });

  test('of a budget edited [REQ-VER-03]', async () => {
    const report = await verify(edited((copy) => (copy.budgets.steps = 60)));
    expect(failing(report, 'budgets')).toMatchObject({ code: 'REMAINDER_MISMATCH', pointer: '/budgets/steps' });
  });

  test('of an ending that does not fit [REQ-VER-04]', async () => {
    const report = await verify(edited((copy) => (copy.failure_type = 'timeout')));
    expect(failing(report, 'taxonomy')).toMatchObject({ pointer: '/failure_type' });
  });
});

describe('an edit whose hash was recomputed fails re-derivation [REQ-VER-05]', () => {
  test.each<[string, (copy: JsonObject & Artifact) => void, string]>([
    [
      'a result',
      (copy) => Object.assign(copy.action_trace[1]?.result as object, { total: 9 }),
      '/action_trace/1/result/total',
    ],
    ['an action', (copy) => Object.assign(argsOf(copy, 1), { n: 1 }), '/action_trace/1/result/total'],
    ['an audit entry dropped', (copy) => copy.action_trace[0]?.io_audit.pop(), '/action_trace/0/io_audit/1'],
    [
      'an audit entry renamed',
      (copy) => Object.assign(copy.action_trace[0]?.io_audit[0] as object, { path: '/app/x' }),
      '/action_trace/0/io_audit/0/path',
    ],
    [
      'what was seen',
      (copy) => Object.assign(copy.action_trace[0]?.observation.visible_state as object, { files_seen: [] }),
      '/action_trace/0/observation/visible_state/files_seen/0',
    ],
    ['the validator', (copy) => Object.assign(copy.validator as object, { message: 'forged' }), '/validator/message'],
    [
      'the seed',
      (copy) => Object.assign(copy, { seed: 8, determinism: { seed: 8, tooling: {} } }),
      '/action_trace/0/result/content',
    ],
    [
      'the last step cut off',
      (copy) => Object.assign(copy, { action_trace: copy.action_trace.slice(0, 2), steps_used: 2, tool_calls_used: 2 }),
      '/success',
    ],
  ])('%s', async (_what, edit, pointer) => {
    const report = await verify(edited(edit, { rehash: true }));
    expect(statuses(report).hash).toBe('ok');
    expect(failing(report, 're-derivation')).toMatchObject({ code: 'SCORE_DIFFERS', pointer });
  });

  test('a failure turned into a success', async () => {
    const failed = await workspace.playActions([ACTIONS[1]], { task, budgets: { steps: 1 } });
    const forged = {
      ...structuredClone(failed),
      success: true,
      termination_reason: 'success',
      failure_type: null,
      failure_reason: null,
    };
    const artifact = { ...forged, artifact_hash: hashArtifact(forged as Artifact, sha256) };
    const report = await verify(artifact);
    expect(statuses(report)).toMatchObject({ hash: 'ok', taxonomy: 'ok' });
    expect(failing(report, 're-derivation')).toMatchObject({ pointer: '/termination_reason' });
  });

  test('an agent_exception claimed where the task had ended the episode', async () => {
    const forged = edited(
      (copy) =>
        Object.assign(copy, {
          success: false,
          termination_reason: 'agent_exception',
          failure_type: 'invalid_action',
          failure_reason: 'x',
          validator: {},
        }),
      { rehash: true },
    );
    expect(failing(await verify(forged), 're-derivation')).toMatchObject({ pointer: '/termination_reason' });
  });
});

describe('a check that cannot be made is never passed [REQ-VER-06]', () => {
  test('for want of the task, or of the same task', async () => {
    expect(failing(await verify(honest, null), 're-derivation')).toMatchObject({
      code: 'TASK_NOT_FOUND',
      pointer: '/task_ref',
    });
    const other = await workspace.task({ 'extra.txt': 'one more file' });
    expect(failing(await verify(honest, other), 're-derivation')).toMatchObject({
      code: 'TASK_HASH_DIFFERS',
      pointer: '/task_hash',
    });
  });

  test('for want of a valid schema: the rest is skipped and nothing is ok', async () => {
    const report = await verify({ ...honest, steps_used: 'three' });
    expect(report.ok).toBe(false);
    expect(failing(report, 'schema')).toMatchObject({ pointer: '/steps_used' });
    expect(statuses(report)).toMatchObject({
      hash: 'skip',
      budgets: 'skip',
      taxonomy: 'skip',
      're-derivation': 'skip',
    });
    expect(failing(await verify(null), 'schema')).toBeDefined();
    expect(failing(await verify({ ...honest, spec_version: 'tracecore-spec-v9.0' }), 'schema')).toMatchObject({
      code: 'SPEC_VERSION_UNSUPPORTED',
    });
  });
});
