import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Checkpoint, sameHash } from '@tracecore/artifact/merkle';
import { writeFileAtomic } from '@tracecore/artifact/node';
import { BundleError } from '../error.js';
import { readRegular } from '../read-regular.js';
import { parseSignedCheckpoint, type SignedCheckpoint } from './checkpoint-note.js';
import { MAX_CHECKPOINT_BYTES } from './layout.js';
import type { Log } from './read-log.js';

/** A checkpoint that a reader has from before, and where from. */
export interface Known {
  checkpoint: Checkpoint;
  /** The file that it stands in. */
  from: string;
}

/**
 * Requires that a log continues a checkpoint of it. The old root is computed anew from the tiles there are, which lead
 * to the root that was signed, so it is as good as a consistency proof.
 * @throws {BundleError} LEDGER_ORIGIN_MISMATCH, LEDGER_ROLLED_BACK when it has fewer entries, LEDGER_FORKED when its
 * beginning is another; LEDGER_TILE_MISMATCH, LEDGER_TRUNCATED.
 */
export async function requireContinuation({ checkpoint, tree }: Log, { checkpoint: old, from }: Known): Promise<void> {
  if (old.origin !== checkpoint.origin) {
    throw new BundleError(
      'LEDGER_ORIGIN_MISMATCH',
      `expected the log ${old.origin} that ${from} knows, found ${checkpoint.origin}`,
    );
  }
  if (checkpoint.size < old.size) {
    throw new BundleError(
      'LEDGER_ROLLED_BACK',
      `expected at least the ${old.size} entries that ${from} knows, found ${checkpoint.size}; entries were taken away`,
    );
  }
  if (sameHash(await tree.rootAt(old.size), old.root)) return;
  throw new BundleError(
    'LEDGER_FORKED',
    `expected the first ${old.size} entries to be those that ${from} knows, found others; the log was written anew`,
  );
}

/**
 * The checkpoint that a file holds: one that was kept, or one that came another way. Null when it is not there.
 * @throws {BundleError} LEDGER_SEEN_INVALID
 */
export async function readKnown(file: string): Promise<(Known & SignedCheckpoint) | null> {
  const bytes = await readRegular(file, file, MAX_CHECKPOINT_BYTES);
  if (!(bytes instanceof Uint8Array)) {
    if (bytes.why === 'missing') return null;
    throw new BundleError('LEDGER_SEEN_INVALID', bytes.message);
  }
  try {
    return { ...parseSignedCheckpoint(Buffer.from(bytes).toString('utf8')), from: file };
  } catch (error) {
    const { message } = error as Error;
    const step = 'if it is what was kept of a log, remove it to forget that';
    throw new BundleError('LEDGER_SEEN_INVALID', `${file} holds no checkpoint: ${message}; ${step}`);
  }
}

/**
 * Keeps a checkpoint that was verified, for the next look.
 * @throws {ArtifactError} FILE_UNWRITABLE @throws {BundleError} LEDGER_UNWRITABLE
 */
export async function keepSeen(file: string, { note }: SignedCheckpoint): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
  } catch (error) {
    throw new BundleError('LEDGER_UNWRITABLE', `could not keep what was seen of the log: ${(error as Error).message}`);
  }
  await writeFileAtomic(file, note);
}
