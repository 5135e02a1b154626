/** A small seeded generator (Steele and Vigna's SplitMix, 32 bits), so that simulations come out alike everywhere. */
export function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 0x1_0000_0000;
  };
}

/** How many of `n` throws succeed. */
export function throwMany(n: number, p: number, random: () => number): number {
  let successes = 0;
  for (let i = 0; i < n; i += 1) if (random() < p) successes += 1;
  return successes;
}

/** The share of experiments for which `holds` is true. */
export function shareOf(experiments: number, holds: () => boolean): number {
  let held = 0;
  for (let i = 0; i < experiments; i += 1) if (holds()) held += 1;
  return held / experiments;
}

/** P(X = k) for X ~ Binomial(n, p), by plain multiplication: slow, small n, and beyond doubt. */
export function binomial(k: number, n: number, p: number): number {
  let chance = 1;
  for (let i = 0; i < k; i += 1) chance *= ((n - i) / (k - i)) * p;
  return chance * (1 - p) ** (n - k);
}
