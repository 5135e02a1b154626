import { chmodSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Paths longer than this are shortened; systems take about four times as much, some less. */
const LONG_PATH_CHARS = 1_000;
const OWN_RIGHTS = 0o700;

/**
 * Removes a folder that a program had to itself, whatever it has made of it: folders without rights, or nested deeper
 * than a path may be long. What even so cannot be removed is left, since no record may be lost for it.
 */
export function removeFolder(folder: string): void {
  try {
    remove(folder);
  } catch {
    try {
      flatten(folder);
      remove(folder);
    } catch {
      // Left to whoever cleans up after the worker.
    }
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Gives every folder its rights back and moves those that lie deep to the top. Links are not followed. */
function flatten(root: string): void {
  const waiting = [root];
  let moved = 0;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    chmodSync(folder, OWN_RIGHTS);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const path = join(folder, entry.name);
      if (path.length - root.length < LONG_PATH_CHARS) {
        waiting.push(path);
        continue;
      }
      moved += 1;
      const top = join(root, `moved-${process.pid}-${moved}`);
      chmodSync(path, OWN_RIGHTS);
      renameSync(path, top);
      waiting.push(top);
    }
  }
}
