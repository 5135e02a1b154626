import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BundleFiles } from './files.js';
import { isUnfinishedName, unfinishedName } from './layout.js';

/** A seal takes moments; a folder in the making that nobody touched for so long has no process left. */
const ABANDONED_MS = 15 * 60 * 1000;

/**
 * Removes what killed seals left in `dir`. Ages are counted from `own`, a folder made just now, so the clock of the disk
 * is compared with itself. A folder is renamed before it is emptied: a seal that still lived could then not move half
 * of it in place.
 * @returns the names that were removed; what cannot be removed stays for the next seal.
 */
export async function removeLeftovers(dir: string, own: string, files: BundleFiles): Promise<string[]> {
  const removed: string[] = [];
  try {
    const now = (await lstat(own)).mtimeMs;
    for (const name of await unfinishedIn(dir)) {
      if (name === basename(own) || now - (await lstat(join(dir, name))).mtimeMs < ABANDONED_MS) continue;
      const doomed = join(dir, unfinishedName(basename(name).slice(1, name.indexOf('.', 1))));
      await files.rename(join(dir, name), doomed);
      await files.remove(doomed);
      removed.push(name);
    }
  } catch {
    // Another seal is removing the same, or the disk refuses: neither is a reason not to seal.
  }
  return removed;
}

/** The folders in the making in `dir`, sorted. */
async function unfinishedIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && isUnfinishedName(entry.name))
    .map(({ name }) => name)
    .sort();
}
