import { join } from 'node:path';
import { isTemporaryName } from '@tracecore/artifact/node';
import { StoreError } from '../error.js';
import { NAME_EXPECTED } from '../list-runs.js';
import { listNames, readRun, runIdOf, shadowOf, shadowReason } from '../run-files.js';
import { folderStamp, isPast, stampAt, TICK } from './stamp.js';
import type { IndexChange, KnownFile, RecordedRun, RunIndex } from './types.js';

/** Files read at once, and files whose rows are written in one transaction: a lock is held for milliseconds. */
const READ_AT_ONCE = 16;
const WRITE_AT_ONCE = 512;
/** Milliseconds for which a file that is no run may still be in the writing. */
const WRITING = 60_000;
/** The stamp of a compressed file that stands back for the plain one; no file has it. */
const SHADOWED = 'beside';

type Skipped = NonNullable<IndexChange['skipped']>[number];

export interface RepairOptions {
  /** Read every file again, whatever its stamp says. */
  reread?: boolean;
  /** Told from time to time how many of the files that have to be read were. */
  onProgress?: (read: number, total: number) => void;
}

/** What a repair came to, in files. */
export interface RepairReport {
  read: number;
  gone: number;
}

/**
 * Brings the index in step with the runs folder in `root`. While the folder has the time it had when all of it was known,
 * nothing is listed; else names and stamps are compared, and what is new or changed is read. Another process may write
 * runs, write to the index or repair it meanwhile: what is missed then is found the next time.
 * @throws {StoreError} STORE_UNREADABLE, and as the index does. What was written by then stands.
 */
export async function repairIndex(index: RunIndex, root: string, options: RepairOptions = {}): Promise<RepairReport> {
  const { reread = false, onProgress } = options;
  const folder = join(root, 'runs');
  // Taken first: whatever changes from here on gives the folder another stamp.
  const stamp = await stampOfRuns(folder);
  const before = await index.folder();
  const isWhole = !reread && Boolean(stamp) && stamp === before;
  const { gone, stale, isThere } = isWhole ? await lookAgain(index, folder) : await compare(index, folder, reread);
  if (gone.length > 0) await index.change({ gone });
  for (let start = 0; start < stale.length; start += WRITE_AT_ONCE) {
    await index.change(await readChange(folder, stale.slice(start, start + WRITE_AT_ONCE), isThere));
    onProgress?.(Math.min(start + WRITE_AT_ONCE, stale.length), stale.length);
  }
  const after = stamp || null;
  if (after !== before) await index.change({ folder: after });
  return { read: stale.length, gone: gone.length };
}

interface Look {
  gone: string[];
  /** Names of files that have to be read. */
  stale: string[];
  isThere: (name: string) => boolean;
}

async function compare(index: RunIndex, folder: string, reread: boolean): Promise<Look> {
  // Known before listed: a run that is written and noted in between is then new, and not gone.
  const known = await index.files();
  const names = (await listNames(folder)).filter((name) => !isTemporaryName(name));
  const listed = new Set(names);
  const isThere = (name: string) => listed.has(name);
  return {
    gone: [...known.keys()].filter((name) => !listed.has(name)),
    stale: names.filter((name) => reread || isStale(folder, name, known.get(name), isThere)),
    isThere,
  };
}

/** Files that were changed when they were read, or may have been in the writing, also where the folder has not changed. */
async function lookAgain(index: RunIndex, folder: string): Promise<Look> {
  const isThere = (name: string) => stampAt(join(folder, name)) !== null;
  return { gone: [], stale: await index.unsettled(), isThere };
}

function isStale(folder: string, name: string, known: KnownFile | undefined, isThere: Look['isThere']): boolean {
  if (known === undefined || known.stamp === '') return true;
  const expected = shadowOf(name, isThere) === null ? stampAt(join(folder, name))?.stamp : SHADOWED;
  return known.stamp !== expected;
}

async function readChange(folder: string, names: readonly string[], isThere: Look['isThere']) {
  const runs: RecordedRun[] = [];
  const skipped: Skipped[] = [];
  const gone: string[] = [];
  for (let start = 0; start < names.length; start += READ_AT_ONCE) {
    const batch = names.slice(start, start + READ_AT_ONCE);
    for (const [place, found] of (await Promise.all(batch.map((name) => readOne(folder, name, isThere)))).entries()) {
      if (found === null) gone.push(batch[place] as string);
      else if ('reason' in found) skipped.push(found);
      else runs.push(found);
    }
  }
  return { runs, skipped, gone } satisfies IndexChange;
}

/** Null for a file that went away meanwhile. */
async function readOne(folder: string, name: string, isThere: Look['isThere']): Promise<RecordedRun | Skipped | null> {
  const [runId, path] = [runIdOf(name), join(folder, name)];
  const plain = shadowOf(name, isThere);
  if (plain !== null) return { file: name, reason: shadowReason(plain), stamp: SHADOWED };
  // Before the file is read: what is written to it from then on gives it another stamp.
  const found = stampAt(path);
  if (found === null) return null;
  const stampAfter = (ms: number) => (isPast(found.changedMs, Date.now(), ms) ? found.stamp : '');
  if (runId === null) return { file: name, reason: NAME_EXPECTED, stamp: found.stamp };
  try {
    const { artifact, text } = await readRun(path, runId);
    return { artifact, bytes: Buffer.byteLength(text), file: name, stamp: stampAfter(TICK) };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (error.code === 'RUN_NOT_FOUND') return null;
    return { file: name, reason: error.message, stamp: stampAfter(WRITING) };
  }
}

async function stampOfRuns(folder: string): Promise<string | null> {
  try {
    return await folderStamp(folder);
  } catch (error) {
    const message = `could not look at the runs in ${folder}: ${(error as Error).message}`;
    throw new StoreError('STORE_UNREADABLE', message, { cause: error });
  }
}
