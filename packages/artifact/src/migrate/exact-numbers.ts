import { LosslessNumber, parse } from 'lossless-json';

const WHOLE = /^-?\d+$/;

/**
 * The first whole number in a JSON text that a double does not hold exactly, as it is spelled; null when there is none.
 * Fractions need no look: they are spelled as the shortest text of a double.
 */
export function findInexactNumber(text: string): string | null {
  let found: string | null = null;
  parse(text, null, (spelled) => {
    if (WHOLE.test(spelled) && BigInt(Number(spelled)) !== BigInt(spelled)) found ??= spelled;
    return new LosslessNumber(spelled);
  });
  return found;
}
