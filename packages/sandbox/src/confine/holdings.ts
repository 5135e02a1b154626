/** What a program could reach for, in the order of docs/security.md. */
export const HELD_THINGS = [
  'hidden_state',
  'host_files',
  'network',
  'environment',
  'processes',
  'signals',
  'clock',
  'randomness',
  'cpu',
  'memory',
  'disk',
  'output',
] as const;
export type HeldThing = (typeof HELD_THINGS)[number];

/** `held`: whatever the program does. `cooperative`: unless it works against it. `open`: not at all. */
export type Hold = 'held' | 'cooperative' | 'open';
export type Holdings = Record<HeldThing, Hold>;

/** How a program is kept, as the artifact's `isolation.mechanism` names it. */
export const MECHANISMS = [
  'wasm-in-bubblewrap',
  'wasm-in-node-permissions',
  'wasm-in-bare-worker',
  'process-bubblewrap',
  'process-node-permissions',
  'process-bare',
  'none',
] as const;
export type Mechanism = (typeof MECHANISMS)[number];

/** How far a run is kept apart, weakest first: `[isolation] minimum` in tracecore.toml asks for one of these. */
export const ISOLATION_LEVELS = ['none', 'bare', 'permissions', 'contained'] as const;
export type IsolationLevel = (typeof ISOLATION_LEVELS)[number];

/** What strict spec asks for where nobody asks for anything else: all but inline and bare. */
export const DEFAULT_MINIMUM: IsolationLevel = 'permissions';

/** How far a mechanism keeps a run apart. */
export function levelOf(mechanism: Mechanism): IsolationLevel {
  switch (mechanism) {
    case 'none':
      return 'none';
    case 'process-bare':
      return 'bare';
    case 'process-node-permissions':
      return 'permissions';
    default:
      return 'contained';
  }
}

/** Of two mechanisms the one that holds less; `MECHANISMS` stands in that order. */
export function weakerOf(a: Mechanism, b: Mechanism): Mechanism {
  return MECHANISMS.indexOf(a) > MECHANISMS.indexOf(b) ? a : b;
}

/** What else stands around a program in a process of its own. */
export interface Surroundings {
  /** Whether the program's own host replaces its clock and chance. */
  clock: 'none' | 'cooperative';
  /** Whether the program may start processes. */
  processes: boolean;
  /** What limits its memory: a control group, limits of each process, or nothing. */
  memory: 'group' | 'limits' | 'nothing';
  /** What limits the number of its processes: a system call filter or a control group, or nothing. */
  processCount: 'filter' | 'group' | 'nothing';
}

const all = (hold: Hold): Holdings => Object.fromEntries(HELD_THINGS.map((thing) => [thing, hold])) as Holdings;

/** What is held of a program. In WebAssembly nothing depends on what surrounds the worker. */
export function holdingsOf(mechanism: Mechanism, around: Surroundings): Holdings {
  if (mechanism === 'none') return all('open');
  if (mechanism.startsWith('wasm-')) return all('held');
  const time: Hold = around.clock === 'cooperative' ? 'cooperative' : 'open';
  // The referee itself bounds what it reads.
  const shared = { clock: time, randomness: time, output: 'held' } as const;
  if (mechanism === 'process-bubblewrap') {
    const memory = { group: 'held', limits: 'cooperative', nothing: 'open' } as const;
    return { ...all('held'), ...shared, processes: countHold(around), memory: memory[around.memory] };
  }
  // Whoever may write to any file may leave its group, so a group holds no more than limits do.
  const memory = around.memory === 'nothing' ? 'open' : 'cooperative';
  if (mechanism === 'process-bare') return { ...all('open'), ...shared, memory };
  // Signals and the network are open, and by them another Node of the same user can be made to open its inspector.
  const kept = { hidden_state: 'cooperative', host_files: 'cooperative', environment: 'cooperative' } as const;
  return { ...all('open'), ...shared, ...kept, processes: 'cooperative', cpu: 'cooperative', memory };
}

/** The filter forbids processes altogether, to a program that may start none. */
function countHold({ processes, processCount }: Surroundings): Hold {
  if (processCount === 'group') return 'held';
  return processCount === 'filter' && !processes ? 'held' : 'open';
}
