import { type Digest, HASH_SIZE } from './hash.js';
import type { HashTree } from './open-tree.js';
import { edgeTiles, foldHashes, rootOf, TILE_WIDTH, type Tile } from './tile.js';

/** A tree after more entries: what has to be written before a checkpoint may name it. */
export interface Growth {
  size: number;
  root: Uint8Array;
  /** Tiles that are new or wider than before, with their hashes. */
  tiles: { tile: Tile; hashes: Uint8Array }[];
}

/**
 * The tree with `leaves` (hashes of entries) after its own. It reads the right edge of `tree` and nothing else.
 * @throws {ArtifactError} TILE_MISMATCH
 */
export async function growTree(tree: HashTree, leaves: readonly Uint8Array[], digest: Digest): Promise<Growth> {
  const before = new Map(edgeTiles(tree.size).map((tile) => [tile.level, tile]));
  const levels = Math.max(0, ...before.keys());
  const tiles: Growth['tiles'] = [];
  const edge: Uint8Array[] = [];
  let added = leaves;
  for (let level = 0; level <= levels || added.length > 0; level += 1) {
    const old = before.get(level);
    const kept = old ? await tree.tile(old) : new Uint8Array(0);
    if (added.length === 0) {
      edge.push(kept);
      continue;
    }
    const hashes = joined(kept, added);
    const full = Math.floor(hashes.length / HASH_SIZE / TILE_WIDTH);
    const first = Math.floor(Math.floor(tree.size / TILE_WIDTH ** level) / TILE_WIDTH);
    const above: Uint8Array[] = [];
    for (let at = 0; at < full; at += 1) {
      const part = hashes.subarray(at * TILE_WIDTH * HASH_SIZE, (at + 1) * TILE_WIDTH * HASH_SIZE);
      tiles.push({ tile: { level, index: first + at, width: TILE_WIDTH }, hashes: part });
      above.push(foldHashes(part, 0, TILE_WIDTH, digest));
    }
    const rest = hashes.subarray(full * TILE_WIDTH * HASH_SIZE);
    if (rest.length > 0) {
      tiles.push({ tile: { level, index: first + full, width: rest.length / HASH_SIZE }, hashes: rest });
    }
    edge.push(rest);
    added = above;
  }
  return { size: tree.size + leaves.length, root: rootOf(edge, digest), tiles };
}

function joined(kept: Uint8Array, added: readonly Uint8Array[]): Uint8Array {
  const hashes = new Uint8Array(kept.length + added.length * HASH_SIZE);
  hashes.set(kept);
  for (const [at, hash] of added.entries()) hashes.set(hash, kept.length + at * HASH_SIZE);
  return hashes;
}
