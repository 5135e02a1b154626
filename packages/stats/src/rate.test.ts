import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactRate, successRate } from './rate.js';
import { binomial } from './testing/chance.js';

const counts = fc
  .integer({ min: 1, max: 2000 })
  .chain((n) => fc.record({ n: fc.constant(n), successes: fc.nat({ max: n }) }));
const confidence = fc.double({ min: 0.5, max: 0.999, noNaN: true });

// Newcombe 1998, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17:857-872, Table I.
describe('published intervals', () => {
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('Wilson, %i of %i', (successes, n, low, high) => {
    const found = successRate({ n, successes });
    expect([found.low, found.high].map((bound) => Number(bound.toFixed(4)))).toEqual([low, high]);
    expect(found).toMatchObject({ estimate: successes / n, n, confidence: 0.95, method: 'wilson' });
  });

  test.each([
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ])('Clopper and Pearson, %i of %i', (successes, n, low, high) => {
    const found = exactRate({ n, successes });
    expect([found.low, found.high].map((bound) => Number(bound.toFixed(4)))).toEqual([low, high]);
  });
});

describe.each([
  ['Wilson', successRate],
  ['Clopper and Pearson', exactRate],
])('%s', (_name, rateOf) => {
  test('stays within 0 and 1 and holds the rate', () => {
    fc.assert(
      fc.property(counts, confidence, (given, level) => {
        const { estimate, low, high } = rateOf(given, level);
        expect(0 <= low && low <= estimate && estimate <= high && high <= 1).toBe(true);
      }),
    );
  });

  test('mirrors when successes and failures change places', () => {
    fc.assert(
      fc.property(counts, confidence, ({ n, successes }, level) => {
        const [one, other] = [rateOf({ n, successes }, level), rateOf({ n, successes: n - successes }, level)];
        expect(one.low + other.high).toBeCloseTo(1, 9);
        expect(one.high + other.low).toBeCloseTo(1, 9);
      }),
    );
  });

  test('moves up with one success more, and widens with the confidence', () => {
    fc.assert(
      fc.property(counts, confidence, ({ n, successes }, level) => {
        const one = rateOf({ n, successes }, level);
        if (successes < n) {
          const better = rateOf({ n, successes: successes + 1 }, level);
          expect(better.low >= one.low && better.high >= one.high).toBe(true);
        }
        const surer = rateOf({ n, successes }, level + 0.0005);
        expect(surer.low <= one.low && surer.high >= one.high).toBe(true);
      }),
    );
  });

  test.each([
    [{ n: 0, successes: 0 }, 'NOTHING_TO_ESTIMATE'],
    [{ n: 2, successes: 3 }, 'COUNTS_INVALID'],
    [{ n: 2.5, successes: 1 }, 'COUNTS_INVALID'],
    [{ n: 2, successes: -1 }, 'COUNTS_INVALID'],
  ])('refuses %o', (given, code) => {
    expect(() => rateOf(given)).toThrow(expect.objectContaining({ code }));
  });

  test.each([0, 1, -0.1, Number.NaN])('refuses the confidence %d', (level) => {
    expect(() => rateOf({ n: 2, successes: 1 }, level)).toThrow(
      expect.objectContaining({ code: 'PROBABILITY_INVALID' }),
    );
  });
});

describe('the true rate is held as often as is said, over every outcome of 40 episodes', () => {
  const rates = Array.from({ length: 99 }, (_, at) => (at + 1) / 100);
  const coverage = (p: number, rateOf: typeof successRate) => {
    let held = 0;
    for (let successes = 0; successes <= 40; successes += 1) {
      const { low, high } = rateOf({ n: 40, successes });
      if (low <= p && p <= high) held += binomial(successes, 40, p);
    }
    return held;
  };

  test('by Clopper and Pearson always', () => {
    for (const p of rates) expect(coverage(p, exactRate), `${p}`).toBeGreaterThanOrEqual(0.95);
  });

  test('by Wilson on average, and by no rate much less', () => {
    const covered = rates.map((p) => coverage(p, successRate));
    expect(covered.reduce((sum, one) => sum + one, 0) / covered.length).toBeGreaterThan(0.945);
    expect(Math.min(...covered)).toBeGreaterThan(0.9);
  });
});
