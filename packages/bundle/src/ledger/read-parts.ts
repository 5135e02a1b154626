import { join } from 'node:path';
import { ArtifactError } from '@tracecore/artifact';
import { decodeEntries, entriesPath, HASH_SIZE, TILE_WIDTH, type Tile, tilePath } from '@tracecore/artifact/merkle';
import { BundleError } from '../error.js';
import { readRegular, type Unread } from '../read-regular.js';
import { MAX_ENTRIES_BYTES } from './layout.js';

/**
 * The bytes of a tile as they lie there; nothing is verified.
 * @throws {BundleError} LEDGER_TRUNCATED, LEDGER_UNREADABLE.
 */
export async function readTile(dir: string, tile: Tile): Promise<Uint8Array> {
  const wanted = tile.width * HASH_SIZE;
  const bytes = await readPart(dir, tilePath(tile), tilePath({ ...tile, width: TILE_WIDTH }), TILE_WIDTH * HASH_SIZE);
  if (bytes.length >= wanted) return bytes.full ? bytes.part.subarray(0, wanted) : bytes.part;
  throw truncated(`expected ${wanted} bytes in ${tilePath(tile)}, found ${bytes.length}`);
}

/**
 * The entries of a tile of level 0, as many as it is wide; none is verified.
 * @throws {BundleError} LEDGER_TRUNCATED, LEDGER_UNREADABLE; LEDGER_ENTRY_MISMATCH for more of them.
 */
export async function readEntries(dir: string, tile: Pick<Tile, 'index' | 'width'>): Promise<Uint8Array[]> {
  const path = entriesPath(tile);
  const bytes = await readPart(dir, path, entriesPath({ ...tile, width: TILE_WIDTH }), MAX_ENTRIES_BYTES);
  let entries: Uint8Array[];
  try {
    entries = decodeEntries(bytes.part);
  } catch (error) {
    if (error instanceof ArtifactError) throw truncated(`${path}: ${error.message}`);
    throw error;
  }
  if (entries.length < tile.width)
    throw truncated(`expected ${tile.width} entries in ${path}, found ${entries.length}`);
  if (entries.length === tile.width || bytes.full) return entries.slice(0, tile.width);
  throw new BundleError('LEDGER_ENTRY_MISMATCH', `expected ${tile.width} entries in ${path}, found ${entries.length}`);
}

/** A part that was full since may be gone; the full one begins with the same bytes. */
async function readPart(dir: string, path: string, fullPath: string, limit: number) {
  const part = await readRegular(join(dir, path), path, limit);
  if (part instanceof Uint8Array) return { part, full: false, length: part.length };
  const full =
    part.why === 'missing' && path !== fullPath ? await readRegular(join(dir, fullPath), fullPath, limit) : part;
  if (full instanceof Uint8Array) return { part: full, full: true, length: full.length };
  throw missing(part);
}

function missing({ why, message }: Unread): BundleError {
  return why === 'missing' ? truncated(message) : new BundleError('LEDGER_UNREADABLE', message);
}

function truncated(message: string): BundleError {
  return new BundleError('LEDGER_TRUNCATED', `the log has less than its checkpoint says: ${message}`);
}
