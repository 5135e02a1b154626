import { type Digest, emptyRoot, HASH_SIZE, hashNode } from './hash.js';

/** Hashes of a full tile; it spans eight levels of the tree. */
export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;

/** A tile: the `width` hashes from `index * 256` on of a level, where each stands for 256 of the level below. */
export interface Tile {
  level: number;
  index: number;
  /** 1 to 256; less only at the right edge of the tree. */
  width: number;
}

/** The path of a tile below the folder of a log, as C2SP tlog-tiles spells it: `tile/0/x001/234.p/8`. */
export function tilePath({ level, index, width }: Tile): string {
  return `tile/${level}/${numberPath(index, width)}`;
}

/** The path of the entries whose leaf hashes are the tile of this index and width at level 0. */
export function entriesPath({ index, width }: Pick<Tile, 'index' | 'width'>): string {
  return `tile/entries/${numberPath(index, width)}`;
}

/** The tile that is not full at each level of a tree, lowest first; a level without one is left out. */
export function edgeTiles(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / TILE_WIDTH)) {
    const width = hashes % TILE_WIDTH;
    if (width > 0) tiles.push({ level, index: Math.floor(hashes / TILE_WIDTH), width });
  }
  return tiles;
}

/** Every tile of a tree, full ones too, lowest level first. */
export function* tilesOf(size: number): Generator<Tile> {
  for (let level = 0, hashes = size; hashes > 0; level += 1, hashes = Math.floor(hashes / TILE_WIDTH)) {
    const full = Math.floor(hashes / TILE_WIDTH);
    for (let index = 0; index < full; index += 1) yield { level, index, width: TILE_WIDTH };
    if (hashes % TILE_WIDTH > 0) yield { level, index: full, width: hashes % TILE_WIDTH };
  }
}

/** The root over `count` hashes of a tile from `from` on; `count` is a power of two. */
export function foldHashes(hashes: Uint8Array, from: number, count: number, digest: Digest): Uint8Array {
  if (count === 1) return hashes.subarray(from * HASH_SIZE, (from + 1) * HASH_SIZE);
  const middle = count / 2;
  return hashNode(foldHashes(hashes, from, middle, digest), foldHashes(hashes, from + middle, middle, digest), digest);
}

/**
 * The root of a tree, from the hashes of the tiles at its right edge: whatever is full below is one hash in them.
 * @param edge the hashes of each level, lowest first; a level may be empty.
 */
export function rootOf(edge: readonly Uint8Array[], digest: Digest): Uint8Array {
  let root: Uint8Array | null = null;
  for (const hashes of edge) {
    let end = hashes.length / HASH_SIZE;
    for (let count = 1; count <= end; count *= 2) {
      if (Math.floor(end / count) % 2 === 0) continue;
      const peak = foldHashes(hashes, end - count, count, digest);
      root = root === null ? peak : hashNode(peak, root, digest);
      end -= count;
    }
  }
  return root ?? emptyRoot(digest);
}

/** 1234067 becomes `x001/x234/067`, so that no folder holds more than a thousand names. */
function numberPath(index: number, width: number): string {
  let path = lastThree(index);
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    path = `x${lastThree(rest)}/${path}`;
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}

function lastThree(number: number): string {
  return String(number % 1000).padStart(3, '0');
}
