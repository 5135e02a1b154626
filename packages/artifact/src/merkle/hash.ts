/** SHA-256 as its 32 bytes. Injected, so this module runs on any host. */
export type Digest = (bytes: Uint8Array) => Uint8Array;

/** Bytes of a hash. */
export const HASH_SIZE = 32;

/** The hash of a leaf: over 0x00 and the entry (RFC 9162, 2.1.1). */
export function hashLeaf(entry: Uint8Array, digest: Digest): Uint8Array {
  const prefixed = new Uint8Array(1 + entry.length);
  prefixed.set(entry, 1);
  return digest(prefixed);
}

/** The hash of two neighbours: over 0x01, the left and the right (RFC 9162, 2.1.1). */
export function hashNode(left: Uint8Array, right: Uint8Array, digest: Digest): Uint8Array {
  const joined = new Uint8Array(1 + 2 * HASH_SIZE);
  joined[0] = 1;
  joined.set(left, 1);
  joined.set(right, 1 + HASH_SIZE);
  return digest(joined);
}

/** The root of no entries: the hash of nothing. */
export function emptyRoot(digest: Digest): Uint8Array {
  return digest(new Uint8Array(0));
}

export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
