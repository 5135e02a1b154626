import { expect, test } from 'vitest';
import { parseSince } from './since.js';

const NOW = new Date('2026-03-10T12:00:00Z');

test.each([
  ['90m', '2026-03-10T10:30:00.000Z'],
  ['12h', '2026-03-10T00:00:00.000Z'],
  ['7d', '2026-03-03T12:00:00.000Z'],
  ['2w', '2026-02-24T12:00:00.000Z'],
  ['2026-03-01', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'],
  ['2026-03-01T10:00+02:00', '2026-03-01T08:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
])('%s is %s', (text, moment) => {
  expect(parseSince(text, NOW).toISOString()).toBe(moment);
});

test.each(['', '7', 'd', '-1d', '2026-3-1', '2026-02-30', '2026-13-01', '2026-03-01T10:00:00', '10:00', '1y'])(
  '%j is refused',
  (text) => {
    expect(() => parseSince(text, NOW)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  },
);
