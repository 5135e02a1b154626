/** Entries from `start` up to and without `end`. */
export type Range = readonly [start: number, end: number];

/** Where a tree of more than one entry is cut in two: the largest power of two below its size (RFC 9162, 2.1.1). */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** The ranges whose roots prove the entry at `index` in a tree of `size`, from the leaf upward (RFC 9162, 2.1.3.1). */
export function inclusionRanges(index: number, size: number): Range[] {
  const ranges: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      ranges.push([middle, end]);
      end = middle;
    } else {
      ranges.push([start, middle]);
      start = middle;
    }
  }
  return ranges.reverse();
}

/** The ranges whose roots prove that the first `first` entries begin a tree of `second` (RFC 9162, 2.1.4.1). */
export function consistencyRanges(first: number, second: number): Range[] {
  if (first === 0) return [];
  const ranges: Range[] = [];
  let [start, end] = [0, second];
  while (first !== end) {
    const middle = start + splitOf(end - start);
    if (first <= middle) {
      ranges.push([middle, end]);
      end = middle;
    } else {
      ranges.push([start, middle]);
      start = middle;
    }
  }
  // The verifier has the old root itself; it needs this one only where the old tree has been cut.
  if (start > 0) ranges.push([start, end]);
  return ranges.reverse();
}
