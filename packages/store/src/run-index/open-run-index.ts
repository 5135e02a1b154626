import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreError } from '../error.js';
import { isThere } from '../folders.js';
import { hasIndex, INDEX_FILE } from '../index-file.js';
import { type RepairOptions, repairIndex } from './repair.js';
import { copySqlite } from './sqlite-file.js';
import { openSqliteIndex, type SqliteIndex } from './sqlite-index.js';
import type { RunIndex, RunRecorder } from './types.js';

/** The ending of a damaged index that was put aside; the next one takes its place. */
const BROKEN = '.broken';

export interface OpenIndexOptions extends RepairOptions {
  /** Told in a sentence what was wrong with the index on disk and what is done instead. */
  onFault?: (message: string) => void;
  /** Milliseconds that an index which somebody else writes to is waited for; 5,000 when absent. */
  patience?: number;
}

/**
 * Opens the index of the store in `root` and brings it in step with the files. Where the index on disk is damaged it is
 * made anew. Where it cannot be used (a newer version, a lock that stays, a folder that cannot be written to), its content
 * is taken into memory and brought in step there, so that a question is answered all the same. Without runs nothing is made.
 * @throws {StoreError} STORE_UNREADABLE when the runs folder cannot be listed.
 */
export async function openRunIndex(root: string, options: OpenIndexOptions = {}): Promise<RunIndex> {
  const { onFault = () => undefined } = options;
  if (!(await isThere(join(root, 'runs')))) return inStep(openSqliteIndex(':memory:'), root, options);
  const path = join(root, INDEX_FILE);
  try {
    return await openOrMakeAnew(path, root, options);
  } catch (error) {
    if (!isIndexFault(error) || error.code === 'INDEX_UNAVAILABLE') throw error;
    onFault(`${error.message}; until then the runs are read into memory`);
    return inStep(await openInMemory(path, error), root, options);
  }
}

/**
 * Reads every file again into the index on disk, which is made anew where it is damaged.
 * @throws {StoreError} STORE_UNREADABLE, and INDEX_NEWER, INDEX_BUSY, INDEX_UNWRITABLE, INDEX_UNAVAILABLE.
 */
export async function reindexRuns(root: string, options: Omit<OpenIndexOptions, 'reread'> = {}): Promise<RunIndex> {
  if (!(await isThere(join(root, 'runs')))) return openSqliteIndex(':memory:');
  return openOrMakeAnew(join(root, INDEX_FILE), root, { ...options, reread: true });
}

/**
 * Opens the index to take note of runs, without looking at the files that are there.
 * @returns null where there is no index yet: it will be made from the files by whoever asks a question.
 * @throws {StoreError} as `reindexRuns`; INDEX_CORRUPT.
 */
export async function openRecorder(root: string): Promise<(RunRecorder & Pick<RunIndex, 'close'>) | null> {
  return (await hasIndex(root)) ? openSqliteIndex(join(root, INDEX_FILE)) : null;
}

/** The faults of an index; any other error is none of its own. */
function isIndexFault(error: unknown): error is StoreError {
  return error instanceof StoreError && error.code.startsWith('INDEX_');
}

async function openOrMakeAnew(path: string, root: string, options: OpenIndexOptions): Promise<RunIndex> {
  try {
    return await inStep(openSound(path, options), root, options);
  } catch (error) {
    if (!isIndexFault(error) || error.code !== 'INDEX_CORRUPT') throw error;
    options.onFault?.(`${error.message}; it is made anew from the runs`);
    await setAside(path);
    return inStep(openSqliteIndex(path, options.patience), root, options);
  }
}

/** Every page is looked at only where every file is read anyway. */
function openSound(path: string, { reread = false, patience }: OpenIndexOptions): SqliteIndex {
  const index = openSqliteIndex(path, patience);
  if (!reread || index.isSound()) return index;
  void index.close();
  throw new StoreError('INDEX_CORRUPT', `${path}: expected an index of runs, found damaged pages`);
}

async function inStep(index: RunIndex, root: string, options: RepairOptions): Promise<RunIndex> {
  try {
    await repairIndex(index, root, options);
    return index;
  } catch (error) {
    await index.close();
    throw error;
  }
}

/** As much as can be had of the index on disk, in memory; nothing of one that this version does not know. */
async function openInMemory(path: string, { code }: StoreError): Promise<RunIndex> {
  for (const source of code === 'INDEX_NEWER' ? [] : [() => copySqlite(path), () => readFile(path)]) {
    try {
      const index = openSqliteIndex(await source());
      if (index.isSound()) return index;
      await index.close();
    } catch {
      // The next source, or at last the runs alone.
    }
  }
  return openSqliteIndex(':memory:');
}

/** Kept, since a file of this name may be somebody else's; its log belongs to no other file. */
async function setAside(path: string): Promise<void> {
  try {
    await rename(path, `${path}${BROKEN}`);
    await Promise.all([rm(`${path}-wal`, { force: true }), rm(`${path}-shm`, { force: true })]);
  } catch (error) {
    const message = `${path}: could not put the damaged index aside: ${(error as Error).message}`;
    throw new StoreError('INDEX_UNWRITABLE', message, { cause: error });
  }
}
