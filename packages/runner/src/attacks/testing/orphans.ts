import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isAlive } from '../../testing/processes.js';

/** A process that an attack has left behind. */
export interface Orphan {
  pid: number;
  command: string;
}

/**
 * Processes that carry `mark` in their environment or command line, or that work in a program's folder below
 * `temporary`. An attack that means to leave something behind says the mark on its command line too, so that neither an
 * emptied environment nor a namespace of its own hides it.
 */
export function findOrphans(mark: string, temporary: string): Orphan[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && isMarked(pid, mark, temporary) && isAlive(pid))
    .map((pid) => ({ pid, command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() }));
}

function isMarked(pid: number, mark: string, temporary: string): boolean {
  if (read(`/proc/${pid}/environ`).includes(mark) || read(`/proc/${pid}/cmdline`).includes(mark)) return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(`${temporary}/tracecore-program-`);
  } catch {
    return false;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
