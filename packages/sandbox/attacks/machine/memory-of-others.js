import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { report } from './report.js';

const SPENT_MS = 1000;
const chunk = Buffer.alloc(4 << 20);
const clock = process.hrtime.bigint;

function search(pid) {
  const ends = clock() + BigInt(SPENT_MS) * 1_000_000n;
  const found = new Set();
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    for (let at = BigInt(`0x${from ?? 0}`); at < BigInt(`0x${to ?? 0}`) && clock() < ends; at += BigInt(chunk.length)) {
      try {
        const read = readSync(memory, chunk, 0, chunk.length, at);
        for (const [canary] of chunk.latin1Slice(0, read).matchAll(/canary-[a-z]+-[0-9a-f]{16}/g)) found.add(canary);
      } catch {
        break;
      }
    }
  }
  closeSync(memory);
  return [...found];
}

export default report(
  () => search(process.ppid),
  () => search('__RUNNER_PID__'),
  () => search(1),
  () => search('self'),
);
