import { hashArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { Artifact, JsonObject, TraceEntry } from '@tracecore/spec';
import type { LoadedTask } from '@tracecore/tasks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRunner } from '../create-runner.js';
import { add, call, report } from '../testing/actions.js';
import { COUNTER_TASK } from '../testing/counter-task.js';
import { expectSound, trace } from '../testing/expect-sound.js';
import { openWorkspace, runtime, scripted, type Workspace, workerEntry } from '../testing/workspace.js';
import type { EpisodeRequest, LoadedAgent } from '../types.js';
import { rederive } from '../verify/rederive.js';
import { forkOf } from './fork-origin.js';
import { inputsOf } from './inputs-of.js';

let workspace: Workspace;
let task: LoadedTask;
/** Adds 1, 2 and 3, and reports 6: its behaviour depends on the observation alone. */
let parent: Artifact;
let author: LoadedAgent;

const STATELESS = `
export default { act({ step, last_action_result }) {
  return step < 4
    ? { type: 'add', args: { n: step } }
    : { type: 'report', args: { total: last_action_result.total } };
} };`;
const HASTY = `export default { act: ({ last_action_result: last }) => ({ type: 'report', args: { total: last?.total ?? 9 } }) };`;

beforeAll(async () => {
  workspace = await openWorkspace();
  task = await workspace.task();
  author = await workspace.agent(STATELESS);
  parent = await workspace.playAgain(author, { task, limits: { fuelPerCall: 9_000 }, configMeta: { team: 'red' } });
});
afterAll(() => workspace.close());

/** Has an agent go on from step `at` of a run, on the same inputs. */
async function fork(
  agent: string | LoadedAgent,
  at: number,
  { of = parent, ...request }: Partial<EpisodeRequest> & { of?: Artifact } = {},
): Promise<Artifact> {
  const loaded = typeof agent === 'string' ? await workspace.agent(agent) : agent;
  return workspace.playAgain(loaded, { task, ...inputsOf(of), fork: forkOf(of, at), ...request });
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'played',
    ({ code, message }: { code?: string; message: string }) => `${code}: ${message}`,
  );
const course = (artifact: Artifact) =>
  trace(artifact).map(({ action, observation, result, io_audit, budget_after_step }) => ({
    action,
    observation,
    result,
    io_audit,
    budget_after_step,
  }));

test('the same stateless agent gives the trace of the parent, wherever it takes over', async () => {
  for (let at = 1; at <= 4; at += 1) {
    const forked = await fork(STATELESS, at);
    expectSound(forked);
    expect(course(forked)).toEqual(course(parent));
    expect(forked).toMatchObject({
      success: true,
      steps_used: 4,
      tool_calls_used: 4,
      forked_from: { artifact_hash: parent.artifact_hash, at },
      evidence_links: { forked_from_run: parent.run_id },
      limits: { fuel_per_call: 9_000 },
      episode_config_meta: { team: 'red' },
    });
    expect(await rederive(forked, task, workspace.runner)).toBeNull();
  }
});

test('another agent goes on to win, or to lose, and either record can be derived again', async () => {
  const won = await fork(HASTY, 3);
  expect(won).toMatchObject({ success: true, steps_used: 3 });
  expect(trace(won).map(({ action }) => action)).toEqual([add(1), add(2), report(3)]);
  const lost = await fork(scripted([call('mixed', { x: 1 })]), 3);
  expect(lost).toMatchObject({ success: false, termination_reason: 'tool_calls_exhausted', steps_used: 5 });
  expect(course(lost).slice(0, 2)).toEqual(course(parent).slice(0, 2));
  for (const forked of [won, lost]) {
    expectSound(forked);
    expect(await rederive(forked, task, workspace.runner)).toBeNull();
  }
});

test('the agent is reset once, and first asked at the step it goes on from, as any agent would be there', async () => {
  const witness = `
let resets = 0; let asked = 0;
export default {
  reset() { resets += 1; },
  act(observation) {
    asked += 1;
    return { type: 'mixed', args: { x: { resets, asked, observation, at: Date.now() } } };
  },
};`;
  const forked = await fork(witness, 3);
  const [, , third] = trace(forked);
  const { args } = (third as TraceEntry).action as { args: JsonObject };
  expect(args.x).toEqual({
    resets: 1,
    asked: 1,
    observation: trace(parent)[2]?.observation,
    at: Date.UTC(2000, 0, 1) + 2_000,
  });
});

test('two runs of one parent give forks of one hash, and another step another', async () => {
  const twin = await workspace.playAgain(author, { task, ...inputsOf(parent) });
  expect(twin.run_id).not.toBe(parent.run_id);
  const agent = await workspace.agent(HASTY);
  const [one, same, other] = [await fork(agent, 2), await fork(agent, 2, { of: twin }), await fork(agent, 3)];
  expect(one.artifact_hash).toBe(hashArtifact(one, sha256));
  expect(same.artifact_hash).toBe(one.artifact_hash);
  expect(other.artifact_hash).not.toBe(one.artifact_hash);
});

test('a fork of a fork names the fork, and a fork is played again from its own record', async () => {
  const first = await fork(HASTY, 2);
  const second = await fork(STATELESS, 2, { of: first });
  expect(second.forked_from).toEqual({ artifact_hash: first.artifact_hash, at: 2 });
  expect(inputsOf(second).fork).toEqual(forkOf(first, 2));
  const agent = await workspace.agent(HASTY);
  const one = await fork(agent, 3);
  const replayed = await workspace.playAgain(agent, { task, ...inputsOf(one) });
  expect(replayed.artifact_hash).toBe(one.artifact_hash);
});

describe('an agent that fails where it takes over leaves the frozen steps and its own end', () => {
  test.each([
    ['while it is loaded', 'throw new Error("x"); export default { act() {} };', 'agent_exception', 'load: '],
    ['in reset', 'export default { reset() { throw new Error("x"); }, act() {} };', 'agent_exception', 'reset: '],
    ['in act', 'export default { act() { throw new Error("x"); } };', 'agent_exception', 'act: '],
    ['for ever', 'export default { reset() { for (;;) {} }, act() {} };', 'timeout', 'reset '],
  ])('%s', async (_when, source, reason, said) => {
    const forked = await fork(source, 3);
    expectSound(forked);
    expect(forked).toMatchObject({ termination_reason: reason, steps_used: 2, tool_calls_used: 2 });
    expect(forked.failure_reason).toContain(said);
    expect(course(forked)).toEqual(course(parent).slice(0, 2));
    expect(await rederive(forked, task, workspace.runner)).toBeNull();
  });

  test('but one that is refused before loading plays nothing at all', async () => {
    const agent = { ...(await workspace.agent(HASTY)), violation: 'it imports a task' };
    const forked = await fork(agent, 3);
    expect(forked).toMatchObject({ termination_reason: 'sandbox_violation', steps_used: 0, forked_from: { at: 3 } });
    expect(await codeOf(fork(HASTY, 1, { of: forked, fork: inputsOf(forked).fork as never }))).toMatch(
      /^FORK_POINT_INVALID: to go on from step 3 takes the 2 steps before it, the record has 0/,
    );
  });
});

test('every host plays a fork alike', async () => {
  const file = await workspace.write('agents/hasty.ts', HASTY);
  const outside = await workspace.loader.agent(file, { isolation: 'process' });
  const inside = await workspace.loader.agent(file);
  const expected = await fork(inside, 3);
  for (const forked of [await fork(outside, 3), await fork(inside, 3, { isolation: 'inline' })]) {
    expect(course(forked)).toEqual(course(expected));
    expect(forked).toMatchObject({ success: true, forked_from: expected.forked_from });
  }
});

describe('no episode is recorded where the frozen part does not hold', () => {
  const HOSTS: Partial<EpisodeRequest>[] = [{}, { isolation: 'inline' }];
  test.each(HOSTS)('a changed task is named with step, field and both values %o', async (host) => {
    const actions = `
import { action, integer, object } from '@tracecore/kit';
const args = object({ n: integer() });
export default {
  add: action({ description: 'Adds.', args, run: ({ n }, { state }) => ({ ok: true, total: (state.total += n * n) }) }),
};`;
    const changed = await workspace.task({
      'actions.ts': actions,
      'task.toml': (COUNTER_TASK['task.toml'] as string).replace(/^actions = .*$/m, 'actions = ["add"]'),
    });
    expect(await codeOf(fork(HASTY, 4, { task: changed, ...host }))).toBe(
      'FORK_DIFFERS: step 2 does not come out as it was recorded: /action_trace/1/result/total was 3 and is 5; is the task another one, or does it depend on more than its seed?',
    );
  });

  test('a record that says more than the task gives', async () => {
    const forged = structuredClone(parent);
    Object.assign(trace(forged)[0] as object, { io_audit: [{ type: 'fs', op: 'read', path: '/app/goal.txt' }] });
    expect(await codeOf(fork(HASTY, 2, { of: forged }))).toMatch(/^FORK_DIFFERS: step 1 .*\/io_audit\/0 was/);
  });

  test.each([0, -1, 1.5, Number.NaN, 6])('step %s', async (at) => {
    expect(await codeOf(fork(HASTY, at))).toMatch(/^FORK_POINT_INVALID: .* one of the steps 1 to 5, got /);
  });

  test('the step after the one that ended it', async () => {
    expect(await codeOf(fork(HASTY, 5))).toBe(
      'FORK_OVER: step 4 ended the recorded episode (success); fork it at step 4 or before',
    );
  });

  test('a budget that the frozen steps use up, or an ending of the validator that they lead to', async () => {
    const spent = await workspace.play(STATELESS, { task, budgets: { steps: 2 } });
    expect(spent.termination_reason).toBe('steps_exhausted');
    expect(await codeOf(fork(HASTY, 3, { of: spent }))).toMatch(/^FORK_OVER: .* budget of 2 steps is used up by then/);
    const given = await workspace.playActions(
      [call('give_up', { how: { termination_reason: 'steps_exhausted', failure_type: 'budget_exhausted' } })],
      { task },
    );
    expect(await codeOf(fork(HASTY, 2, { of: given }))).toMatch(/^FORK_OVER: .* step 1 ends the episode/);
  });

  test('a wall clock that the frozen steps use up', async () => {
    let now = 0;
    const clock = { iso: () => '2026-01-01T00:00:00.000Z', monotonic: () => (now += 600) };
    const runner = createRunner({ runtime, workerEntry, clock });
    const agent = await workspace.agent(HASTY);
    const request = { agent, task, ...inputsOf(parent), fork: forkOf(parent, 3), isolation: 'inline' as const };
    const played = runner.run({ ...request, budgets: { wall_clock_seconds: 1 } }).finally(() => runner.close());
    expect(await codeOf(played)).toMatch(/^FORK_OVER: .* step \d ends the episode \(wall clock of 1 s used up\)/);
  });

  test('forked_from that no fork wrote', () => {
    const forged = [null, {}, { artifact_hash: 'x' }, { artifact_hash: 'x', at: 0 }, { artifact_hash: 1, at: 2 }];
    for (const forked_from of forged) {
      expect(() => inputsOf({ ...parent, forked_from } as Artifact)).toThrowError(
        /forked_from must have artifact_hash/,
      );
    }
  });
});

test('after the last step of an agent that gave up, another one goes on', async () => {
  const quitter = `export default { act({ step }) { if (step > 2) throw new Error('tired'); return { type: 'add', args: { n: step } }; } };`;
  const failed = await workspace.play(quitter, { task });
  expect(failed).toMatchObject({ termination_reason: 'agent_exception', steps_used: 2 });
  const forked = await fork(HASTY, 3, { of: failed });
  expect(forked).toMatchObject({ success: true, steps_used: 3 });
});
