import { hashLeaf } from '@tracecore/artifact/merkle';
import { sha256Bytes } from '@tracecore/artifact/node';
import { BundleError } from '../error.js';
import { type EntryBundle, type LedgerEntry, readEntry } from './parse-entry.js';
import type { Log } from './read-log.js';

/** An entry at its place. */
export interface PlacedEntry {
  index: number;
  /** The hash of its leaf, in hex; the beginning of it names the entry too. */
  leaf_hash: string;
  entry: LedgerEntry;
}

const INDEX = /^(?:0|[1-9]\d*)$/;
const HASH = /^[0-9a-f]{8,64}$/;
const CANDIDATES_NAMED = 5;

/**
 * The entry that a text names: its index, or at least the first 8 digits of its hash. Digits alone are an index when the
 * log has one so high.
 * @throws {BundleError} LEDGER_ENTRY_NOT_FOUND for none and for several; and as reading the log does.
 */
export async function findEntry(log: Log, named: string): Promise<PlacedEntry> {
  const { size } = log.checkpoint;
  if (INDEX.test(named) && Number(named) < size) return placed(Number(named), await log.entry(Number(named)));
  if (!HASH.test(named)) {
    throw notFound(
      `expected an index below ${size}, or the first 8 digits or more of an entry's hash, got ${JSON.stringify(named)}`,
    );
  }
  const found: { index: number; bytes: Uint8Array }[] = [];
  for await (const one of log.entries()) if (leafHash(one.bytes).startsWith(named)) found.push(one);
  const [only, ...others] = found;
  if (only === undefined) throw notFound(`expected an entry whose hash begins with ${named}, found none among ${size}`);
  if (others.length === 0) return placed(only.index, only.bytes);
  const indexes = found.slice(0, CANDIDATES_NAMED).map(({ index }) => index);
  throw notFound(`expected ${named} to begin one hash, found ${found.length}: entries ${indexes.join(', ')}`);
}

/**
 * Every entry with one of these bundles, oldest first: the same digest, or the same run.
 * @throws {BundleError} LEDGER_ENTRY_INVALID, and as reading the log does.
 */
export async function entriesWith(log: Log, wanted: readonly BundleMark[]): Promise<PlacedEntry[]> {
  const marks = wanted.flatMap(({ integrity_sha256, run_id }) => [integrity_sha256, run_id]);
  const found: PlacedEntry[] = [];
  for await (const { index, bytes } of log.entries()) {
    // Parsing every entry of a long log would take most of the time.
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (!marks.some((mark) => text.includes(mark))) continue;
    const one = placed(index, bytes);
    if (rowsOf(one.entry).some((row) => wanted.some((mark) => isSame(row, mark)))) found.push(one);
  }
  return found;
}

/** What tells bundles apart. */
export type BundleMark = Pick<EntryBundle, 'run_id' | 'integrity_sha256'>;

export function isSame(row: BundleMark, mark: BundleMark): boolean {
  return row.integrity_sha256 === mark.integrity_sha256 || row.run_id === mark.run_id;
}

/** The bundles of an entry, over all tasks. */
export function rowsOf({ tasks }: LedgerEntry): EntryBundle[] {
  return tasks.flatMap(({ bundles }) => bundles);
}

export function placed(index: number, bytes: Uint8Array): PlacedEntry {
  try {
    return { index, leaf_hash: leafHash(bytes), entry: readEntry(bytes) };
  } catch (error) {
    if (error instanceof BundleError)
      throw new BundleError(error.code, `entry ${index} is ${error.message}`, { cause: error });
    throw error;
  }
}

function leafHash(bytes: Uint8Array): string {
  return Buffer.from(hashLeaf(bytes, sha256Bytes)).toString('hex');
}

function notFound(message: string): BundleError {
  return new BundleError('LEDGER_ENTRY_NOT_FOUND', message);
}
