import { expect, test } from 'vitest';
import { CommandInput } from './command.js';
import { readRunFilter } from './run-filter.js';

const NOW = new Date('2026-03-08T12:00:00Z');
const read = (options: Record<string, string | true>) =>
  readRunFilter(new CommandInput([], new Map(Object.entries(options))), NOW);

test('nothing given keeps everything', () => {
  expect(read({})).toEqual({});
});

test('each option becomes what the index asks for', () => {
  expect(read({ agent: './agents/a.ts', task: 'x_y', 'failure-type': 'timeout', limit: '20' })).toEqual({
    agent: 'agents/a.ts',
    task: 'x_y',
    failure_type: 'timeout',
    limit: 20,
  });
  expect([read({ success: true }), read({ failed: true })]).toEqual([{ success: true }, { success: false }]);
});

test.each([
  ['90s', '2026-03-08T11:58:30.000Z'],
  ['12h', '2026-03-08T00:00:00.000Z'],
  ['7d', '2026-03-01T12:00:00.000Z'],
  ['2w', '2026-02-22T12:00:00.000Z'],
  ['2026-03-01', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01T10:30', '2026-03-01T10:30:00.000Z'],
  ['2026-03-01 10:30:05', '2026-03-01T10:30:05.000Z'],
  ['2026-03-01T10:30+02:00', '2026-03-01T08:30:00.000Z'],
])('--since %s is %s in any time zone', (text, moment) => {
  expect(read({ since: text }).since?.toISOString()).toBe(moment);
});

test.each<[Record<string, string | true>, string]>([
  [{ since: 'yesterday' }, '--since takes 7d, 12h, 30m'],
  [{ since: '2026-13-01' }, '--since takes'],
  [{ since: '7' }, '--since takes'],
  [{ limit: '0' }, '--limit takes a whole number of 1 or more, got "0"'],
  [{ limit: '1e3' }, '--limit takes'],
  [{ task: 'X@1' }, '--task must be id@version or an id, got "X@1"'],
  [{ 'failure-type': 'timeot' }, '--failure-type does not know "timeot"; did you mean timeout?'],
  [{ 'failure-type': 'everything' }, 'it is one of budget_exhausted, invalid_action'],
  [{ success: true, failed: true }, '--success and --failed exclude each other'],
  [{ success: true, 'failure-type': 'timeout' }, '--success and --failure-type exclude each other'],
])('%j is refused', (options, message) => {
  expect(() => read(options)).toThrow(message);
});
