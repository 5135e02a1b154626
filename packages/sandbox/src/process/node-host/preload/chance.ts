import { randomNumbers } from '../mt19937.js';

/** Where a program's chance comes from, all of it from one seed. */
export interface Chance {
  /** The stream of `Math.random`. */
  number(): number;
  /** The next byte of a stream of its own, so that asking for bytes does not move the numbers. */
  byte(): number;
}

/** Seeding takes a moment that most programs never need, so both streams begin when first asked. */
export function chanceOf(seed: bigint): Chance {
  let numbers: (() => number) | undefined;
  let bytes: (() => number) | undefined;
  return {
    number() {
      numbers ??= randomNumbers(seed);
      return numbers();
    },
    byte() {
      bytes ??= randomNumbers(BigInt.asUintN(64, ~seed));
      return Math.floor(bytes() * 256);
    },
  };
}
