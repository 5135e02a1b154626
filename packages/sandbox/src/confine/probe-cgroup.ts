import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createGroup } from './cgroup.js';
import { joinText } from './limits.js';
import type { Machine } from './machine.js';
import { runBriefly } from './run-briefly.js';

type Cgroup = NonNullable<Machine['cgroup']>;
const TRIAL_LIMITS = { memoryBytes: 256 * 1024 * 1024, pids: 64 };
/** How many groups above the own one are tried: the one that a session manager delegates is near. */
const MAX_LEVELS = 4;

/** Where groups with limits may be made, found by making one and joining it. Null where there is no such place. */
export async function probeCgroup(): Promise<Cgroup | null> {
  try {
    const [own, mounts] = await Promise.all([read('/proc/self/cgroup'), read('/proc/self/mountinfo')]);
    const two = await firstThat(candidates(own, mounts, null), (folder) =>
      works({ memory: folder, pids: folder, version: 2 }),
    );
    if (two !== null) return { memory: two, pids: two, version: 2 };
    const memory = await firstThat(candidates(own, mounts, 'memory'), (folder) =>
      works({ memory: folder, pids: null, version: 1 }),
    );
    const pids = await firstThat(candidates(own, mounts, 'pids'), (folder) =>
      works({ memory: null, pids: folder, version: 1 }),
    );
    return memory === null && pids === null ? null : { memory, pids, version: 1 };
  } catch {
    return null;
  }
}

/** The folder of the own group, then those above it; `controller` null stands for version 2. */
export function candidates(own: string, mounts: string, controller: string | null): string[] {
  const group = groupOf(own, controller);
  const mount = mountOf(mounts, controller);
  if (group === null || mount === null) return [];
  const below = group === mount.root || group.startsWith(`${mount.root.replace(/\/$/, '')}/`);
  let folder = join(mount.folder, below ? group.slice(mount.root.replace(/\/$/, '').length) : '');
  const folders: string[] = [];
  while (folders.length <= MAX_LEVELS) {
    folders.push(folder.replace(/(?<=.)\/$/, ''));
    if (folder.replace(/\/$/, '') === mount.folder) break;
    folder = dirname(folder);
  }
  return folders;
}

/** Of lines such as `4:memory:/user.slice` and, for version 2, `0::/user.slice`. */
function groupOf(own: string, controller: string | null): string | null {
  for (const line of own.split('\n')) {
    const [, names, group] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (names === undefined || group === undefined) continue;
    if (controller === null ? names === '' : names.split(',').includes(controller)) return group;
  }
  return null;
}

/** Of lines such as `35 24 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory`. */
function mountOf(mounts: string, controller: string | null): { root: string; folder: string } | null {
  for (const line of mounts.split('\n')) {
    const [, root, folder, type, options] = /^\d+ \d+ \S+ (\S+) (\S+) .*? - (\S+) \S+ (\S+)$/.exec(line) ?? [];
    if (root === undefined || folder === undefined) continue;
    if (controller === null ? type === 'cgroup2' : type === 'cgroup' && options?.split(',').includes(controller)) {
      return { root, folder };
    }
  }
  return null;
}

/** A group is of use when it can be made and a process of ours may join it. */
async function works(cgroup: Cgroup): Promise<boolean> {
  try {
    const group = createGroup(cgroup, TRIAL_LIMITS, `tracecore-probe-${process.pid}-${process.hrtime.bigint()}`);
    try {
      return (await runBriefly(['/bin/sh', '-c', joinText(group.joinFiles)])).ok;
    } finally {
      await group.end();
    }
  } catch {
    return false;
  }
}

async function firstThat(folders: string[], holds: (folder: string) => Promise<boolean>): Promise<string | null> {
  for (const folder of folders) if (await holds(folder)) return folder;
  return null;
}

const read = (file: string) => readFile(file, 'utf8');
