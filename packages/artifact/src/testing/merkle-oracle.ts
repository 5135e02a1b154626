import { createHash } from 'node:crypto';

/** The definitions of RFC 9162, 2.1, word for word and slow: what proofs and tiles are checked against. */
const sha256 = (...parts: Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** MTH(D_n). */
export function rootOfEntries(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0) return sha256();
  if (entries.length === 1) return sha256(Uint8Array.of(0), entries[0] as Uint8Array);
  const k = cut(entries.length);
  return sha256(Uint8Array.of(1), rootOfEntries(entries.slice(0, k)), rootOfEntries(entries.slice(k)));
}

/** PATH(m, D_n). */
export function inclusionPath(m: number, entries: readonly Uint8Array[]): Uint8Array[] {
  if (entries.length === 1) return [];
  const k = cut(entries.length);
  if (m < k) return [...inclusionPath(m, entries.slice(0, k)), rootOfEntries(entries.slice(k))];
  return [...inclusionPath(m - k, entries.slice(k)), rootOfEntries(entries.slice(0, k))];
}

/** PROOF(m, D_n). */
export function consistencyPath(m: number, entries: readonly Uint8Array[]): Uint8Array[] {
  return m === 0 ? [] : subproof(m, entries, true);
}

function subproof(m: number, entries: readonly Uint8Array[], whole: boolean): Uint8Array[] {
  if (m === entries.length) return whole ? [] : [rootOfEntries(entries)];
  const k = cut(entries.length);
  if (m <= k) return [...subproof(m, entries.slice(0, k), whole), rootOfEntries(entries.slice(k))];
  return [...subproof(m - k, entries.slice(k), false), rootOfEntries(entries.slice(0, k))];
}

function cut(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1));
}
