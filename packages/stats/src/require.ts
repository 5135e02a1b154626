import { StatsError } from './error.js';
import type { Counts } from './types.js';

/** @throws {StatsError} COUNTS_INVALID; NOTHING_TO_ESTIMATE where there is no episode. */
export function requireCounts({ n, successes }: Counts): void {
  if (!isCount(n) || !isCount(successes) || successes > n) {
    throw new StatsError(
      'COUNTS_INVALID',
      `expected whole numbers with 0 <= successes <= n, got ${successes} successes of n = ${n}`,
    );
  }
  if (n === 0) throw new StatsError('NOTHING_TO_ESTIMATE', 'expected one episode or more, got none');
}

/** Whether a number counts something: whole, 0 or more, and exact. */
export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** @throws {StatsError} PROBABILITY_INVALID unless 0 < value < 1. */
export function requireInside(name: string, value: number): void {
  if (value > 0 && value < 1) return;
  throw new StatsError('PROBABILITY_INVALID', `${name} must lie between 0 and 1 and be neither, got ${value}`);
}
