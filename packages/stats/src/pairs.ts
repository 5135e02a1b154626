import type { Outcome } from './types.js';

/** The same task and seed, played by two sides. */
export interface Pair {
  task: string;
  seed: number;
  a: boolean;
  b: boolean;
}

/** What pairs come to. `gained` succeeded for B alone, `lost` for A alone. */
export interface PairCounts {
  n: number;
  gained: number;
  lost: number;
}

export interface Pairing {
  /** By task, then by seed. */
  pairs: Pair[];
  /** Tasks and seeds that one side alone has. */
  onlyA: number;
  onlyB: number;
}

/** Pairs the outcomes of two sides by task and seed. Where a side has several of one seed, the first in its list counts. */
export function pairOutcomes(a: readonly Outcome[], b: readonly Outcome[]): Pairing {
  const [left, right] = [firstBySeed(a), firstBySeed(b)];
  const pairs: Pair[] = [];
  for (const [key, { task, seed, success }] of left) {
    const other = right.get(key);
    if (other !== undefined) pairs.push({ task, seed, a: success, b: other.success });
  }
  pairs.sort(byTaskAndSeed);
  return { pairs, onlyA: left.size - pairs.length, onlyB: right.size - pairs.length };
}

export function countPairs(pairs: readonly Pair[]): PairCounts {
  return {
    n: pairs.length,
    gained: pairs.filter(({ a, b }) => b && !a).length,
    lost: pairs.filter(({ a, b }) => a && !b).length,
  };
}

function firstBySeed(outcomes: readonly Outcome[]): Map<string, Outcome> {
  const first = new Map<string, Outcome>();
  for (const outcome of outcomes) {
    const key = `${outcome.seed} ${outcome.task}`;
    if (!first.has(key)) first.set(key, outcome);
  }
  return first;
}

function byTaskAndSeed(one: Pair, other: Pair): number {
  if (one.task !== other.task) return one.task < other.task ? -1 : 1;
  return one.seed - other.seed;
}
