import { randomUUID } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type Checkpoint,
  edgeTiles,
  encodeEntries,
  entriesPath,
  growTree,
  hashLeaf,
  isKeyName,
  MAX_ENTRY_BYTES,
  sameHash,
  TILE_WIDTH,
  tilePath,
} from '@tracecore/artifact/merkle';
import { sha256Bytes } from '@tracecore/artifact/node';
import { BundleError, reasonOf, systemCode } from '../error.js';
import { type BundleFiles, nodeFiles, writeNewFile } from '../files.js';
import type { SigningKey } from '../keys.js';
import { parseSignedCheckpoint, type SignedCheckpoint, signCheckpoint } from './checkpoint-note.js';
import type { Known } from './history.js';
import { CHECKPOINT_FILE } from './layout.js';
import { type Lock, takeLock } from './lock.js';
import { type Log, openLedger, openLog, readCheckpoint } from './read-log.js';
import { tidy } from './tidy.js';

export interface AppendOptions {
  /** The folder of the log; it is made with the first entries. */
  dir: string;
  /** One or more; they become one batch under one checkpoint. */
  entries: readonly Uint8Array[];
  /** The log's own key. */
  signingKey: SigningKey;
  /** The name of the log: needed for the first entries, and then kept. */
  origin?: string;
  known?: readonly Known[];
  /** Looks at the log as it is under the lock, before anything is written; what it throws ends the append. */
  check?: (log: Log) => Promise<void>;
  /** The disk when absent. */
  files?: BundleFiles;
}

export interface Appended extends SignedCheckpoint {
  /** The index of the first of the entries. */
  first: number;
}

const EMPTY_ROOT = sha256Bytes(new Uint8Array(0));

/**
 * Appends entries to a log and signs its checkpoint: all of them or none, also when the process is killed or the disk
 * fills. Everything that the checkpoint names is written and synced before it takes its place.
 * @throws {BundleError} LEDGER_ENTRY_TOO_LARGE, LEDGER_ORIGIN_INVALID, LEDGER_BUSY, LEDGER_UNWRITABLE, and as `openLedger` does
 * for a log that is there.
 */
export async function appendEntries(options: AppendOptions): Promise<Appended> {
  const { dir, entries, files = nodeFiles } = options;
  const tooLarge = entries.find(({ length }) => length > MAX_ENTRY_BYTES);
  if (tooLarge) {
    const found = `expected an entry of at most ${MAX_ENTRY_BYTES} bytes, got ${tooLarge.length}`;
    throw new BundleError('LEDGER_ENTRY_TOO_LARGE', `${found}; publish fewer bundles in one entry`);
  }
  const lock = await takeLock(dir, files);
  try {
    const before = await openForAppend(options);
    await options.check?.(before);
    return await append(options, before, lock, files);
  } catch (error) {
    if (error instanceof BundleError || systemCode(error) === null) throw error;
    throw new BundleError('LEDGER_UNWRITABLE', `could not append to the log: ${reasonOf(error)}`, { cause: error });
  } finally {
    await lock.release();
  }
}

async function append({ dir, entries, signingKey }: AppendOptions, before: Log, lock: Lock, files: BundleFiles) {
  const { origin, size } = before.checkpoint;
  const leaves = entries.map((entry) => hashLeaf(entry, sha256Bytes));
  const grown = await growTree(before.tree, leaves, sha256Bytes);
  const writes = new Map(grown.tiles.map(({ tile, hashes }) => [tilePath(tile), hashes]));
  for (const [path, bytes] of await entryBundles(before, entries)) writes.set(path, bytes);
  const checkpoint: Checkpoint = { origin, size: grown.size, root: grown.root };
  const note = signCheckpoint(checkpoint, signingKey);
  await requireUnchanged(dir, before, lock);
  await tidy(dir, size, files);
  try {
    await writeAll(dir, writes, files);
    await requireUnchanged(dir, before, lock);
    await publish(dir, note, files);
  } catch (error) {
    // Without the lock these files may be those of somebody else.
    if (await lock.isHeld()) await tidy(dir, size, files).catch(() => undefined);
    throw error;
  }
  await files.syncFolder(dir);
  await files.syncFolder(dirname(dir));
  // What is left of the parts does no harm, so it is no reason to fail.
  await tidy(dir, grown.size, files).catch(() => undefined);
  return { checkpoint, note, first: size };
}

/** The log as it is, or an empty one that is named and not there yet. */
async function openForAppend({ dir, signingKey, origin, known = [] }: AppendOptions): Promise<Log> {
  if (origin !== undefined && !isKeyName(origin)) {
    throw new BundleError(
      'LEDGER_ORIGIN_INVALID',
      `expected a name such as example.org/tracecore, without spaces or plus, got ${JSON.stringify(origin)}`,
    );
  }
  if ((await readCheckpoint(dir)) !== null || known.some(({ checkpoint }) => checkpoint.size > 0)) {
    const named = origin === undefined ? {} : { origin };
    return openLedger(dir, { trust: [signingKey], known, ...named }).catch((error: unknown) => {
      if (!(error instanceof BundleError) || error.code !== 'LEDGER_UNTRUSTED') throw error;
      const expected = `expected the key that signed the checkpoint in ${dir}, got ${signingKey.id}`;
      throw new BundleError('LEDGER_UNTRUSTED', `${expected}; a log is appended to with its own key`);
    });
  }
  if (origin !== undefined) {
    const empty = signCheckpoint({ origin, size: 0, root: EMPTY_ROOT }, signingKey);
    return openLog(dir, parseSignedCheckpoint(empty));
  }
  throw new BundleError('LEDGER_ORIGIN_INVALID', `expected a name for the log in ${dir}, which has none yet, got none`);
}

/** The files of entries that are new or longer than before. */
async function entryBundles({ checkpoint: { size }, entriesOf }: Log, entries: readonly Uint8Array[]) {
  const edge = edgeTiles(size).find(({ level }) => level === 0);
  const all = [...(edge ? await entriesOf(edge) : []), ...entries];
  const first = Math.floor(size / TILE_WIDTH);
  const bundles: [path: string, bytes: Uint8Array][] = [];
  for (let at = 0; at < all.length; at += TILE_WIDTH) {
    const part = all.slice(at, at + TILE_WIDTH);
    bundles.push([entriesPath({ index: first + at / TILE_WIDTH, width: part.length }), encodeEntries(part)]);
  }
  return bundles;
}

/** None of these names belongs to the log as it is published, so they are written in their place. */
async function writeAll(dir: string, writes: ReadonlyMap<string, Uint8Array>, files: BundleFiles): Promise<void> {
  const folders = new Set<string>();
  for (const path of writes.keys()) {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  }
  const deepestLast = [...folders].sort();
  await files.ensureFolder(dir);
  for (const folder of ['.', ...deepestLast]) {
    const path = join(dir, folder);
    if (folder !== '.') await files.ensureFolder(path);
    // Through a link the log would be written somewhere else.
    if (!(await lstat(path)).isDirectory()) {
      throw new BundleError('LEDGER_UNWRITABLE', `expected a folder at ${path}, found a file or a link`);
    }
  }
  for (const [path, bytes] of writes) await writeNewFile(files, join(dir, path), bytes);
  for (const folder of deepestLast.reverse()) await files.syncFolder(join(dir, folder));
}

/** Whoever took the lock for a dead one's, or wrote without one, must not be overwritten. */
async function requireUnchanged(dir: string, { checkpoint }: Log, lock: Lock): Promise<void> {
  const now = (await readCheckpoint(dir))?.checkpoint;
  const same = now ? now.size === checkpoint.size && sameHash(now.root, checkpoint.root) : checkpoint.size === 0;
  if (same && (await lock.isHeld())) return;
  throw new BundleError(
    'LEDGER_BUSY',
    `expected nobody else to be appending to ${dir}, found the log changed; try again`,
  );
}

async function publish(dir: string, note: string, files: BundleFiles): Promise<void> {
  const temporary = join(dir, `.${CHECKPOINT_FILE}.${randomUUID()}.tmp`);
  try {
    await writeNewFile(files, temporary, Buffer.from(note, 'utf8'));
    await files.rename(temporary, join(dir, CHECKPOINT_FILE));
  } catch (error) {
    await files.remove(temporary).catch(() => undefined);
    throw error;
  }
}
