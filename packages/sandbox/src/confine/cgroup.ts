import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Machine } from './machine.js';

/** Longest wait until what was killed is gone, and between two looks. */
const END_MS = 2_000;
const LOOK_MS = 10;

export interface GroupLimits {
  memoryBytes: number;
  /** Processes and threads. */
  pids: number;
}

/** A control group with limits of its own: what joins it, and all that it starts, shares them. */
export interface Group {
  /** Files that a process writes its own id to in order to join. */
  joinFiles: string[];
  /** Kills what is left in it and removes it. */
  end(): Promise<void>;
}

/**
 * Makes a group below the folders that the machine allows. `name` must be one that no other group there has.
 * @throws what the file system says when the group cannot be made after all.
 */
export function createGroup(cgroup: NonNullable<Machine['cgroup']>, limits: GroupLimits, name: string): Group {
  // Under version 2 both controllers share a folder.
  const parents = new Set([cgroup.memory, cgroup.pids].filter((folder) => folder !== null));
  const folders = [...parents].map((parent) => join(parent, name));
  const group: Group = {
    joinFiles: folders.map((folder) => join(folder, 'cgroup.procs')),
    end: () => endGroup(folders),
  };
  try {
    for (const folder of folders) mkdirSync(folder);
    if (cgroup.memory !== null) limitMemory(join(cgroup.memory, name), cgroup.version, limits.memoryBytes);
    if (cgroup.pids !== null) writeFileSync(join(cgroup.pids, name, 'pids.max'), String(limits.pids));
  } catch (error) {
    for (const folder of folders) removeFolder(folder);
    throw error;
  }
  return group;
}

function limitMemory(folder: string, version: 1 | 2, bytes: number): void {
  const [limit, swap] =
    version === 2
      ? (['memory.max', ['memory.swap.max', 0]] as const)
      : (['memory.limit_in_bytes', ['memory.memsw.limit_in_bytes', bytes]] as const);
  writeFileSync(join(folder, limit), String(bytes));
  try {
    writeFileSync(join(folder, swap[0]), String(swap[1]));
  } catch {
    // A kernel that does not count swap.
  }
}

async function endGroup(folders: readonly string[]): Promise<void> {
  const endsAt = performance.now() + END_MS;
  for (const folder of folders) {
    while (!removeFolder(folder) && performance.now() < endsAt) {
      killAll(folder);
      await sleep(LOOK_MS);
    }
  }
}

function killAll(folder: string): void {
  try {
    writeFileSync(join(folder, 'cgroup.kill'), '1');
    return;
  } catch {
    // Version 1, or a kernel before 5.14.
  }
  try {
    for (const pid of readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n')) {
      // A zero stands for a process that cannot be seen from here.
      if (Number(pid) > 1) process.kill(Number(pid), 'SIGKILL');
    }
  } catch {
    // One that has gone meanwhile; the next look finds the rest.
  }
}

/** Whether the folder is gone; the kernel keeps it while there is a process in it. */
function removeFolder(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
