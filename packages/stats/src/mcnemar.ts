import { halfProbability, lowerTail } from './distributions.js';
import { StatsError } from './error.js';
import type { PairCounts } from './pairs.js';
import { isCount } from './require.js';

export interface McNemar {
  /** Two-sided and exact: how often chance alone parts pairs at least this unevenly, if neither side is better. */
  p: number;
  /** The same, with half the chance of exactly what was seen: less careful, closer to its level on average. */
  mid_p: number;
  /** Pairs in which the two sides differ; the others say nothing about which is better. */
  discordant: number;
}

/**
 * McNemar's exact test: of the pairs that differ, each side should win half.
 * @throws {StatsError} COUNTS_INVALID
 * @see McNemar 1947; Fagerland, Lydersen and Laake 2013 on the mid-p form
 */
export function mcnemarExact({ gained, lost }: Pick<PairCounts, 'gained' | 'lost'>): McNemar {
  if (!isCount(gained) || !isCount(lost)) {
    throw new StatsError('COUNTS_INVALID', `expected whole numbers of pairs, got ${gained} gained and ${lost} lost`);
  }
  const discordant = gained + lost;
  if (discordant === 0) return { p: 1, mid_p: 1, discordant };
  const fewer = Math.min(gained, lost);
  const seen = halfProbability(fewer, discordant);
  if (gained === lost) return { p: 1, mid_p: 1 - seen / 2, discordant };
  const p = Math.min(1, 2 * lowerTail(fewer, discordant, 0.5));
  return { p, mid_p: Math.max(0, p - seen), discordant };
}
