import { pairedDifference, unpairedDifference } from './difference.js';
import { lowerTail, upperTail } from './distributions.js';
import { episodesToDecide } from './episodes-to-decide.js';
import { StatsError } from './error.js';
import type { PairCounts } from './pairs.js';
import { exactRate } from './rate.js';
import { requireInside } from './require.js';
import type { Counts, Estimate } from './types.js';

export type Verdict = 'PASS' | 'FAIL' | 'INCONCLUSIVE';

/**
 * What the candidate is held against: pairs of the same task and seed, or a baseline's counts where there are none, and
 * the candidate's on the same tasks where it was played on others too.
 */
export type Reference = { pairs: PairCounts } | { baseline: Counts; candidate?: Counts };

export interface GateQuestion {
  candidate: Counts;
  /** Claim: the rate is at least this, above 0 and at most 1. */
  minRate?: number;
  /** Claim: the rate lies less than `margin` below that of the reference, 0 <= margin < 1. */
  maxRegression?: { margin: number; reference: Reference };
  /** The chance to take a claim for shown, or for refuted, that is not, each (default 0.05). */
  alpha?: number;
}

export interface GateCheck {
  claim: 'min-rate' | 'max-regression';
  verdict: Verdict;
  /** What the figure has to reach: the least rate, or the least difference (the margin, negative). */
  threshold: number;
  /** The figure, with the interval whose ends are the bounds of the two one-sided tests: its confidence is 1 - 2 alpha. */
  figure: Estimate;
  /** Episodes (or pairs) that are missing until it would be decided, if the figure stays; 0 when decided, null for never. */
  more: number | null;
}

export interface GateAnswer {
  verdict: Verdict;
  alpha: number;
  checks: GateCheck[];
  /** The most that any check misses; null when no number would decide one. */
  more: number | null;
}

/**
 * Decides claims about a candidate by one-sided tests at `alpha`. A claim is PASS when its opposite is refuted, FAIL when
 * the claim itself is, INCONCLUSIVE when neither. All claims must pass; one that fails, fails the gate. The rate is that
 * over all episodes, for these tasks and not for others: exact binomial, which is on the careful side where tasks differ.
 * @throws {StatsError} PROBABILITY_INVALID; COUNTS_INVALID; NOTHING_TO_ESTIMATE also where no claim is made.
 */
export function gate({ candidate, minRate, maxRegression, alpha = 0.05 }: GateQuestion): GateAnswer {
  requireInside('alpha', alpha * 2);
  const checks = [
    ...(minRate === undefined ? [] : [checkMinRate(candidate, minRate, alpha)]),
    ...(maxRegression === undefined ? [] : [checkRegression(candidate, maxRegression, alpha)]),
  ];
  if (checks.length === 0) throw new StatsError('NOTHING_TO_ESTIMATE', 'expected a claim: minRate or maxRegression');
  const verdicts = checks.map(({ verdict }) => verdict);
  return {
    verdict: worst(verdicts),
    alpha,
    checks,
    more: checks.some(({ more }) => more === null) ? null : Math.max(...checks.map(({ more }) => more ?? 0)),
  };
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('FAIL')) return 'FAIL';
  return verdicts.includes('INCONCLUSIVE') ? 'INCONCLUSIVE' : 'PASS';
}

function checkMinRate(candidate: Counts, minRate: number, alpha: number): GateCheck {
  if (!(minRate > 0 && minRate <= 1)) {
    throw new StatsError('PROBABILITY_INVALID', `the least rate must be above 0 and at most 1, got ${minRate}`);
  }
  const figure = exactRate(candidate, 1 - 2 * alpha);
  const decide = (n: number): Verdict => {
    const successes = n === candidate.n ? candidate.successes : figure.estimate * n;
    if (upperTail(successes, n, minRate) <= alpha) return 'PASS';
    return lowerTail(successes, n, minRate) <= alpha ? 'FAIL' : 'INCONCLUSIVE';
  };
  return checkOf('min-rate', minRate, figure, candidate.n, decide);
}

type Regression = NonNullable<GateQuestion['maxRegression']>;

function checkRegression(candidate: Counts, { margin, reference }: Regression, alpha: number): GateCheck {
  if (!(margin >= 0 && margin < 1)) {
    throw new StatsError('PROBABILITY_INVALID', `the margin must be 0 or more and below 1, got ${margin}`);
  }
  const held = 'pairs' in reference ? candidate : (reference.candidate ?? candidate);
  const n = 'pairs' in reference ? reference.pairs.n : held.n;
  const figureAt = (size: number) => differenceAt(held, reference, size / n, 1 - 2 * alpha);
  const decide = (size: number): Verdict => {
    const { low, high } = figureAt(size);
    if (low > -margin) return 'PASS';
    return high < -margin ? 'FAIL' : 'INCONCLUSIVE';
  };
  // A margin of 0 must not come out as -0.
  return checkOf('max-regression', 0 - margin, figureAt(n), n, decide);
}

/** The difference as it would stand if `times` as many episodes came out in the same proportions. */
function differenceAt(candidate: Counts, reference: Reference, times: number, confidence: number): Estimate {
  if ('pairs' in reference) {
    const { n, gained, lost } = reference.pairs;
    return pairedDifference({ n: n * times, gained: gained * times, lost: lost * times }, confidence);
  }
  const scaled = { n: candidate.n * times, successes: candidate.successes * times };
  return unpairedDifference(reference.baseline, scaled, confidence);
}

function checkOf(
  claim: GateCheck['claim'],
  threshold: number,
  figure: Estimate,
  n: number,
  decide: (n: number) => Verdict,
): GateCheck {
  const verdict = decide(n);
  const more = verdict === 'INCONCLUSIVE' ? episodesToDecide(n, (size) => decide(size) !== 'INCONCLUSIVE') : 0;
  return { claim, verdict, threshold, figure, more };
}
