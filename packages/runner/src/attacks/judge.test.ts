import type { Artifact } from '@tracecore/spec';
import { expect, test } from 'vitest';
import { judge, type Sighting } from './testing/judge.js';

const held = { ends: ['steps_exhausted'] };
const artifact = { termination_reason: 'steps_exhausted', failure_reason: 'steps_exhausted', action_trace: [] };
const quiet: Sighting = {
  played: { artifact: artifact as unknown as Artifact },
  findings: [],
  canaries: { environ: 'canary-environ-1' },
  neverSeen: ['took 4096 MiB'],
  damage: [],
  orphans: [],
  leftovers: [],
};
const ending = (fields: object): Partial<Sighting> => ({
  played: { artifact: { ...artifact, ...fields } as unknown as Artifact },
});
const noted = (text: string) => ending({ action_trace: [{ action: { args: { text } } }] });

test('an attack that got nowhere has no fault', () => {
  expect(judge(held, quiet, false)).toEqual([]);
});

test.each<[string, Partial<Sighting>, string]>([
  ['a canary in the artifact', noted('found canary-environ-1'), 'escape'],
  ['a text that must not be seen', noted('took 4096 MiB'), 'escape'],
  ['a success', ending({ termination_reason: 'success' }), 'escape'],
  ['something touched outside', { damage: ['outside/marker was written'] }, 'escape'],
  ['another ending', ending({ termination_reason: 'timeout' }), 'wrong ending'],
  ['no artifact', { played: { error: { code: 'WORKER_FAILED', message: 'gone' } } }, 'lost artifact'],
  ['an artifact that does not verify', { findings: ['/artifact_hash is x, computed y'] }, 'unsound artifact'],
  ['a process left running', { orphans: ['sleep 60'] }, 'orphan'],
  ['a folder left', { leftovers: ['tracecore-program-1-x'] }, 'leftover'],
])('%s is one', (_what, seen, kind) => {
  expect(judge(held, { ...quiet, ...seen }, false)).toMatchObject([{ kind }]);
});

test('what is let through may escape, but its artifact must be there and verify', () => {
  const escaped = { ...quiet, ...noted('canary-environ-1'), orphans: ['sleep 60'] };
  expect(judge(held, escaped, true)).toEqual([]);
  expect(judge(held, { ...quiet, findings: ['a wrong hash'] }, true)).toMatchObject([{ kind: 'unsound artifact' }]);
});

test('what is to be refused is a fault when it is played, and when it is refused for another reason', () => {
  const refused = { refused: 'TASK_FOLDER_UNSAFE' };
  const refusal = (code: string) => ({ ...quiet, played: { error: { code, message: '' } } });
  expect(judge(refused, refusal('TASK_FOLDER_UNSAFE'), false)).toEqual([]);
  expect(judge(refused, refusal('BUNDLE_FAILED'), false)).toMatchObject([{ kind: 'lost artifact' }]);
  expect(judge(refused, quiet, false)).toMatchObject([{ kind: 'escape' }]);
});
