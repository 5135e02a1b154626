import { betaQuantile } from './beta.js';
import { twoSidedZ } from './distributions.js';
import { requireCounts, requireInside } from './require.js';
import type { Counts, Estimate } from './types.js';

/**
 * The success rate with Wilson's score interval. It holds the true rate in about `confidence` of all experiments, also
 * near 0 and 1 and for few episodes, where the textbook interval does not.
 * @throws {StatsError} COUNTS_INVALID, NOTHING_TO_ESTIMATE, PROBABILITY_INVALID.
 * @see Wilson 1927; Brown, Cai and DasGupta 2001
 */
export function successRate(counts: Counts, confidence = 0.95): Estimate {
  requireCounts(counts);
  requireInside('confidence', confidence);
  const { n, successes } = counts;
  const estimate = successes / n;
  return { estimate, ...wilsonBounds(estimate, n, twoSidedZ(confidence)), confidence, n, method: 'wilson' };
}

/**
 * The success rate with the interval of Clopper and Pearson, which inverts the exact binomial tests: it never holds the
 * true rate less often than it says, and is wider for that. `gate` decides by it.
 * @throws {StatsError} as `successRate`.
 */
export function exactRate(counts: Counts, confidence = 0.95): Estimate {
  requireCounts(counts);
  requireInside('confidence', confidence);
  const { n, successes } = counts;
  const tail = (1 - confidence) / 2;
  const low = successes === 0 ? 0 : betaQuantile(tail, successes, n - successes + 1);
  const high = successes === n ? 1 : betaQuantile(1 - tail, successes + 1, n - successes);
  return { estimate: successes / n, low, high, confidence, n, method: 'clopper-pearson' };
}

/** Wilson's bounds for a rate seen over `n` episodes, which need not be whole. */
export function wilsonBounds(rate: number, n: number, z: number): { low: number; high: number } {
  const square = (z * z) / n;
  const centre = (rate + square / 2) / (1 + square);
  const half = (Math.sqrt(square) * Math.sqrt(rate * (1 - rate) + square / 4)) / (1 + square);
  return {
    low: rate === 0 ? 0 : Math.min(rate, Math.max(0, centre - half)),
    high: rate === 1 ? 1 : Math.max(rate, Math.min(1, centre + half)),
  };
}
