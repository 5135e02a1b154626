const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WHOLE = /^-?\d+$/;

/**
 * The first whole number in a JSON text that a double does not hold exactly, as it is spelled; null when there is none.
 * Fractions need no look: they are spelled as the shortest text of a double.
 * @param text JSON that `parseJson` takes.
 */
export function findInexactNumber(text: string): string | null {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') at = endOfString(text, at);
    NUMBER.lastIndex = at;
    const spelled = NUMBER.exec(text)?.[0];
    if (spelled === undefined) continue;
    if (WHOLE.test(spelled) && BigInt(Number(spelled)) !== BigInt(spelled)) return spelled;
    at += spelled.length - 1;
  }
  return null;
}

/** Where the quote is that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
