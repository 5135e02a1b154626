import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { isAlive } from '../testing/processes.js';
import { ChildGroups } from './child-groups.js';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
function sleeper(): number {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  started.push(child);
  return child.pid as number;
}
const noticeOf = (pid: number) => ({ pid, folder: '', running: true });
const noProc = process.platform !== 'linux' && ' (whose child a process is is read from /proc)';

test.skipIf(noProc)(`what a worker started ends with it, and what it only names does not${noProc || ''}`, async () => {
  const [own, other] = [sleeper(), sleeper()];
  const groups = new ChildGroups();
  groups.note(noticeOf(own), process.pid);
  // Some other process claims this one for its child.
  groups.note(noticeOf(other), process.ppid);
  for (const pid of [process.pid, process.ppid, 1, 0, -1]) groups.note(noticeOf(pid), own);
  await groups.end(own);
  await expect.poll(() => isAlive(own)).toBe(false);
  expect(isAlive(other)).toBe(true);
});
