import fc from 'fast-check';
import { expect, test } from 'vitest';
import { episodesToDecide, MOST_EPISODES } from './episodes-to-decide.js';

test('finds the first number that decides, however far away', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: MOST_EPISODES }), (n, from) => {
      const threshold = Math.max(from, n);
      expect(episodesToDecide(n, (size) => size >= threshold)).toBe(Math.max(threshold, 1, n) - n);
    }),
  );
});

test('is never when a million do not', () => {
  expect(episodesToDecide(10, (size) => size > MOST_EPISODES)).toBeNull();
  expect(episodesToDecide(10, () => false)).toBeNull();
});
