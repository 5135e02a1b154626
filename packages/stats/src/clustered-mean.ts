import { studentQuantile, twoSidedZ } from './distributions.js';
import { StatsError } from './error.js';
import { wilsonBounds } from './rate.js';
import { requireInside } from './require.js';
import type { Estimate } from './types.js';

/** What one task says: a share between 0 and 1, and the independent draws that it rests on. */
export interface Cluster {
  value: number;
  n: number;
}

export interface ClusteredMean extends Estimate {
  tasks: number;
  /** Of the mean, from the spread between tasks; null for one task, which shows none. */
  standard_error: number | null;
}

/**
 * The mean over tasks, each of the same weight, as an estimate for tasks like these: episodes of one task are alike, so
 * the spread between tasks, and not the count of episodes, says how sure the mean is. The standard error is that of the task values
 * (cluster-robust); the interval is Wilson's with the effective sample size p(1-p)/se², at most what independent episodes
 * would give, and Student's t with tasks - 1 degrees of freedom. One task alone has the plain Wilson interval.
 * @throws {StatsError} NOTHING_TO_ESTIMATE, COUNTS_INVALID, PROBABILITY_INVALID.
 * @see Kish 1965 on effective size; Dean and Pagano 2015 on Wilson's interval with it
 */
export function clusteredMean(clusters: readonly Cluster[], confidence = 0.95): ClusteredMean {
  requireInside('confidence', confidence);
  clusters.forEach(requireCluster);
  const tasks = clusters.length;
  if (tasks === 0) throw new StatsError('NOTHING_TO_ESTIMATE', 'expected the episodes of one task or more, got none');
  const n = clusters.reduce((sum, cluster) => sum + cluster.n, 0);
  const estimate = meanOf(clusters.map(({ value }) => value));
  const [only] = clusters;
  if (tasks === 1 && only !== undefined) {
    const bounds = wilsonBounds(estimate, only.n, twoSidedZ(confidence));
    return { estimate, ...bounds, confidence, n, method: 'clustered-wilson', tasks, standard_error: null };
  }
  const squares = clusters.reduce((sum, { value }) => sum + (value - estimate) ** 2, 0);
  const standardError = Math.sqrt(squares / (tasks - 1) / tasks);
  const bounds = wilsonBounds(
    estimate,
    effectiveSize(clusters, estimate, standardError),
    studentQuantile((1 + confidence) / 2, tasks - 1),
  );
  return { estimate, ...bounds, confidence, n, method: 'clustered-wilson', tasks, standard_error: standardError };
}

/** Where tasks do not differ at all, it is what equally weighted tasks of independent episodes come to. */
function effectiveSize(clusters: readonly Cluster[], mean: number, standardError: number): number {
  const independent = clusters.length ** 2 / clusters.reduce((sum, { n }) => sum + 1 / n, 0);
  const variance = standardError ** 2;
  return variance === 0 ? independent : Math.min(independent, (mean * (1 - mean)) / variance);
}

function meanOf(values: readonly number[]): number {
  // A sum of shares may come out a hair above their count.
  return Math.min(1, values.reduce((sum, value) => sum + value, 0) / values.length);
}

function requireCluster({ value, n }: Cluster): void {
  if (value >= 0 && value <= 1 && n >= 1) return;
  throw new StatsError('COUNTS_INVALID', `expected a share from 0 to 1 of one draw or more, got ${value} of ${n}`);
}
