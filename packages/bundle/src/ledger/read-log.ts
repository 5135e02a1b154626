import { join } from 'node:path';
import { ArtifactError } from '@tracecore/artifact';
import {
  entriesPath,
  HASH_SIZE,
  type HashTree,
  hashLeaf,
  openTree,
  sameHash,
  TILE_WIDTH,
  type Tile,
  tilesOf,
} from '@tracecore/artifact/merkle';
import { sha256Bytes } from '@tracecore/artifact/node';
import { BundleError } from '../error.js';
import { readRegular } from '../read-regular.js';
import {
  type CheckpointTrust,
  parseSignedCheckpoint,
  requireSigned,
  type SignedCheckpoint,
} from './checkpoint-note.js';
import { type Known, requireContinuation } from './history.js';
import { CHECKPOINT_FILE, MAX_CHECKPOINT_BYTES } from './layout.js';
import { readEntries, readTile } from './read-parts.js';

export interface OpenOptions extends CheckpointTrust {
  /** Checkpoints of this log from before; it has to continue each of them. */
  known?: readonly Known[];
}

/** A log that was opened: everything read through it leads to the root of its checkpoint. */
export interface Log extends SignedCheckpoint {
  dir: string;
  tree: HashTree;
  /** The entries whose hashes are this tile of level 0. */
  entriesOf(tile: Pick<Tile, 'index' | 'width'>): Promise<Uint8Array[]>;
  entry(index: number): Promise<Uint8Array>;
  /** Every entry in order. */
  entries(): AsyncGenerator<{ index: number; bytes: Uint8Array }>;
}

/** A log whose checkpoint a trusted key signed. */
export interface Ledger extends Log {
  /** The id of that key. */
  signed_by: string;
}

/**
 * Opens the log in a folder: the checkpoint's form, its signature, that the tiles give its root, and that it continues what
 * is known of it. What is read later is checked when it is read.
 * @throws {BundleError} LEDGER_NOT_FOUND, LEDGER_UNREADABLE, LEDGER_CHECKPOINT_INVALID, LEDGER_ORIGIN_MISMATCH,
 * LEDGER_UNTRUSTED, LEDGER_SIGNATURE_INVALID, LEDGER_TILE_MISMATCH, LEDGER_TRUNCATED, LEDGER_ROLLED_BACK, LEDGER_FORKED.
 * @see spec/extensions/ledger.md
 */
export async function openLedger(dir: string, { trust, origin, known = [] }: OpenOptions): Promise<Ledger> {
  const signed = await readCheckpoint(dir);
  if (signed === null) {
    for (const { checkpoint, from } of known) requireNotGone(checkpoint.size, from);
    throw new BundleError('LEDGER_NOT_FOUND', `expected a log in ${dir}, found no checkpoint there`);
  }
  const signed_by = requireSigned(signed, { trust, ...(origin === undefined ? {} : { origin }) });
  const log = await openLog(dir, signed);
  for (const one of known) await requireContinuation(log, one);
  return { ...log, signed_by };
}

/**
 * The checkpoint of a log, not verified; null where there is none.
 * @throws {BundleError} LEDGER_UNREADABLE, LEDGER_CHECKPOINT_INVALID.
 */
export async function readCheckpoint(dir: string): Promise<SignedCheckpoint | null> {
  const bytes = await readRegular(join(dir, CHECKPOINT_FILE), CHECKPOINT_FILE, MAX_CHECKPOINT_BYTES);
  if (bytes instanceof Uint8Array) return parseSignedCheckpoint(decodeNote(bytes));
  if (bytes.why === 'missing') return null;
  throw new BundleError('LEDGER_UNREADABLE', bytes.message);
}

/**
 * Opens the tree of a checkpoint, whoever signed it.
 * @throws {BundleError} LEDGER_UNREADABLE, LEDGER_TILE_MISMATCH, LEDGER_TRUNCATED; also from what is returned, then
 * LEDGER_ENTRY_MISMATCH too.
 */
export async function openLog(dir: string, signed: SignedCheckpoint): Promise<Log> {
  const { checkpoint } = signed;
  const tree = checked(await named(openTree(checkpoint, (tile) => readTile(dir, tile), sha256Bytes)));

  async function entriesOf({ index, width }: Pick<Tile, 'index' | 'width'>): Promise<Uint8Array[]> {
    const entries = await readEntries(dir, { index, width });
    const hashes = await tree.tile({ level: 0, index, width });
    for (const [at, entry] of entries.entries()) {
      if (sameHash(hashLeaf(entry, sha256Bytes), hashes.subarray(at * HASH_SIZE, (at + 1) * HASH_SIZE))) continue;
      throw new BundleError(
        'LEDGER_ENTRY_MISMATCH',
        `expected entry ${index * TILE_WIDTH + at} to have the hash that the log has for it, found another entry in ${entriesPath({ index, width })}`,
      );
    }
    return entries;
  }

  return {
    ...signed,
    dir,
    tree,
    entriesOf,
    async entry(index) {
      const tile = Math.floor(index / TILE_WIDTH);
      const width = Math.min(TILE_WIDTH, checkpoint.size - tile * TILE_WIDTH);
      return (await entriesOf({ index: tile, width }))[index % TILE_WIDTH] as Uint8Array;
    },
    async *entries() {
      for (const tile of tilesOf(checkpoint.size)) {
        if (tile.level > 0) return;
        const first = tile.index * TILE_WIDTH;
        for (const [at, bytes] of (await entriesOf(tile)).entries()) yield { index: first + at, bytes };
      }
    },
  };
}

/** The same tree, its errors those of this package. */
function checked(tree: HashTree): HashTree {
  return {
    ...tree,
    tile: (tile) => named(tree.tile(tile)),
    leaf: (index) => named(tree.leaf(index)),
    rootAt: (size) => named(tree.rootAt(size)),
    proveInclusion: (index) => named(tree.proveInclusion(index)),
    proveConsistency: (first) => named(tree.proveConsistency(first)),
  };
}

async function named<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    throw new BundleError('LEDGER_TILE_MISMATCH', error.message, { cause: error });
  }
}

function requireNotGone(size: number, from: string): void {
  if (size === 0) return;
  throw new BundleError('LEDGER_ROLLED_BACK', `expected the log of ${size} entries that ${from} knows, found none`);
}

function decodeNote(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new BundleError('LEDGER_CHECKPOINT_INVALID', 'expected the checkpoint to be UTF-8 text', { cause: error });
  }
}
