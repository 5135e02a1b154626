import type { ChildProcess } from 'node:child_process';

/** Resolves when a process has ended, with its exit code; null for one that was killed. What it prints is let go. */
export function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    child.once('exit', (code) => resolve(code));
    child.stdout?.resume();
  });
}

/** Resolves when a process has printed so many bytes; rejects when it ends before. */
export function printed(child: ChildProcess, count: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = 0;
    child.stdout?.on('data', (chunk: { length: number }) => {
      seen += chunk.length;
      if (seen >= count) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the process ended by itself with ${code}`)));
  });
}
