import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { betaQuantile, incompleteBeta, logGamma } from './beta.js';
import { halfProbability, lowerTail, normalQuantile, studentQuantile, twoSidedZ, upperTail } from './distributions.js';
import { binomial } from './testing/chance.js';

// The libraries that were tried as an oracle err in the fourth to eighth digit, so whole numbers, closed forms, an
// integral and printed tables take that place.

/** P(X <= k) for X ~ Binomial(n, over / under), in whole numbers. */
function exactTail(k: number, n: number, over: number, under: number): number {
  const [yes, no] = [BigInt(over), BigInt(under - over)];
  let term = no ** BigInt(n);
  let sum = 0n;
  for (let i = 0; i <= k; i += 1) {
    sum += term;
    term = (term * BigInt(n - i) * yes) / (BigInt(i + 1) * no);
  }
  return Number((sum * 10n ** 18n) / BigInt(under) ** BigInt(n)) / 1e18;
}

/** The standard normal distribution function between 0 and z, by Simpson's rule. */
function normalBetween(z: number): number {
  const slices = 2000;
  const width = z / slices;
  const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(z);
  for (let i = 1; i < slices; i += 1) sum += (i % 2 === 0 ? 2 : 4) * density(i * width);
  return (sum * width) / 3;
}

describe('the normal quantile', () => {
  test('is where the integral of the density reaches p', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (p) => {
        expect(0.5 + normalBetween(normalQuantile(p))).toBeCloseTo(p, 11);
      }),
    );
  });

  // R 4: qnorm
  test.each([
    [0.975, 1.959963984540054],
    [0.95, 1.6448536269514722],
    [0.995, 2.5758293035489004],
    [1e-10, -6.361340902404056],
    [1e-100, -21.273453560965805],
  ])('of %d is %d', (p, z) => {
    expect(normalQuantile(p) / z).toBeCloseTo(1, 13);
  });

  test('gives the z of a confidence', () => {
    expect([0.9, 0.95, 0.99].map((level) => Number(twoSidedZ(level).toFixed(6)))).toEqual([
      1.644854, 1.959964, 2.575829,
    ]);
  });
});

describe("the quantile of Student's t", () => {
  const levels = [0.6, 0.9, 0.975, 0.9995];

  test('is the closed form with 1, 2 and 4 degrees of freedom', () => {
    for (const p of levels) {
      expect(studentQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5))).toBeCloseTo(1, 10);
      const a = 4 * p * (1 - p);
      expect(studentQuantile(p, 2) / (2 * (p - 0.5) * Math.sqrt(2 / a))).toBeCloseTo(1, 10);
      const q = Math.cos(Math.acos(Math.sqrt(a)) / 3) / Math.sqrt(a);
      expect(studentQuantile(p, 4) / (2 * Math.sqrt(q - 1))).toBeCloseTo(1, 10);
    }
  });

  // Any printed table of t, such as that of Pearson and Hartley 1966.
  test.each([
    [0.975, 5, 2.571],
    [0.975, 9, 2.262],
    [0.975, 30, 2.042],
    [0.95, 12, 1.782],
    [0.995, 20, 2.845],
    [0.975, 120, 1.98],
  ])('of %d with %i degrees of freedom is %d', (p, df, t) => {
    expect(studentQuantile(p, df)).toBeCloseTo(t, 3);
  });

  test('comes down to the normal quantile as degrees of freedom grow', () => {
    expect(studentQuantile(0.975, 1e8)).toBeCloseTo(normalQuantile(0.975), 6);
    const falling = [1, 2, 3, 10, 100, 10_000].map((df) => studentQuantile(0.975, df));
    expect([...falling].sort((one, other) => other - one)).toEqual(falling);
  });
});

describe('the tails of the binomial distribution', () => {
  test('are those of whole numbers', () => {
    const counts = fc.integer({ min: 1, max: 400 }).chain((n) => fc.tuple(fc.constant(n), fc.nat({ max: n })));
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 99 }), ([n, k], percent) => {
        const below = exactTail(k, n, percent, 100);
        expect(lowerTail(k, n, percent / 100)).toBeCloseTo(below, 11);
        expect(upperTail(k + 1, n, percent / 100)).toBeCloseTo(1 - below, 11);
      }),
    );
  });

  test('of a fair coin go with its points', () => {
    for (let k = 0; k <= 12; k += 1) expect(halfProbability(k, 12)).toBeCloseTo(binomial(k, 12, 0.5), 12);
  });

  test('hold over a million throws', () => {
    // A million throws lie symmetrically, and half of the middle one lies on each side.
    expect(lowerTail(500_000, 1_000_000, 0.5)).toBeCloseTo(0.5 + halfProbability(500_000, 1_000_000) / 2, 8);
    expect(upperTail(900_000, 1_000_000, 0.9) + lowerTail(899_999, 1_000_000, 0.9)).toBeCloseTo(1, 9);
  });

  test('run on smoothly between whole numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), fc.double({ min: 0.05, max: 0.95, noNaN: true }), (n, p) => {
        const between = upperTail(n * 0.6 + 0.5, n + 0.5, p);
        expect(between).toBeLessThanOrEqual(upperTail(n * 0.6, n + 0.5, p));
        expect(between).toBeGreaterThanOrEqual(upperTail(n * 0.6 + 1, n + 0.5, p));
      }),
    );
  });
});

test('ln Γ is the logarithm of the factorial', () => {
  let factorial = 1;
  for (let n = 1; n <= 25; n += 1) {
    expect(logGamma(n) - Math.log(factorial)).toBeCloseTo(0, 12);
    factorial *= n;
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
});

test('the incomplete beta function runs from 0 to 1, its sides mirror each other, and its quantile leads back', () => {
  const shape = fc.double({ min: 0.5, max: 300, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), shape, shape, (x, a, b) => {
      const value = incompleteBeta(x, a, b);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1 + 1e-12);
      expect(value + incompleteBeta(1 - x, b, a)).toBeCloseTo(1, 9);
      if (value > 1e-6 && value < 1 - 1e-6) expect(betaQuantile(value, a, b)).toBeCloseTo(x, 8);
    }),
  );
  expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1]);
});
