/** What keeps a process from the machine, weakest first. */
export const CONFINEMENTS = ['bare', 'node-permissions', 'bubblewrap'] as const;
export type Confinement = (typeof CONFINEMENTS)[number];

/** What this machine can hold: plain JSON, found once by `probeMachine` and handed on. */
export interface Machine {
  /** The bubblewrap that was seen to work here. */
  bubblewrap: { file: string; version: string } | null;
  /** Why there is none: not Linux, not installed, or what it said when it was tried. */
  bubblewrapMissing: string | null;
  /** The flag that turns on Node's permission model in this Node. */
  nodePermissions: '--permission' | '--experimental-permission' | null;
  /** The system call table that the seccomp filter is written for; null where there is no such filter. */
  seccomp: 'x64' | 'arm64' | null;
  /** Where groups with limits of their own may be made, by controller; null where none may. */
  cgroup: { memory: string | null; pids: string | null; version: 1 | 2 } | null;
}

/** A machine of which nothing is known, or nothing is to be used. */
export const NO_MACHINE: Machine = {
  bubblewrap: null,
  bubblewrapMissing: 'not looked for',
  nodePermissions: null,
  seccomp: null,
  cgroup: null,
};

/** What a confined program may see and do. Paths are absolute. */
export interface Confines {
  /** Files and folders it may read. What is not there is left out. */
  reads: string[];
  /** Folders below `reads` that it finds empty. */
  hides: string[];
  /** Whether it may start processes of its own. */
  processes: boolean;
}
