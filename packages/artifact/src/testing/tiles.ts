import { growTree } from '../merkle/grow-tree.js';
import { hashLeaf } from '../merkle/hash.js';
import { type HashTree, openTree } from '../merkle/open-tree.js';
import { tilePath } from '../merkle/tile.js';
import { sha256Bytes } from '../node.js';

/** A log's tiles in memory, by path. */
export type Tiles = Map<string, Uint8Array>;

/** A different entry for each place. */
export function entriesUpTo(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => new TextEncoder().encode(`entry ${index}`));
}

export async function openTiles(tiles: Tiles, size: number, root: Uint8Array): Promise<HashTree> {
  return openTree({ size, root }, async (tile) => tiles.get(tilePath(tile)) ?? new Uint8Array(0), sha256Bytes);
}

/** A tree grown batch by batch, and every tile that was written on the way. */
export async function grownTree(entries: readonly Uint8Array[], batches: readonly number[]) {
  const tiles: Tiles = new Map();
  let tree = await openTiles(tiles, 0, sha256Bytes(new Uint8Array(0)));
  let at = 0;
  for (const batch of batches) {
    const leaves = entries.slice(at, at + batch).map((entry) => hashLeaf(entry, sha256Bytes));
    const grown = await growTree(tree, leaves, sha256Bytes);
    for (const { tile, hashes } of grown.tiles) tiles.set(tilePath(tile), hashes);
    tree = await openTiles(tiles, grown.size, grown.root);
    at += leaves.length;
  }
  return { tree, tiles };
}
