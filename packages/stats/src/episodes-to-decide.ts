/** Where the search for a deciding number of episodes ends: beyond, the figure sits on the threshold for any purpose. */
export const MOST_EPISODES = 1_000_000;

/**
 * How many episodes are missing from `n` until `decides` holds, which stays true once it is. Doubles, then halves.
 * @returns null when not even `MOST_EPISODES` decide.
 */
export function episodesToDecide(n: number, decides: (n: number) => boolean): number | null {
  let [low, high] = [n, Math.max(1, n)];
  while (!decides(high)) {
    if (high >= MOST_EPISODES) return null;
    low = high;
    high = Math.min(MOST_EPISODES, high * 2);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (decides(middle)) high = middle;
    else low = middle;
  }
  return high - n;
}
