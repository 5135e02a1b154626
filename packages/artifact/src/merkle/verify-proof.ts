import { type Digest, emptyRoot, HASH_SIZE, hashNode, sameHash } from './hash.js';

/** A proof that an entry stands at `index` in the tree of `size` entries. Hashes lead from the leaf to the root. */
export interface InclusionProof {
  index: number;
  size: number;
  hashes: readonly Uint8Array[];
}

/** A proof that the tree of `first` entries is the beginning of the tree of `second`. */
export interface ConsistencyProof {
  first: number;
  second: number;
  hashes: readonly Uint8Array[];
}

/**
 * Whether a proof leads from a leaf to a root, by the steps of RFC 9162, 2.1.3.2. Nothing of the code that makes proofs
 * is used here. Sizes are whole numbers up to 2^53 - 1; any other gives false.
 */
export function verifyInclusion(
  { index, size, hashes }: InclusionProof,
  leaf: Uint8Array,
  root: Uint8Array,
  digest: Digest,
): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || ![leaf, root, ...hashes].every(isHash)) return false;
  let [node, last] = [index, size - 1];
  let computed = leaf;
  for (const hash of hashes) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      computed = hashNode(hash, computed, digest);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else computed = hashNode(computed, hash, digest);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameHash(computed, root);
}

/**
 * Whether a proof shows that `firstRoot` is the root of the beginning of the tree under `secondRoot`, by the steps of
 * RFC 9162, 2.1.4.2. Of no entries every tree is a continuation, and of a tree itself; both need no hashes.
 */
export function verifyConsistency(
  { first, second, hashes }: ConsistencyProof,
  firstRoot: Uint8Array,
  secondRoot: Uint8Array,
  digest: Digest,
): boolean {
  if (!isCount(first) || !isCount(second) || first > second) return false;
  if (![firstRoot, secondRoot, ...hashes].every(isHash)) return false;
  if (first === second || first === 0) {
    const holds = first === 0 ? sameHash(firstRoot, emptyRoot(digest)) : sameHash(firstRoot, secondRoot);
    const same = first !== second || sameHash(firstRoot, secondRoot);
    return hashes.length === 0 && holds && same;
  }
  const path = isPowerOfTwo(first) ? [firstRoot, ...hashes] : hashes;
  const [start, ...rest] = path;
  if (start === undefined || hashes.length === 0) return false;
  let [node, last] = [first - 1, second - 1];
  while (isOdd(node)) [node, last] = [half(node), half(last)];
  let [old, grown] = [start, start];
  for (const hash of rest) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      old = hashNode(hash, old, digest);
      grown = hashNode(hash, grown, digest);
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)];
    } else grown = hashNode(grown, hash, digest);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && sameHash(old, firstRoot) && sameHash(grown, secondRoot);
}

/** Bit operators would cut numbers at 32 bits. */
function half(value: number): number {
  return Math.floor(value / 2);
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value)) && 2 ** Math.round(Math.log2(value)) === value;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === HASH_SIZE;
}
