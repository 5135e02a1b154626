import { twoSidedZ } from './distributions.js';
import { StatsError } from './error.js';
import type { PairCounts } from './pairs.js';
import { wilsonBounds } from './rate.js';
import { requireInside } from './require.js';
import type { Counts, Estimate } from './types.js';

/**
 * How much more often B succeeds than A, over pairs of the same task and seed, with Tango's score interval: the
 * differences that its test would not refuse. It says something also where no pair differs.
 * @throws {StatsError} COUNTS_INVALID, NOTHING_TO_ESTIMATE, PROBABILITY_INVALID.
 * @see Tango 1998, Statistics in Medicine 17:891-908
 */
export function pairedDifference(pairs: PairCounts, confidence = 0.95): Estimate {
  requireInside('confidence', confidence);
  const { n, gained, lost } = pairs;
  if (!(gained >= 0 && lost >= 0 && gained + lost <= n)) {
    throw new StatsError('COUNTS_INVALID', `expected gained + lost <= n, got ${gained} + ${lost} of n = ${n}`);
  }
  if (n === 0) throw new StatsError('NOTHING_TO_ESTIMATE', 'expected one pair or more, got none');
  const z = twoSidedZ(confidence);
  const estimate = (gained - lost) / n;
  const low = boundary(-1, estimate, (difference) => scoreOf(pairs, difference) > z);
  const high = boundary(estimate, 1, (difference) => scoreOf(pairs, difference) > -z);
  return { estimate, low, high, confidence, n, method: 'tango' };
}

/**
 * The same of two independent lots of episodes: Newcombe's hybrid of their Wilson intervals.
 * @throws {StatsError} as `pairedDifference`.
 * @see Newcombe 1998, Statistics in Medicine 17:873-890, method 10
 */
export function unpairedDifference(a: Counts, b: Counts, confidence = 0.95): Estimate {
  requireInside('confidence', confidence);
  const z = twoSidedZ(confidence);
  const [left, right] = [sideOf(a, z), sideOf(b, z)];
  const estimate = right.rate - left.rate;
  return {
    estimate,
    low: estimate - Math.hypot(right.rate - right.low, left.high - left.rate),
    high: estimate + Math.hypot(right.high - right.rate, left.rate - left.low),
    confidence,
    n: a.n + b.n,
    method: 'newcombe',
  };
}

/** How many standard errors, under a true `difference`, the seen one lies above it. */
function scoreOf({ n, gained, lost }: PairCounts, difference: number): number {
  // The chance of `lost` that makes the counts likeliest, given the difference, is the larger root of a quadratic.
  const b = gained + lost + difference * (gained - lost - 2 * n);
  const root = Math.sqrt(Math.max(0, b * b + 8 * n * lost * difference * (1 - difference)));
  const chanceOfLost = Math.max(0, -difference, (b + root) / (4 * n));
  const variance = n * (2 * chanceOfLost + difference - difference * difference);
  const above = gained - lost - n * difference;
  if (variance > 0) return above / Math.sqrt(variance);
  return above === 0 ? 0 : Math.sign(above) * Number.POSITIVE_INFINITY;
}

/** Where `isBelow` turns false between `low` and `high`. */
function boundary(low: number, high: number, isBelow: (at: number) => boolean): number {
  let [from, to] = [low, high];
  for (;;) {
    const middle = (from + to) / 2;
    if (middle === from || middle === to) return middle;
    if (isBelow(middle)) from = middle;
    else to = middle;
  }
}

function sideOf({ n, successes }: Counts, z: number): { rate: number; low: number; high: number } {
  if (!(successes >= 0 && successes <= n)) {
    throw new StatsError('COUNTS_INVALID', `expected 0 <= successes <= n, got ${successes} of n = ${n}`);
  }
  if (n === 0) throw new StatsError('NOTHING_TO_ESTIMATE', 'expected one episode or more on each side, got none');
  const rate = successes / n;
  return { rate, ...wilsonBounds(rate, n, z) };
}
