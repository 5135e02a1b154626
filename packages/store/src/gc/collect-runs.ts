import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isTemporaryName } from '@tracecore/artifact/node';
import { listNames } from '../run-files.js';
import { repairIndex } from '../run-index/repair.js';
import type { RunFilter, RunIndex } from '../run-index/types.js';
import { findReferences } from './find-references.js';

/** Milliseconds after which nobody writes to a file in the making any more. */
const ABANDONED = 3_600_000;

export interface CollectOptions {
  /** How many of the newest runs stay, of those that the filter keeps. */
  keep: number;
  /** Which runs it is about. */
  filter?: Pick<RunFilter, 'agent' | 'task'>;
  /** Without it nothing is removed. */
  write?: boolean;
}

/** A file of the runs folder that goes, or would go. */
export interface CollectedFile {
  file: string;
  /** Null for what a writer that was killed left behind. */
  run_id: string | null;
  bytes: number;
  /** Why it could not be removed; null when it was, or would be. */
  error: string | null;
}

export interface Collected {
  /** Oldest last, then what writers left behind. */
  removed: CollectedFile[];
  /** Runs beyond the newest that stay because something points to them. */
  referenced: { run_id: string; by: string[] }[];
  /** Runs that stay for either reason. */
  kept: number;
}

/**
 * Removes all but the newest runs, and files that a writer which was killed left behind. A run that a bundle, a baseline, the
 * session, the leaderboard or a batch points to stays. Files that are no runs are left alone.
 * @throws {StoreError} STORE_UNREADABLE, and as the index does.
 */
export async function collectRuns(index: RunIndex, root: string, options: CollectOptions): Promise<Collected> {
  const { keep, filter = {}, write = false } = options;
  const folder = join(root, 'runs');
  const runs = await index.runs(filter);
  // After the runs: what came to be needed since is found.
  const needed = await findReferences(root);
  const old = runs.slice(keep);
  const unneeded = old.filter(({ run_id }) => !needed.has(run_id));
  const removed: CollectedFile[] = [];
  for (const { file, run_id } of unneeded) removed.push(...(await remove(folder, file, run_id, write)));
  for (const file of await abandoned(folder)) removed.push(...(await remove(folder, file, null, write)));
  if (write && removed.length > 0) await repairIndex(index, root);
  const referenced = old.flatMap(({ run_id }) => {
    const by = needed.get(run_id);
    return by === undefined ? [] : [{ run_id, by }];
  });
  return { removed, referenced, kept: runs.length - unneeded.length };
}

/** Nothing when the file is gone already. */
async function remove(folder: string, file: string, run_id: string | null, write: boolean): Promise<CollectedFile[]> {
  const path = join(folder, file);
  let bytes = 0;
  try {
    bytes = (await lstat(path)).size;
    if (write) await rm(path);
    return [{ file, run_id, bytes, error: null }];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    return [{ file, run_id, bytes, error: (error as Error).message }];
  }
}

async function abandoned(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of (await listNames(folder)).filter(isTemporaryName)) {
    const stats = await lstat(join(folder, name)).catch(() => null);
    if (stats !== null && Date.now() - stats.mtimeMs > ABANDONED) found.push(name);
  }
  return found;
}
