import { statSync } from 'node:fs';
import type { Machine } from './machine.js';

export interface NodePermissions {
  /** Files, and folders with all that is in them, by absolute path. What is not there is left out. */
  reads: readonly string[];
  writes: readonly string[];
  /** Whether it may start threads. Default false. */
  workerThreads?: boolean;
}

/**
 * The options that make Node keep a program from other files, from starting processes and from native addons.
 * It keeps neither the network nor signals, and Node promises it for programs that do not work against it.
 */
export function nodePermissionFlags(
  flag: NonNullable<Machine['nodePermissions']>,
  { reads, writes, workerThreads = false }: NodePermissions,
): string[] {
  return [
    flag,
    ...(flag === '--experimental-permission' ? ['--disable-warning=ExperimentalWarning'] : []),
    ...(workerThreads ? ['--allow-worker', '--disable-warning=SecurityWarning'] : []),
    ...reads.flatMap(patternOf).map((pattern) => `--allow-fs-read=${pattern}`),
    ...writes.flatMap(patternOf).map((pattern) => `--allow-fs-write=${pattern}`),
  ];
}

/** A path that ends in `*` would stand for others that begin like it. */
function patternOf(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || path.includes('*')) return [];
  return [stats.isDirectory() ? `${path.replace(/\/$/, '')}/*` : path];
}
