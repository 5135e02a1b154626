import { lstatSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Milliseconds after which a change of a file or folder has a time of its own on any file system. */
export const TICK = 2_000;

/** What tells one state of a file from another: its size, the time it was changed last and where it lies on the disk. */
function stampOf({ size, mtimeMs, ino }: Pick<Stats, 'size' | 'mtimeMs' | 'ino'>): string {
  return `${size}:${mtimeMs}:${ino}`;
}

/** The stamp of the file at `path`, and when it was changed; null when it is gone. */
export function stampAt(path: string): { stamp: string; changedMs: number } | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : { stamp: stampOf(found), changedMs: found.mtimeMs };
}

/**
 * The stamp of a folder: it changes when a name comes, goes or is given to another file, and not when a file is written
 * in place. Empty when the folder changed so recently that a further change could have the same time.
 * @returns null when there is no folder.
 */
export async function folderStamp(path: string, now = Date.now()): Promise<string | null> {
  try {
    const { mtimeNs, ino } = await stat(path, { bigint: true });
    return isPast(Number(mtimeNs / 1_000_000n), now, TICK) ? `${mtimeNs}:${ino}` : '';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whether a change lies more than `tick` milliseconds back. A time to come never does. */
export function isPast(changedMs: number, now: number, tick: number): boolean {
  return now - changedMs > tick;
}
