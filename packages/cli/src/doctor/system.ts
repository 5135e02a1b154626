import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** What `doctor` looks at beside the probe, so that a test can be another machine. */
export interface System {
  /** As Node names them: `linux`, `x64`, `v20.19.0`. */
  platform: string;
  arch: string;
  node: string;
  /** 0 is root; null where users have no numbers. */
  uid: number | null;
  /** The contents of a file, null when it cannot be read. */
  readText(path: string): Promise<string | null>;
  /** Whether `/bin/sh` takes this script and ends with 0. */
  sh(script: string): Promise<boolean>;
}

const SHELL_TIMEOUT_MS = 10_000;

/** The machine that this process runs on. */
export function thisSystem(): System {
  return {
    platform: process.platform,
    arch: process.arch,
    node: process.version,
    uid: process.getuid?.() ?? null,
    readText: (path) => readFile(path, 'utf8').catch(() => null),
    sh: (script) =>
      new Promise((resolve) => {
        execFile('/bin/sh', ['-c', script], { timeout: SHELL_TIMEOUT_MS }, (error) => resolve(error === null));
      }),
  };
}
