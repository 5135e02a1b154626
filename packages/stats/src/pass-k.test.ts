import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PassKind, passAtK, passHatK, passK } from './pass-k.js';
import { binomial } from './testing/chance.js';

const drawn = fc.integer({ min: 1, max: 60 }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    successes: fc.nat({ max: n }),
    k: fc.integer({ min: 1, max: n }),
  }),
);

/** C(n, k) without rounding. */
function choose(n: number, k: number): bigint {
  let ways = 1n;
  for (let i = 0; i < k; i += 1) ways = (ways * BigInt(n - i)) / BigInt(i + 1);
  return k > n ? 0n : ways;
}

/** A quotient of large integers to 15 digits. */
function quotient(over: bigint, under: bigint): number {
  return Number((over * 10n ** 15n) / under) / 1e15;
}

test('both are the published formulas, computed with whole numbers', () => {
  fc.assert(
    fc.property(drawn, ({ n, successes, k }) => {
      const ways = choose(n, k);
      expect(passAtK({ n, successes }, k)).toBeCloseTo(1 - quotient(choose(n - successes, k), ways), 11);
      expect(passHatK({ n, successes }, k)).toBeCloseTo(quotient(choose(successes, k), ways), 11);
    }),
  );
});

test('pass@k overflows nothing where binomial coefficients would', () => {
  expect(passAtK({ n: 100_000, successes: 10 }, 50_000)).toBeCloseTo(1 - 0.5 ** 10, 3);
  expect(passHatK({ n: 100_000, successes: 99_990 }, 50_000)).toBeCloseTo(0.5 ** 10, 3);
});

describe('neither has a bias: its mean over every outcome of n episodes is the chance it estimates', () => {
  test.each([
    [10, 1, 0.3],
    [10, 4, 0.3],
    [25, 8, 0.9],
    [6, 6, 0.7],
  ])('n = %i, k = %i, p = %d', (n, k, p) => {
    const expected = (estimate: (successes: number) => number) =>
      Array.from({ length: n + 1 }, (_, c) => binomial(c, n, p) * estimate(c)).reduce((sum, one) => sum + one, 0);
    expect(expected((successes) => passAtK({ n, successes }, k))).toBeCloseTo(1 - (1 - p) ** k, 12);
    expect(expected((successes) => passHatK({ n, successes }, k))).toBeCloseTo(p ** k, 12);
    // The plug-in forms, which are often taken instead, do have one.
    if (k > 1) expect(expected((c) => (c / n) ** k)).toBeGreaterThan(p ** k + 1e-4);
  });
});

test('pass^k is pass@k of the failures, turned around', () => {
  fc.assert(
    fc.property(drawn, ({ n, successes, k }) => {
      expect(passHatK({ n, successes }, k)).toBeCloseTo(1 - passAtK({ n, successes: n - successes }, k), 12);
    }),
  );
});

test('with k, pass@k does not fall and pass^k does not rise; with k = 1 both are the rate', () => {
  fc.assert(
    fc.property(drawn, ({ n, successes, k }) => {
      const given = { n, successes };
      expect(passAtK(given, 1)).toBeCloseTo(successes / n, 12);
      expect(passHatK(given, 1)).toBeCloseTo(successes / n, 12);
      if (k === 1) return;
      expect(passAtK(given, k)).toBeGreaterThanOrEqual(passAtK(given, k - 1) - 1e-12);
      expect(passHatK(given, k)).toBeLessThanOrEqual(passHatK(given, k - 1) + 1e-12);
    }),
  );
});

const KINDS: readonly [PassKind, (p: number, k: number) => number][] = [
  ['pass_at_k', (p, k) => 1 - (1 - p) ** k],
  ['pass_hat_k', (p, k) => p ** k],
];

describe.each(KINDS)('the interval of %s', (kind, truth) => {
  test('stays within 0 and 1 and holds the estimate', () => {
    fc.assert(
      fc.property(drawn, ({ n, successes, k }) => {
        const { estimate, low, high } = passK(kind, { n, successes }, k);
        expect(0 <= low && low <= estimate && estimate <= high && high <= 1).toBe(true);
      }),
    );
  });

  test('holds the true chance as often as is said, over every outcome of 30 episodes', () => {
    for (const p of [0.2, 0.5, 0.75, 0.9]) {
      let held = 0;
      for (let successes = 0; successes <= 30; successes += 1) {
        const { low, high } = passK(kind, { n: 30, successes }, 4);
        if (low <= truth(p, 4) && truth(p, 4) <= high) held += binomial(successes, 30, p);
      }
      expect(held, `${p}`).toBeGreaterThan(0.92);
    }
  });
});

test.each([0, 11, 1.5])('refuses k = %d of 10 episodes', (k) => {
  expect(() => passAtK({ n: 10, successes: 3 }, k)).toThrow(expect.objectContaining({ code: 'COUNTS_INVALID' }));
  expect(() => passHatK({ n: 10, successes: 3 }, k)).toThrow(/k must be a whole number from 1 to n = 10/);
});
