import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auditDiff, isSameAudit } from './audit-diff.js';

const read = (path: string) => ({ type: 'fs', op: 'read', path });
const keys = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
const sorted = (values: unknown[]) => values.map((value) => JSON.stringify(value)).sort();

test('tells what was added and what was removed, each at its own place', () => {
  expect(auditDiff([read('a'), read('b')], [read('b'), read('c')], '/audit')).toEqual({
    added: [{ pointer: '/audit/1', entry: read('c') }],
    removed: [{ pointer: '/audit/0', entry: read('a') }],
    reordered: false,
  });
});

test('counts entries that are alike, and the order of their members does not matter', () => {
  const again = { path: 'a', op: 'read', type: 'fs' };
  expect(auditDiff([read('a')], [again, read('a')], '')).toMatchObject({ added: [{ pointer: '/1' }], removed: [] });
});

test('names another order of the same entries', () => {
  expect(auditDiff([read('a'), read('b')], [read('b'), read('a')], '')).toEqual({
    added: [],
    removed: [],
    reordered: true,
  });
});

test('what is removed and added makes the one out of the other, and nothing to tell means equal', () => {
  fc.assert(
    fc.property(keys, keys, (left, right) => {
      const [a, b] = [left.map(read), right.map(read)];
      const diff = auditDiff(a, b, '');
      const entries = (changes: { entry: unknown }[]) => changes.map(({ entry }) => entry);
      expect(sorted([...a, ...entries(diff.added)])).toEqual(sorted([...b, ...entries(diff.removed)]));
      expect(diff.added.length).toBeLessThanOrEqual(b.length);
      expect(isSameAudit(diff)).toBe(JSON.stringify(a) === JSON.stringify(b));
      const back = auditDiff(b, a, '');
      expect(back).toEqual({ added: diff.removed, removed: diff.added, reordered: diff.reordered });
    }),
  );
});
