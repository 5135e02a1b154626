export { fromBase64, toBase64 } from './merkle/base64.js';
export { type Checkpoint, formatCheckpoint, parseCheckpoint } from './merkle/checkpoint.js';
export { decodeEntries, encodeEntries, MAX_ENTRY_BYTES } from './merkle/entry-bundle.js';
export { type Growth, growTree } from './merkle/grow-tree.js';
export { type Digest, HASH_SIZE, hashLeaf, sameHash } from './merkle/hash.js';
export { type HashTree, openTree, type ReadTile } from './merkle/open-tree.js';
export {
  formatNote,
  isKeyName,
  type NoteSignature,
  noteKeyId,
  parseNote,
  type SignedNote,
} from './merkle/signed-note.js';
export { edgeTiles, entriesPath, TILE_WIDTH, type Tile, tilePath, tilesOf } from './merkle/tile.js';
export {
  type ConsistencyProof,
  type InclusionProof,
  verifyConsistency,
  verifyInclusion,
} from './merkle/verify-proof.js';
