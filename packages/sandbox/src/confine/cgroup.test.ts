import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { machine } from '../testing/confined.js';
import { createGroup, type Group } from './cgroup.js';
import { joinText } from './limits.js';
import { candidates } from './probe-cgroup.js';

const MIB = 1024 * 1024;
const { cgroup } = machine;
const noGroups = cgroup === null && 'no control group may be made here';
const noMemory = noGroups || (cgroup?.memory === null && 'memory is not among the controllers');
const noPids = noGroups || (cgroup?.pids === null && 'pids is not among the controllers');
const why = (reason: string | false) => (reason ? ` (left out: ${reason})` : '');

async function withGroup(work: (group: Group) => Promise<void>): Promise<void> {
  if (cgroup === null) throw new Error('no groups');
  const name = `tracecore-test-${process.pid}-${process.hrtime.bigint()}`;
  const group = createGroup(cgroup, { memoryBytes: 64 * MIB, pids: 16 }, name);
  try {
    await work(group);
  } finally {
    await group.end();
  }
}

function start(group: Group, command: string[]): ChildProcess {
  return spawn('/bin/sh', ['-c', `${joinText(group.joinFiles)} && exec "$0" "$@"`, ...command], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function resultOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null; out: string }> {
  let out = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, out: out.trim() })));
}

test.skipIf(noMemory)(`a group holds memory, of whatever kind${why(noMemory)}`, async () => {
  await withGroup(async (group) => {
    const script = 'const kept = []; for (;;) kept.push(Buffer.alloc(1024 * 1024, 1));';
    expect(await resultOf(start(group, [process.execPath, '-e', script]))).toMatchObject({ signal: 'SIGKILL' });
  });
});

test.skipIf(noPids)(`a group holds the number of processes${why(noPids)}`, async () => {
  await withGroup(async (group) => {
    const script =
      'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 60 >/dev/null 2>&1 & done; echo all; wait';
    const child = start(group, ['/bin/sh', '-c', script]);
    const { out } = await resultOf(child);
    expect(out).not.toContain('all');
  });
});

test.skipIf(noGroups)(`the end of a group is the end of all in it, and of its folders${why(noGroups)}`, async () => {
  let ended: Promise<{ signal: string | null }> | undefined;
  const folders: string[] = [];
  await withGroup(async (group) => {
    const child = start(group, ['/bin/sh', '-c', 'setsid sleep 60 & echo there; wait']);
    ended = resultOf(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    folders.push(...group.joinFiles.map(dirname));
    expect(folders.every(existsSync)).toBe(true);
  });
  expect((await ended)?.signal).toBe('SIGKILL');
  expect(folders.some(existsSync)).toBe(false);
});

test('the own group is found below its mount, and the groups above it', () => {
  const mounts = [
    '35 24 0:30 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory',
    '36 24 0:31 /docker/abc /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids',
    '37 24 0:32 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate',
  ].join('\n');
  const own = '12:memory:/user.slice/one\n11:cpu,pids:/docker/abc/two\n0::/\n';
  const root = '/sys/fs/cgroup';
  expect(candidates(own, mounts, 'memory')).toEqual(
    ['memory/user.slice/one', 'memory/user.slice', 'memory'].map((path) => `${root}/${path}`),
  );
  expect(candidates(own, mounts, 'pids')).toEqual([`${root}/pids/two`, `${root}/pids`]);
  expect(candidates(own, mounts, null)).toEqual([`${root}/unified`]);
  expect(candidates(own, mounts, 'cpuset')).toEqual([]);
});
