/**
 * The smallest value that at least `share` of all values do not exceed (nearest rank): always one that was measured.
 * @param sorted ascending. @returns null when there are none.
 */
export function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
