import { spawn } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { report } from './report.js';

const MOST = 500;
const started = () =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 5000)'], { stdio: 'ignore' });
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
  });

export default report(
  async () => {
    for (let n = 0; n < MOST; n += 1) if (!(await started())) return `started ${n === 0 ? 'no' : n} processes`;
    return `started ${MOST} processes`;
  },
  () => Array.from({ length: 50 }, () => new Worker('setTimeout(() => {}, 5000)', { eval: true })).length,
);
