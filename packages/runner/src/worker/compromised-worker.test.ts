import { fileURLToPath } from 'node:url';
import type { Artifact } from '@tracecore/spec';
import { artifactIssues } from '@tracecore/spec';
import { afterAll, expect, test } from 'vitest';
import { createRunner } from '../create-runner.js';
import type { FrozenStep } from '../episode/frozen-step.js';
import { runtime } from '../testing/workspace.js';
import type { EpisodeRequest } from '../types.js';

const runner = createRunner({
  runtime,
  workerEntry: fileURLToPath(new URL('../testing/compromised-worker.mjs', import.meta.url)),
});
afterAll(() => runner.close());

const bundle = { name: 'x', sourceRoot: '.', code: '', map: '', sources: [], digest: 'sha256:0' };
const hash = `sha256:${'0'.repeat(64)}`;

/** An episode whose worker writes what `attack` names. */
function play(attack: string, fork?: Pick<EpisodeRequest, 'fork'>): Promise<Artifact> {
  const manifest = {
    id: 'forged',
    suite: 'test',
    version: 1,
    description: attack,
    budgets: { steps: 3, tool_calls: 3 },
    action_surface: { actions: [] },
    sandbox: { filesystem_roots: [], network_hosts: [] },
  };
  const request = {
    agent: { ref: 'agents/x.ts', hash, violation: null, bundle },
    task: { ref: 'forged@1', dir: '', hash, manifest, bundle },
    seed: 0,
    ...fork,
  };
  return runner.run(request as unknown as EpisodeRequest);
}

/** How the episode went: its artifact's ending, or the code of the error. */
const ending = (attack: string) =>
  play(attack).then(
    (artifact) => {
      expect(artifactIssues(artifact)).toEqual([]);
      return `${artifact.termination_reason}: ${artifact.failure_reason}`;
    },
    ({ code }: { code?: string }) => String(code),
  );

const DIED = 'agent_exception: the worker process died: it ';
test.each([
  ['garbage', `${DIED}wrote what is no message of a worker`],
  ['bytes that are no text', `${DIED}wrote what is no message of a worker`],
  ['null', `${DIED}wrote what is no message of a worker`],
  ['a number', `${DIED}wrote what is no message of a worker`],
  ['a forged prototype', `${DIED}wrote what is no message of a worker`],
  ['deep nesting', `${DIED}wrote what is no message of a worker`],
  ['lists without number', `${DIED}wrote what is no message of a worker`],
  ['a line without end', `${DIED}wrote a line without end`],
  ['messages without end', `${DIED}told of entries that do not follow`],
  ['processes without end', `${DIED}started a process, which it may not`],
  ['another id', `${DIED}spoke of an episode that is over`],
  ['an earlier id', `${DIED}spoke of an episode that is over`],
  ['being ready again', `${DIED}said twice that it was ready`],
  ['a step that skips', `${DIED}told of entries that do not follow`],
  ['a step of nothing', `${DIED}wrote what is no message of a worker`],
  ['an action that is a list', `${DIED}wrote what is no message of a worker`],
  ['a success it did not earn', `${DIED}told of totals that do not add up`],
  ['a refusal of its own', `${DIED}wrote what is no message of a worker`],
  ['the process of its referee', /^agent_exception: the worker process died: it (started a process|wrote what)/],
  ['every process', `${DIED}wrote what is no message of a worker`],
  ['a time that is none', 'WORKER_FAILED'],
  ['lone surrogates', 'WORKER_FAILED'],
  ['numbers past all numbers', 'WORKER_FAILED'],
  ['an outcome of prototypes', 'logic_failure: forged'],
  ['the end twice', 'logic_failure: forged'],
])('a worker that writes %s ends its own episode, and the referee goes on', async (attack, expected) => {
  expect(await ending(attack)).toMatch(expected);
  expect(({} as { x?: number }).x).toBeUndefined();
  expect(await ending('honest')).toBe('logic_failure: forged');
});

test('a worker that tells of other steps than the frozen ones forks nothing, and the referee goes on', async () => {
  const frozen = [{ step: 1, action: { type: 'look' }, result: { ok: true } }] as FrozenStep[];
  const fork = { artifactHash: hash, runId: null, at: 2, frozen };
  await expect(play('honest', { fork })).rejects.toMatchObject({
    code: 'FORK_OVER',
    message: expect.stringMatching(/step 1 ended as agent_exception .*died: it told of/),
  });
  expect(await ending('honest')).toBe('logic_failure: forged');
});
