import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_MACHINE, probeMachine } from '@tracecore/sandbox/confine';
import { afterEach, expect, test } from 'vitest';
import { sweepGroups, workerGroup } from './worker-group.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test('groups that a killed runner left are removed, and no others', () => {
  // To the sweep a group is an empty folder that can be removed.
  const parent = mkdtempSync(join(tmpdir(), 'tracecore-groups-'));
  folders.push(parent);
  const gone = spawnSync('true').pid;
  const names = [
    `tracecore-worker-${gone}-left`,
    `tracecore-worker-${gone}-inuse`,
    `tracecore-worker-${process.pid}-own`,
    'other',
  ];
  for (const name of names) mkdirSync(join(parent, name));
  writeFileSync(join(parent, names[1] as string, 'process'), '');
  const cgroup = { memory: parent, pids: parent, version: 2 as const };
  sweepGroups(cgroup, Date.now());
  expect(readdirSync(parent).sort()).toEqual([...names].sort());
  sweepGroups(cgroup, Date.now() + 120_000);
  expect(readdirSync(parent).sort()).toEqual(names.slice(1).sort());
});

test('there is none where none can be made', () => {
  expect(workerGroup(NO_MACHINE)).toBeNull();
  const nowhere = { memory: '/no/such/folder', pids: null, version: 2 as const };
  expect(workerGroup({ ...NO_MACHINE, cgroup: nowhere })).toBeNull();
});

test('and one of its own where they can', async (ctx) => {
  const machine = await probeMachine();
  if (machine.cgroup === null) ctx.skip('no control groups may be made here');
  const [one, other] = [workerGroup(machine), workerGroup(machine)];
  expect(one?.joinFiles).not.toEqual(other?.joinFiles);
  await Promise.all([one?.end(), other?.end()]);
});
