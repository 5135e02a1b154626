import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clusteredMean } from './clustered-mean.js';
import { successRate } from './rate.js';
import { chance, shareOf, throwMany } from './testing/chance.js';

const clusters = fc.array(
  fc.integer({ min: 1, max: 50 }).chain((n) => fc.nat({ max: n }).map((successes) => ({ value: successes / n, n }))),
  { minLength: 1, maxLength: 30 },
);

test('is the mean of the tasks, each of the same weight, with the standard error of such a mean', () => {
  const found = clusteredMean([
    { value: 1, n: 10 },
    { value: 0.5, n: 1000 },
    { value: 0.6, n: 5 },
  ]);
  // Of 1, 0.5 and 0.6 the standard deviation is 0.264575, over the root of 3.
  expect(found).toMatchObject({ tasks: 3, n: 1015, method: 'clustered-wilson', confidence: 0.95 });
  expect(found.estimate).toBeCloseTo(0.7, 12);
  expect(found.standard_error).toBeCloseTo(0.152753, 6);
});

test('stays within 0 and 1, holds the mean and does not depend on the order', () => {
  fc.assert(
    fc.property(clusters, (given) => {
      const { estimate, low, high } = clusteredMean(given);
      expect(0 <= low && low <= estimate && estimate <= high && high <= 1).toBe(true);
      const turned = clusteredMean([...given].reverse());
      expect(turned.estimate).toBeCloseTo(estimate, 12);
      expect([turned.low, turned.high]).toEqual([expect.closeTo(low, 9), expect.closeTo(high, 9)]);
    }),
  );
});

test('mirrors when successes and failures change places', () => {
  fc.assert(
    fc.property(clusters, (given) => {
      const one = clusteredMean(given);
      const other = clusteredMean(given.map(({ value, n }) => ({ value: 1 - value, n })));
      expect(one.low + other.high).toBeCloseTo(1, 6);
    }),
  );
});

test('of one task is its Wilson interval, and shows no spread', () => {
  const { low, high, standard_error } = clusteredMean([{ value: 0.75, n: 20 }]);
  const wilson = successRate({ n: 20, successes: 15 });
  expect([low, high, standard_error]).toEqual([wilson.low, wilson.high, null]);
});

test('is never narrower than independent episodes of equally weighted tasks would be', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 1, max: 40 }), (tasks, n) => {
      const given = Array.from({ length: tasks }, () => ({ value: 0.5, n }));
      const pooled = successRate({ n: tasks * n * 2, successes: tasks * n });
      const { low, high, standard_error } = clusteredMean(given);
      expect(standard_error).toBe(0);
      expect(high - low).toBeGreaterThan(pooled.high - pooled.low);
    }),
  );
});

describe('over 2,000 simulated experiments of 12 tasks with 25 seeds each', () => {
  /** How often each interval holds the mean rate of all tasks there could be, of which the 12 were drawn. */
  function coverage(rateOf: (random: () => number) => number, mean: number, seed: number) {
    const random = chance(seed);
    let pooled = 0;
    const clustered = shareOf(2000, () => {
      const tasks = Array.from({ length: 12 }, () => throwMany(25, rateOf(random), random));
      const all = successRate({ n: 300, successes: tasks.reduce((sum, one) => sum + one, 0) });
      if (all.low <= mean && mean <= all.high) pooled += 1;
      const { low, high } = clusteredMean(tasks.map((successes) => ({ value: successes / 25, n: 25 })));
      return low <= mean && mean <= high;
    });
    return { clustered, pooled: pooled / 2000 };
  }

  test('it holds the true mean in 93 to 98 % of them, where tasks differ', () => {
    const { clustered, pooled } = coverage((random) => 0.2 + 0.7 * random(), 0.55, 1);
    expect(clustered).toBeGreaterThan(0.93);
    expect(clustered).toBeLessThan(0.98);
    // Taking all 300 episodes for independent would claim far too much.
    expect(pooled).toBeLessThan(0.75);
  });

  test('also where most tasks are nearly always solved', () => {
    const { clustered } = coverage((random) => (random() < 0.25 ? 0.5 : 0.98), 0.86, 2);
    expect(clustered).toBeGreaterThan(0.88);
  });

  test('and where they do not differ', () => {
    const { clustered } = coverage(() => 0.8, 0.8, 3);
    expect(clustered).toBeGreaterThan(0.93);
  });
});

test.each([
  [[], 'NOTHING_TO_ESTIMATE'],
  [[{ value: 1.1, n: 3 }], 'COUNTS_INVALID'],
  [[{ value: 0.5, n: 0 }], 'COUNTS_INVALID'],
])('refuses %j', (given, code) => {
  expect(() => clusteredMean(given)).toThrow(expect.objectContaining({ code }));
});
