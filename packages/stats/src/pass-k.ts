import { StatsError } from './error.js';
import { successRate } from './rate.js';
import { isCount, requireCounts } from './require.js';
import type { Counts, Estimate } from './types.js';

/** `pass@k`: at least one of k episodes succeeds. `pass^k`: all k of them do. */
export type PassKind = 'pass_at_k' | 'pass_hat_k';

/**
 * pass@k without bias: the chance that k episodes, drawn from the n that were played without putting any back, hold a
 * success, 1 - C(n-c, k) / C(n, k). As a product, so that no binomial coefficient overflows.
 * @throws {StatsError} COUNTS_INVALID unless 1 <= k <= n; NOTHING_TO_ESTIMATE.
 * @see Chen et al. 2021, Evaluating Large Language Models Trained on Code
 */
export function passAtK(counts: Counts, k: number): number {
  requireDraw(counts, k);
  const { n, successes } = counts;
  return 1 - shareWithout(n, n - successes, k);
}

/**
 * pass^k without bias: the chance that k such episodes are all successes, C(c, k) / C(n, k).
 * @throws {StatsError} as `passAtK`.
 * @see Yao et al. 2024, τ-bench
 */
export function passHatK(counts: Counts, k: number): number {
  requireDraw(counts, k);
  return shareWithout(counts.n, counts.successes, k);
}

/**
 * Either of them for the episodes of one task, with the Wilson interval of the success rate p carried over by
 * 1 - (1-p)^k or p^k; both grow with p, so the confidence is kept. It is widened to hold the estimate where that lies outside.
 * @throws {StatsError} as `passAtK`; PROBABILITY_INVALID.
 */
export function passK(kind: PassKind, counts: Counts, k: number, confidence = 0.95): Estimate {
  const estimate = kind === 'pass_at_k' ? passAtK(counts, k) : passHatK(counts, k);
  const { low, high } = successRate(counts, confidence);
  const carried = (rate: number) => (kind === 'pass_at_k' ? 1 - (1 - rate) ** k : rate ** k);
  return {
    estimate,
    low: Math.min(estimate, carried(low)),
    high: Math.max(estimate, carried(high)),
    confidence,
    n: counts.n,
    method: 'wilson-power',
  };
}

/** C(of, k) / C(n, k): the chance that k drawn from n are all among `of` of them. */
function shareWithout(n: number, of: number, k: number): number {
  let share = 1;
  for (let i = 0; i < k; i += 1) share *= Math.max(0, of - i) / (n - i);
  return share;
}

function requireDraw(counts: Counts, k: number): void {
  requireCounts(counts);
  if (isCount(k) && k >= 1 && k <= counts.n) return;
  throw new StatsError('COUNTS_INVALID', `k must be a whole number from 1 to n = ${counts.n}, got ${k}`);
}
