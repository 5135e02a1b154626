import type { TraceEntry } from '@tracecore/spec';
import { expect, test } from 'vitest';
import type { EpisodeJob } from '../episode/job.js';
import type { WorkerMessage } from './protocol.js';
import { RecordCheck } from './record-check.js';

const job = { budgets: { steps: 3, tool_calls: 2, wall_clock_seconds: null } } as EpisodeJob;
const entry = (step: number, tool_calls: 0 | 1 = 1): WorkerMessage => ({
  type: 'entry',
  id: 1,
  entry: { step, budget_delta: { steps: 1, tool_calls } } as TraceEntry,
});
const end = (steps_used: number, tool_calls_used: number) =>
  ({ type: 'end', id: 1, outcome: { steps_used, tool_calls_used } }) as WorkerMessage;
const child: WorkerMessage = { type: 'child', id: 1, child: { pid: 9, folder: '', running: true } };

/** What is said of the last of these messages; the ones before it pass. */
function verdict(...messages: WorkerMessage[]): string | null {
  const record = new RecordCheck(job);
  const said = messages.map((message) => record.breachOf(message, 100));
  expect(said.slice(0, -1)).toEqual(said.slice(0, -1).map(() => null));
  return said.at(-1) ?? null;
}

test('an episode told in order passes, a last step that no call was left for included', () => {
  expect(verdict(entry(1), entry(2), end(2, 2))).toBeNull();
  expect(verdict(entry(1), entry(2), end(3, 2))).toBeNull();
  expect(verdict(child, entry(1, 0), child, end(1, 0))).toBeNull();
});

test.each<[string, WorkerMessage[]]>([
  ['skips a step', [entry(2)]],
  ['tells a step twice', [entry(1), entry(1)]],
  ['has more steps than the budget', [entry(1, 0), entry(2, 0), entry(3, 0), entry(4, 0)]],
  ['has more tool calls than the budget', [entry(1), entry(2), entry(3)]],
])('one that %s does not follow', (_what, messages) => {
  expect(verdict(...messages)).toBe('it told of entries that do not follow');
});

test.each<[string, WorkerMessage]>([
  ['fewer steps than it told', end(0, 1)],
  ['many more steps than it told', end(3, 1)],
  ['another number of tool calls', end(1, 0)],
])('totals of %s do not add up', (_what, message) => {
  expect(verdict(entry(1), message)).toBe('it told of totals that do not add up');
});

test('a record without measure is refused before it fills the memory', () => {
  const record = new RecordCheck(job);
  expect(record.breachOf(entry(1), 100 * 2 ** 20)).toBeNull();
  expect(record.breachOf(entry(2), 100 * 2 ** 20)).toBe('it told of entries that take more than 128 MiB');
  expect(verdict(...Array.from({ length: 17 }, () => child))).toBe('it reported more processes than an episode has');
});

test('a worker can neither leave frozen steps out nor tell of others', () => {
  const step = (result: object) => ({ step: 1, result, budget_delta: { steps: 1, tool_calls: 1 } }) as TraceEntry;
  const forked = { ...job, frozen: [step({ ok: true })] } as unknown as EpisodeJob;
  const breach = (message: WorkerMessage) => new RecordCheck(forked).breachOf(message, 100);
  expect(breach({ type: 'entry', id: 1, entry: step({ ok: true }) })).toBeNull();
  expect(breach({ type: 'entry', id: 1, entry: step({ ok: false }) })).toBe(
    'it told of a frozen step that is not the recorded one',
  );
  expect(breach(end(0, 0))).toBe('it told of an end before the frozen steps were over');
});
