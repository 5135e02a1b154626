import { tmpdir } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type ChildNotice, FOLDER_PREFIX } from '@tracecore/sandbox/process';

/**
 * Kills the process when its parent is gone, and first what it had started; a thread of its own, since the main one may
 * be busy for ever.
 */
const WATCHDOG = `
const { parentPort, receiveMessageOnPort, workerData: { parent, temporary, prefix } } = require('node:worker_threads');
const { readdirSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const running = new Set();
setInterval(() => {
  for (let next = receiveMessageOnPort(parentPort); next; next = receiveMessageOnPort(parentPort)) {
    if (next.message.running) running.add(next.message.pid); else running.delete(next.message.pid);
  }
  if (process.ppid === parent) return;
  for (const pid of running) try { process.kill(-pid, 'SIGKILL'); } catch {}
  try {
    for (const name of readdirSync(temporary)) {
      if (name.startsWith(prefix)) rmSync(join(temporary, name), { recursive: true, force: true, maxRetries: 3 });
    }
  } catch {}
  process.kill(process.pid, 'SIGKILL');
}, 500);
`;

/** The thread that ends this process when `parent`, its parent at the start, is gone. */
export function startWatchdog(parent: number): { note: (child: ChildNotice) => void } {
  const worker = new Worker(WATCHDOG, {
    eval: true,
    workerData: { parent, temporary: tmpdir(), prefix: `${FOLDER_PREFIX}${process.pid}-` },
  });
  return { note: (child) => worker.postMessage(child) };
}
