import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bootstrapDifference } from './bootstrap.js';
import { pairedDifference, unpairedDifference } from './difference.js';
import { mcnemarExact } from './mcnemar.js';
import { countPairs, type Pair, type PairCounts, pairOutcomes } from './pairs.js';
import { binomial, chance, shareOf } from './testing/chance.js';
import type { Outcome } from './types.js';

const pairCounts: fc.Arbitrary<PairCounts> = fc
  .tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 }), fc.nat({ max: 200 }))
  .filter(([gained, lost, same]) => gained + lost + same > 0)
  .map(([gained, lost, same]) => ({ n: gained + lost + same, gained, lost }));

const turned = ({ n, gained, lost }: PairCounts): PairCounts => ({ n, gained: lost, lost: gained });

describe('pairing', () => {
  const row = (task: string, seed: number, success: boolean): Outcome => ({ task, seed, success });

  test('joins the same task and seed, and counts what is left over', () => {
    const a = [row('x@1', 0, true), row('x@1', 1, false), row('y@1', 0, true)];
    const b = [row('y@1', 0, false), row('x@1', 1, true), row('x@2', 0, true), row('x@1', 10, true)];
    expect(pairOutcomes(a, b)).toEqual({
      pairs: [
        { task: 'x@1', seed: 1, a: false, b: true },
        { task: 'y@1', seed: 0, a: true, b: false },
      ],
      onlyA: 1,
      onlyB: 2,
    });
    expect(countPairs(pairOutcomes(a, b).pairs)).toEqual({ n: 2, gained: 1, lost: 1 });
  });

  test('takes the first of several outcomes of one seed', () => {
    const a = [row('x@1', 0, true), row('x@1', 0, false)];
    expect(pairOutcomes(a, a).pairs).toEqual([{ task: 'x@1', seed: 0, a: true, b: true }]);
  });
});

describe('the exact test of McNemar', () => {
  // Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91, on the data of Bentur et al. 2009
  // (airway responsiveness of 21 children before and after a transplantation): 1 against 7 discordant pairs.
  test('gives the published p values', () => {
    const { p, mid_p, discordant } = mcnemarExact({ gained: 1, lost: 7 });
    expect([Number(p.toFixed(3)), Number(mid_p.toFixed(3)), discordant]).toEqual([0.07, 0.039, 8]);
  });

  test('is the sum of the outcomes that are no likelier, counted on both sides', () => {
    fc.assert(
      fc.property(fc.nat({ max: 40 }), fc.nat({ max: 40 }), (gained, lost) => {
        const n = gained + lost;
        let sum = 0;
        for (let k = 0; k <= n; k += 1) {
          if (Math.abs(k - n / 2) >= Math.abs(gained - n / 2)) sum += binomial(k, n, 0.5);
        }
        const { p, mid_p } = mcnemarExact({ gained, lost });
        expect(p).toBeCloseTo(Math.min(1, sum), 10);
        expect(0 <= mid_p && mid_p <= p && p <= 1).toBe(true);
        expect(mcnemarExact({ gained: lost, lost: gained })).toEqual({ p, mid_p, discordant: n });
      }),
    );
  });

  test('says nothing where no pair differs', () => {
    expect(mcnemarExact({ gained: 0, lost: 0 })).toEqual({ p: 1, mid_p: 1, discordant: 0 });
  });

  test('finds a difference where there is none in at most alpha of all experiments; its mid-p form in about that many', () => {
    for (const n of [8, 20, 41]) {
      const level = (of: 'p' | 'mid_p') => {
        let refused = 0;
        for (let k = 0; k <= n; k += 1) {
          if (mcnemarExact({ gained: k, lost: n - k })[of] <= 0.05) refused += binomial(k, n, 0.5);
        }
        return refused;
      };
      expect(level('p')).toBeLessThanOrEqual(0.05);
      expect(level('mid_p')).toBeGreaterThanOrEqual(level('p'));
      expect(level('mid_p')).toBeLessThan(0.08);
    }
  });

  test('refuses what is no count', () => {
    expect(() => mcnemarExact({ gained: 0.5, lost: 1 })).toThrow(expect.objectContaining({ code: 'COUNTS_INVALID' }));
  });
});

describe('the difference of pairs', () => {
  // Fagerland, Lydersen and Laake 2014, Statistics in Medicine 33:2850-2875: the same data, Tango's interval.
  test('has the published interval', () => {
    const { estimate, low, high, method } = pairedDifference({ n: 21, gained: 1, lost: 7 });
    expect([estimate, low, high].map((figure) => Number(figure.toFixed(3)))).toEqual([-0.286, -0.517, -0.026]);
    expect(method).toBe('tango');
  });

  test('without a discordant pair is z² / (n + z²) to both sides, the closed form', () => {
    const square = 1.959963984540054 ** 2;
    for (const n of [1, 10, 44, 5000]) {
      const { low, high } = pairedDifference({ n, gained: 0, lost: 0 });
      expect(high).toBeCloseTo(square / (n + square), 10);
      expect(low).toBeCloseTo(-square / (n + square), 10);
    }
  });

  test('lies between -1 and 1, holds the estimate, and mirrors when sides change places', () => {
    fc.assert(
      fc.property(pairCounts, fc.double({ min: 0.5, max: 0.999, noNaN: true }), (counts, level) => {
        const { estimate, low, high } = pairedDifference(counts, level);
        expect(-1 <= low && low <= estimate && estimate <= high && high <= 1).toBe(true);
        const other = pairedDifference(turned(counts), level);
        expect([other.low, other.high]).toEqual([expect.closeTo(-high, 9), expect.closeTo(-low, 9)]);
      }),
    );
  });

  test('holds the true difference in 93 to 97 % of 2,000 simulated experiments', () => {
    const random = chance(11);
    for (const [gain, loss, n] of [
      [0.1, 0.1, 60],
      [0.05, 0.2, 40],
      [0.02, 0.04, 200],
    ] as const) {
      const held = shareOf(2000, () => {
        const counts = { n, gained: 0, lost: 0 };
        for (let i = 0; i < n; i += 1) {
          const thrown = random();
          if (thrown < gain) counts.gained += 1;
          else if (thrown < gain + loss) counts.lost += 1;
        }
        const { low, high } = pairedDifference(counts);
        return low <= gain - loss && gain - loss <= high;
      });
      expect(held).toBeGreaterThan(0.93);
      expect(held).toBeLessThan(0.975);
    }
  });

  test.each([
    [{ n: 0, gained: 0, lost: 0 }, 'NOTHING_TO_ESTIMATE'],
    [{ n: 3, gained: 2, lost: 2 }, 'COUNTS_INVALID'],
  ])('refuses %j', (counts, code) => {
    expect(() => pairedDifference(counts)).toThrow(expect.objectContaining({ code }));
  });
});

describe('the difference of independent episodes', () => {
  // Newcombe 1998, Statistics in Medicine 17:873-890, Table II, method 10.
  test.each([
    [48, 80, 56, 70, 0.0524, 0.3339],
    [3, 10, 9, 10, 0.1705, 0.809],
    [2, 7, 6, 7, 0.0582, 0.8062],
    [0, 29, 5, 56, -0.0381, 0.1926],
    [0, 20, 0, 10, -0.1611, 0.2775],
    [0, 20, 10, 10, 0.6791, 1],
  ])('from %i of %i to %i of %i', (successesA, nA, successesB, nB, low, high) => {
    const found = unpairedDifference({ n: nA, successes: successesA }, { n: nB, successes: successesB });
    expect([found.low, found.high].map((figure) => Number(figure.toFixed(4)))).toEqual([low, high]);
    expect(found).toMatchObject({ n: nA + nB, method: 'newcombe' });
  });

  test('mirrors when sides change places', () => {
    const side = fc
      .integer({ min: 1, max: 300 })
      .chain((n) => fc.nat({ max: n }).map((successes) => ({ n, successes })));
    fc.assert(
      fc.property(side, side, (a, b) => {
        const [one, other] = [unpairedDifference(a, b), unpairedDifference(b, a)];
        expect([other.low, other.high]).toEqual([expect.closeTo(-one.high, 12), expect.closeTo(-one.low, 12)]);
        expect(-1 <= one.low && one.low <= one.estimate && one.estimate <= one.high && one.high <= 1).toBe(true);
      }),
    );
  });
});

describe('the bootstrap', () => {
  const pair = (task: string, seed: number, a: boolean, b: boolean): Pair => ({ task, seed, a, b });

  test('draws tasks where there are several, and seeds where there is one', () => {
    // Within a task every pair is alike, so only drawing tasks shows how little two tasks say.
    const two = [0, 1, 2, 3].flatMap((seed) => [pair('x@1', seed, false, true), pair('y@1', seed, true, true)]);
    const found = bootstrapDifference(two, { random: chance(1) });
    expect(found).toMatchObject({ estimate: 0.5, low: 0, high: 1, n: 8, method: 'bootstrap-tasks' });
    const one = bootstrapDifference(
      two.map((of) => ({ ...of, task: 'x@1' })),
      { random: chance(1) },
    );
    expect(one.method).toBe('bootstrap-seeds');
    expect(one.high - one.low).toBeLessThan(1);
  });

  test('weighs tasks alike, whatever they hold', () => {
    const many = Array.from({ length: 30 }, (_, seed) => pair('x@1', seed, false, true));
    expect(bootstrapDifference([...many, pair('y@1', 0, true, true)], { random: chance(1) }).estimate).toBe(0.5);
  });

  test('is the same for the same chance, whatever the order of the pairs', () => {
    const random = chance(4);
    const pairs = Array.from({ length: 40 }, (_, at) => pair(`t${at % 7}@1`, at, random() < 0.5, random() < 0.7));
    const one = bootstrapDifference(pairs, { random: chance(9) });
    expect(bootstrapDifference([...pairs].reverse(), { random: chance(9) })).toEqual(one);
    expect(one.low).toBeLessThanOrEqual(one.estimate);
    expect(one.high).toBeGreaterThanOrEqual(one.estimate);
  });

  test('holds the true difference in 88 % or more of 300 simulated experiments with 20 tasks that differ', () => {
    const random = chance(21);
    const held = shareOf(300, () => {
      const pairs = Array.from({ length: 20 }, (_, task) => task).flatMap((task) => {
        const [a, lift] = [0.2 + 0.5 * random(), 0.3 * random()];
        return Array.from({ length: 5 }, (_, seed) => pair(`${task}`, seed, random() < a, random() < a + lift));
      });
      const { low, high } = bootstrapDifference(pairs, { random, resamples: 500 });
      return low <= 0.15 && 0.15 <= high;
    });
    expect(held).toBeGreaterThan(0.88);
    expect(held).toBeLessThan(0.99);
  });

  test.each([
    [[], 10, 'NOTHING_TO_ESTIMATE'],
    [[pair('x@1', 0, true, true)], 0, 'COUNTS_INVALID'],
  ])('refuses %j with %i resamples', (pairs, resamples, code) => {
    expect(() => bootstrapDifference(pairs, { random: chance(1), resamples })).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
