import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Process ids of whatever begins with `program` and has `marker` in its command line, zombies left out. */
export function processesWith(marker: string, program = ''): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const line = readFile(`/proc/${pid}/cmdline`);
      return pid !== process.pid && line.startsWith(program) && line.includes(marker) && isAlive(pid);
    });
}

export function isAlive(pid: number): boolean {
  const status = readFile(`/proc/${pid}/status`);
  return status !== '' && !status.includes('State:\tZ');
}

/** What a process has open, by path. */
export function openPaths(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
