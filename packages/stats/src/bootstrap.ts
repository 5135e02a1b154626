import { StatsError } from './error.js';
import { groupBy } from './group-by.js';
import type { Pair } from './pairs.js';
import { isCount, requireInside } from './require.js';
import type { Estimate } from './types.js';

export interface BootstrapOptions {
  /** A float in [0, 1); seed it, so that the same pairs give the same interval. */
  random: () => number;
  confidence?: number;
  /** How many times the pairs are drawn again (default 2,000). */
  resamples?: number;
}

/**
 * How much more often B succeeds than A, as the mean over tasks, each of the same weight, with the percentile bootstrap.
 * Tasks are drawn, each with all of its pairs, since pairs of one task are alike; where there is one task, its seeds are.
 * @throws {StatsError} NOTHING_TO_ESTIMATE, COUNTS_INVALID, PROBABILITY_INVALID.
 * @see Efron and Tibshirani 1993, chapter 13; Cameron, Gelbach and Miller 2008 on drawing clusters
 */
export function bootstrapDifference(
  pairs: readonly Pair[],
  { random, confidence = 0.95, resamples = 2000 }: BootstrapOptions,
): Estimate {
  requireInside('confidence', confidence);
  if (!isCount(resamples) || resamples < 1) {
    throw new StatsError('COUNTS_INVALID', `resamples must be a whole number from 1 on, got ${resamples}`);
  }
  if (pairs.length === 0) throw new StatsError('NOTHING_TO_ESTIMATE', 'expected one pair or more, got none');
  const byTask = differencesByTask(pairs);
  const [only] = byTask;
  const drawn = byTask.length === 1 && only !== undefined ? only : byTask.map(mean);
  const means = Array.from({ length: resamples }, () => meanOfDraws(drawn, random)).sort((x, y) => x - y);
  const tail = (1 - confidence) / 2;
  return {
    estimate: mean(drawn),
    low: quantile(means, tail),
    high: quantile(means, 1 - tail),
    confidence,
    n: pairs.length,
    method: byTask.length === 1 ? 'bootstrap-seeds' : 'bootstrap-tasks',
  };
}

/** The differences of each task; tasks and seeds in order, so that the order of the pairs does not matter. */
function differencesByTask(pairs: readonly Pair[]): number[][] {
  return [...groupBy(pairs, ({ task }) => task)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, of]) => of.sort((one, other) => one.seed - other.seed).map(({ a, b }) => Number(b) - Number(a)));
}

function meanOfDraws(values: readonly number[], random: () => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[Math.floor(random() * values.length)] as number;
  return sum / values.length;
}

/** Between the two nearest of sorted values, in proportion. */
function quantile(sorted: readonly number[], p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] as number;
  return low + (at - below) * ((sorted[Math.min(below + 1, sorted.length - 1)] as number) - low);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
