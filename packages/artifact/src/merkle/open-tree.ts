import { ArtifactError } from '../error.js';
import { type Digest, HASH_SIZE, hashNode, sameHash } from './hash.js';
import { consistencyRanges, inclusionRanges, type Range, splitOf } from './ranges.js';
import { edgeTiles, foldHashes, rootOf, TILE_HEIGHT, TILE_WIDTH, type Tile, tilePath } from './tile.js';
import type { ConsistencyProof, InclusionProof } from './verify-proof.js';

/** Gives the hashes of a tile, `width` times 32 bytes, from a disk or a server. What it gives is checked. */
export type ReadTile = (tile: Tile) => Promise<Uint8Array>;

/** A tree whose root is known. Every hash that it gives leads to that root. */
export interface HashTree {
  size: number;
  root: Uint8Array;
  /** The hashes of a tile of this tree. */
  tile(tile: Tile): Promise<Uint8Array>;
  /** The hash of the entry at `index`. */
  leaf(index: number): Promise<Uint8Array>;
  /** The root that the first `size` entries had. */
  rootAt(size: number): Promise<Uint8Array>;
  proveInclusion(index: number): Promise<InclusionProof>;
  /** That the first `first` entries begin this tree. */
  proveConsistency(first: number): Promise<ConsistencyProof>;
}

const KEPT_TILES = 1024;

/**
 * Opens the tree of a checkpoint over its tiles. The tiles at the right edge must give the root; any other is read when it
 * is needed and must give the hash that stands for it one level up, so a changed tile cannot be used.
 * @throws {ArtifactError} TILE_MISMATCH, here and from every method, naming the tile; and what `readTile` throws.
 */
export async function openTree(
  { size, root }: { size: number; root: Uint8Array },
  readTile: ReadTile,
  digest: Digest,
): Promise<HashTree> {
  const kept = new Map<string, Uint8Array>();
  const edge = edgeTiles(size);
  const hashes = await Promise.all(edge.map(readSized));
  const computed = rootOf(hashes, digest);
  if (!sameHash(computed, root)) {
    const names = edge.map(tilePath).join(', ');
    throw mismatch(`expected ${names || 'no tile'} to give the root ${hex(root)}, computed ${hex(computed)}`);
  }
  const atEdge = new Map(edge.map((tile, at) => [tilePath(tile), hashes[at] as Uint8Array]));

  async function tileOf(tile: Tile): Promise<Uint8Array> {
    const path = tilePath(tile);
    const known = atEdge.get(path) ?? kept.get(path);
    if (known) return known;
    const read = await readSized(tile);
    const expected = await hashAt(tile.level + 1, tile.index);
    if (!sameHash(foldHashes(read, 0, TILE_WIDTH, digest), expected)) {
      throw mismatch(`expected ${path} to give the hash ${hex(expected)} of the tile above it, found another`);
    }
    const oldest = kept.keys().next();
    if (kept.size >= KEPT_TILES && !oldest.done) kept.delete(oldest.value);
    kept.set(path, read);
    return read;
  }

  async function readSized(tile: Tile): Promise<Uint8Array> {
    const read = await readTile(tile);
    if (read.length === tile.width * HASH_SIZE) return read;
    throw mismatch(`expected ${tile.width * HASH_SIZE} bytes in ${tilePath(tile)}, found ${read.length}`);
  }

  /** The hash at a place of a level of tiles. */
  async function hashAt(level: number, place: number): Promise<Uint8Array> {
    return foldHashes(await tileAround(level, place), place % TILE_WIDTH, 1, digest);
  }

  async function tileAround(level: number, place: number): Promise<Uint8Array> {
    const index = Math.floor(place / TILE_WIDTH);
    const there = Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH;
    return tileOf({ level, index, width: Math.min(there, TILE_WIDTH) });
  }

  async function rootOfRange([start, end]: Range): Promise<Uint8Array> {
    const count = end - start;
    const split = splitOf(count);
    if (count > 1 && split * 2 !== count) {
      const middle = start + split;
      return hashNode(await rootOfRange([start, middle]), await rootOfRange([middle, end]), digest);
    }
    const height = Math.log2(count);
    const level = Math.floor(height / TILE_HEIGHT);
    const [first, width] = [start / TILE_WIDTH ** level, 2 ** (height - level * TILE_HEIGHT)];
    return foldHashes(await tileAround(level, first), first % TILE_WIDTH, width, digest);
  }

  async function rootsOf(ranges: readonly Range[]): Promise<Uint8Array[]> {
    const roots: Uint8Array[] = [];
    for (const range of ranges) roots.push(Uint8Array.from(await rootOfRange(range)));
    return roots;
  }

  function requireUpTo(count: number, most: number): void {
    if (Number.isSafeInteger(count) && count >= 0 && count <= most) return;
    throw new RangeError(`expected a whole number from 0 to ${most}, got ${count}`);
  }

  return {
    size,
    root,
    tile: tileOf,
    async leaf(index) {
      requireUpTo(index, size - 1);
      return hashAt(0, index);
    },
    async rootAt(count) {
      requireUpTo(count, size);
      return count === 0 ? rootOf([], digest) : rootOfRange([0, count]);
    },
    async proveInclusion(index) {
      requireUpTo(index, size - 1);
      return { index, size, hashes: await rootsOf(inclusionRanges(index, size)) };
    },
    async proveConsistency(first) {
      requireUpTo(first, size);
      return { first, second: size, hashes: await rootsOf(consistencyRanges(first, size)) };
    },
  };
}

function mismatch(message: string): ArtifactError {
  return new ArtifactError('TILE_MISMATCH', message);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
