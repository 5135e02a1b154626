import { bootstrapDifference } from './bootstrap.js';
import { countOutcomes } from './describe.js';
import { pairedDifference, unpairedDifference } from './difference.js';
import { type McNemar, mcnemarExact } from './mcnemar.js';
import { countPairs, type PairCounts, pairOutcomes } from './pairs.js';
import { successRate } from './rate.js';
import type { Counts, Estimate, Outcome } from './types.js';

export interface CompareOptions {
  /** For the bootstrap: a float in [0, 1). */
  random: () => number;
  confidence?: number;
}

export interface SideFigures extends Counts {
  rate: Estimate;
}

/** What pairs of the same task and seed say. Differences are B less A. */
export interface PairedFigures extends PairCounts {
  tasks: number;
  /** Tasks and seeds that one side alone has; they play no part. */
  only_a: number;
  only_b: number;
  /** Over the pairs, for these tasks. */
  difference: Estimate;
  mcnemar: McNemar;
  /** Over tasks, each of the same weight, for tasks like these. */
  bootstrap: Estimate;
}

export interface Comparison {
  a: SideFigures;
  b: SideFigures;
  /** Null where the sides share no seed of a task. */
  paired: PairedFigures | null;
  /** What the sides say as independent lots; null where they are paired, which says more. */
  unpaired: Estimate | null;
}

/**
 * Compares two sides over the same tasks and seeds, or over all of their episodes where none are the same.
 * @param a outcomes, of which the first of each seed counts in a pair; or counts, where no more is known.
 * @throws {StatsError} NOTHING_TO_ESTIMATE when a side is empty; PROBABILITY_INVALID.
 */
export function compareOutcomes(
  a: readonly Outcome[] | Counts,
  b: readonly Outcome[],
  { random, confidence = 0.95 }: CompareOptions,
): Comparison {
  const [left, right] = [countsOf(a), countOutcomes(b)];
  const sides = {
    a: { ...left, rate: successRate(left, confidence) },
    b: { ...right, rate: successRate(right, confidence) },
  };
  const { pairs, onlyA, onlyB } = pairOutcomes('n' in a ? [] : a, b);
  if (pairs.length === 0) return { ...sides, paired: null, unpaired: unpairedDifference(left, right, confidence) };
  const counts = countPairs(pairs);
  const paired = {
    ...counts,
    tasks: new Set(pairs.map(({ task }) => task)).size,
    only_a: onlyA,
    only_b: onlyB,
    difference: pairedDifference(counts, confidence),
    mcnemar: mcnemarExact(counts),
    bootstrap: bootstrapDifference(pairs, { random, confidence }),
  };
  return { ...sides, paired, unpaired: null };
}

function countsOf(side: readonly Outcome[] | Counts): Counts {
  return 'n' in side ? side : countOutcomes(side);
}
