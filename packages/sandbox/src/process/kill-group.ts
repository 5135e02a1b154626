import { readFileSync } from 'node:fs';

/** Kills a process and its group, whether or not it is still there. */
export function killGroup(pid: number): void {
  kill(process.platform === 'win32' ? pid : -pid);
}

/**
 * Kills what a bubblewrap keeps, and so leaves it to bubblewrap to reap its child: killed together with it, that would be
 * left to the machine's first process, which in a container may reap nothing.
 * @returns whether there was something to kill.
 */
export function killInside(pid: number): boolean {
  const inside = childrenOf(pid);
  for (const child of inside) kill(child);
  return inside.length > 0;
}

function childrenOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
    return children === '' ? [] : children.split(' ').map(Number);
  } catch {
    // A kernel that does not list them, or no such process.
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
