/** How much of the common beginning stays in sight before the place where two texts part. */
const CONTEXT = 0.3;

/** Two texts cut to `width` characters each, so that the place where they part is in sight. */
export function cutPair(a: string, b: string, width: number): [string, string] {
  if (a.length <= width && b.length <= width) return [a, b];
  const parting = commonLength(a, b);
  // A few characters after the parting are needed to see it.
  const start = parting < width * (1 - CONTEXT) ? 0 : parting - Math.floor(width * CONTEXT);
  return [cut(a, start, width), cut(b, start, width)];
}

function cut(text: string, start: number, width: number): string {
  const head = start === 0 ? '' : '…';
  const rest = text.slice(start);
  const room = width - head.length;
  return head + (rest.length <= room ? rest : `${rest.slice(0, room - 1)}…`);
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}
