import type { System } from '../doctor/system.js';

/** A Linux on which every file is missing and every script of a shell succeeds, but for what `changes` says. */
export function aSystem({
  files = {},
  refuses = [],
  ...changes
}: Partial<System> & { files?: Record<string, string>; refuses?: readonly string[] } = {}): System {
  return {
    platform: 'linux',
    arch: 'x64',
    node: 'v20.19.0',
    uid: 1000,
    readText: async (path) => files[path] ?? null,
    sh: async (script) => !refuses.some((part) => script.includes(part)),
    ...changes,
  };
}
