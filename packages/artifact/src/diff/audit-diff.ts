import type { Json } from '@tracecore/spec';
import { pointerTo } from '../pointer.js';
import type { AuditChange, AuditDiff } from './types.js';

/**
 * What one io audit has more often than the other, whatever the order; of entries that are alike the later ones count
 * as the additional. Linear in the number of entries.
 */
export function auditDiff(a: readonly Json[], b: readonly Json[], pointer: string): AuditDiff {
  const [keysOfA, keysOfB] = [a.map(keyOf), b.map(keyOf)];
  const alone = { a: unmatched(keysOfA, keysOfB), b: unmatched(keysOfB, keysOfA) };
  const changes = (entries: readonly Json[], indices: ReadonlySet<number>): AuditChange[] =>
    [...indices].map((index) => ({ pointer: pointerTo(pointer, index), entry: entries[index] as Json }));
  const shared = keysOfB.filter((_, index) => !alone.b.has(index));
  const inOrder = keysOfA.filter((_, index) => !alone.a.has(index)).every((key, index) => key === shared[index]);
  return { added: changes(b, alone.b), removed: changes(a, alone.a), reordered: !inOrder };
}

/** Whether there is nothing to tell. */
export function isSameAudit({ added, removed, reordered }: AuditDiff): boolean {
  return added.length === 0 && removed.length === 0 && !reordered;
}

/** The indices of `keys` that find no partner among `others`. */
function unmatched(keys: readonly string[], others: readonly string[]): Set<number> {
  const counts = new Map<string, number>();
  for (const key of others) counts.set(key, (counts.get(key) ?? 0) + 1);
  const alone = new Set<number>();
  keys.forEach((key, index) => {
    const left = counts.get(key) ?? 0;
    if (left > 0) counts.set(key, left - 1);
    else alone.add(index);
  });
  return alone;
}

/** Equal for equal values. Unlike the canonical text it refuses nothing: a difference must be told of any artifact. */
function keyOf(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(keyOf).join(',')}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${keyOf(value[name] as Json)}`).join(',')}}`;
}
