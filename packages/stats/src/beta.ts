import { StatsError } from './error.js';

/** Relative change at which the continued fraction has settled. */
const SETTLED = 1e-15;
const TINY = 1e-300;
/** It takes about the root of the larger argument, so that this is enough for counts of 10^9. */
const MOST_TERMS = 200_000;

/** Coefficients of Stirling's series, B(2i) / (2i (2i - 1)). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
const STIRLING_FROM = 12;

/** ln Γ(x) for x > 0: Stirling's series, after shifting a small x upward. */
export function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  while (at < STIRLING_FROM) {
    shift += Math.log(at);
    at += 1;
  }
  const square = 1 / (at * at);
  const series = STIRLING.reduceRight((sum, coefficient) => sum * square + coefficient, 0) / at;
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/**
 * The regularized incomplete beta function I_x(a, b), the distribution function of Beta(a, b); a and b need not be whole.
 * @see Abramowitz and Stegun 26.5.8, by Lentz's method.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction settles fast only below the mean, so the other side is its complement.
  if (x > (a + 1) / (a + b + 2)) return 1 - lowerPart(1 - x, b, a);
  return lowerPart(x, a, b);
}

/** The x with I_x(a, b) = p, by halving: no derivative, so nothing to diverge. */
export function betaQuantile(p: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (incompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
}

function lowerPart(x: number, a: number, b: number): number {
  const logFront = a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b);
  return (Math.exp(logFront) * continuedFraction(x, a, b)) / a;
}

function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= MOST_TERMS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < SETTLED) return value;
  }
  throw new StatsError('COUNTS_INVALID', `expected counts up to 10^9, got ${a} and ${b}`);
}

function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
