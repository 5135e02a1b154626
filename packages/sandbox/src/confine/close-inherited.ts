import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** Files that a process keeps for itself when it starts another; Node opens its own this way. */
const CLOSE_ON_EXEC = 0o2000000;
const LAST_STREAM = 2;

/**
 * Closes what this process was handed open beside its streams, and would hand on to all that it starts: a folder among
 * it would lead out of every confinement. For a process of our own, at its start; Linux only, elsewhere nothing.
 */
export function closeInherited(): void {
  for (const fd of handedOn()) closeSync(fd);
}

/** What this process would hand on beside its streams, for one that starts another which cannot close it itself. */
export function handedOn(): number[] {
  return openFiles().filter((fd) => fd > LAST_STREAM && isHandedOn(fd));
}

function openFiles(): number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number);
  } catch {
    return [];
  }
}

function isHandedOn(fd: number): boolean {
  try {
    const [, flags = '0'] = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')) ?? [];
    return (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    // The one that listed the others is closed already.
    return false;
  }
}
