import { randomUUID } from 'node:crypto';
import { readdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createGroup, type Group, type Machine } from '@tracecore/sandbox/confine';

/** What a worker and all that it starts may use together. */
const LIMITS = { memoryBytes: 2 * 1024 ** 3, pids: 512 };
const PREFIX = 'tracecore-worker-';
/** A group this old whose maker is gone was left behind; a younger one may be another container's, not yet joined. */
const LEFT_BEHIND_MS = 60_000;

/** Whether what was left behind has been looked for. */
let swept = false;

/** Makes a control group for one worker; null where none can be made. */
export function workerGroup({ cgroup }: Machine): Group | null {
  if (cgroup === null) return null;
  try {
    if (!swept) sweepGroups(cgroup, Date.now());
    swept = true;
    return createGroup(cgroup, LIMITS, `${PREFIX}${process.pid}-${randomUUID().slice(0, 8)}`);
  } catch {
    return null;
  }
}

/** Removes the empty groups of runners that were killed before they could. */
export function sweepGroups({ memory, pids }: NonNullable<Machine['cgroup']>, now: number): void {
  for (const parent of new Set([memory, pids])) {
    if (parent === null) continue;
    for (const name of readdirSync(parent)) {
      if (!name.startsWith(PREFIX)) continue;
      removeIfLeftBehind(join(parent, name), Number.parseInt(name.slice(PREFIX.length), 10), now);
    }
  }
}

function removeIfLeftBehind(folder: string, maker: number, now: number): void {
  try {
    if (now - statSync(folder).ctimeMs < LEFT_BEHIND_MS || isAlive(maker)) return;
    // The kernel refuses while there is a process in it.
    rmdirSync(folder);
  } catch {
    // Somebody else's, or gone.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
