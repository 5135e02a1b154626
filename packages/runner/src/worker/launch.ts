import { tmpdir } from 'node:os';
import {
  type Confinement,
  confine,
  type Machine,
  nodePermissionFlags,
  PROCESS_LIMITS,
  withLimits,
} from '@tracecore/sandbox/confine';
import type { WorkerStart } from './protocol.js';

/**
 * `locked` workers play episodes whose programs are all bundles: they start nothing, so everything is kept from them.
 * `spawning` workers start processes for programs that need one, and keep those from the machine.
 */
export type WorkerKind = 'locked' | 'spawning';

/** What worker processes are made of. */
export interface WorkerSetup {
  /** The module that they run. */
  entry: string;
  /** The files and folders that they read to start. */
  files: readonly string[];
  /** Options for Node. */
  flags: readonly string[];
  machine: Machine;
  /** The strongest confinement that programs in processes of their own may be put under. */
  confinement: Confinement;
}

/** How to start one worker process. */
export interface WorkerLaunch {
  kind: WorkerKind;
  /** What it is kept by. */
  confinement: Confinement;
  /** What it is told first. */
  start: WorkerStart;
  argv: [string, ...string[]];
  env: Record<string, string>;
  /** Whether it has a process group of its own. */
  detached: boolean;
  /** Opens what stands at its file descriptors from 3 on; to be closed after the spawn. */
  openFds(): number[];
}

const HEAP_FLAGS = ['--no-warnings', '--max-old-space-size=512'];
/** A worker holds several programs in memories of their own, each with a maximum; this is for what goes past them. */
const LOCKED_LIMITS = { ...PROCESS_LIMITS, dataBytes: 4 * 1024 * 1024 * 1024 };

/**
 * Plans a worker process under `strongest` or less, if the machine has less.
 * @param joinFiles where it joins the groups that limit it.
 */
export function planLaunch(
  kind: WorkerKind,
  setup: WorkerSetup,
  strongest: Confinement,
  joinFiles: readonly string[],
): WorkerLaunch {
  const { machine, confinement } = setup;
  const start = { machine, confinement, watchdog: true };
  const base = { kind, env: { TZ: 'UTC', LANG: 'C' }, detached: false, start, openFds: () => [] };
  if (kind === 'spawning') {
    // Node's permissions hold nothing for one that may start processes, and newer Nodes hand them on in NODE_OPTIONS.
    const env = { ...base.env, TMPDIR: tmpdir() };
    return { ...base, env, confinement: 'bare', argv: limited(PROCESS_LIMITS, nodeArgv(setup, []), joinFiles) };
  }
  if (strongest !== 'bubblewrap' || machine.bubblewrap === null) {
    const flags = strongest === 'bare' ? [] : permissionsFor(setup, true);
    const argv = limited(LOCKED_LIMITS, nodeArgv(setup, flags), joinFiles);
    return { ...base, confinement: flags.length > 0 ? 'node-permissions' : 'bare', argv };
  }
  const { argv, openFds } = confine(
    { argv: nodeArgv(setup, permissionsFor(setup, false)), isNode: true },
    { reads: [process.execPath, ...setup.files], hides: [], processes: false },
    machine,
    'bubblewrap',
  );
  return {
    ...base,
    confinement: 'bubblewrap',
    argv: limited(LOCKED_LIMITS, argv, joinFiles),
    detached: true,
    // Bubblewrap ends with its parent, and all that is inside with it.
    start: { ...start, watchdog: false },
    openFds,
  };
}

function nodeArgv({ flags, entry }: WorkerSetup, permissions: readonly string[]): [string, ...string[]] {
  return [process.execPath, ...HEAP_FLAGS, ...flags, ...permissions, entry];
}

function permissionsFor({ machine, files }: WorkerSetup, workerThreads: boolean): string[] {
  if (machine.nodePermissions === null) return [];
  return nodePermissionFlags(machine.nodePermissions, { reads: files, writes: [], workerThreads });
}

function limited(
  limits: typeof PROCESS_LIMITS,
  argv: [string, ...string[]],
  joinFiles: readonly string[],
): [string, ...string[]] {
  return process.platform === 'win32' ? argv : ([...withLimits(limits, joinFiles), ...argv] as [string, ...string[]]);
}
