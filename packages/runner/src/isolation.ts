import type { Engine, Guarantees } from '@tracecore/sandbox';
import {
  type Confinement,
  HELD_THINGS,
  type HeldThing,
  type Hold,
  type Holdings,
  holdingsOf,
  ISOLATE_GUARANTEES,
  ISOLATION_LEVELS,
  levelOf,
  type Machine,
  type Mechanism,
  type Surroundings,
  weakerOf,
} from '@tracecore/sandbox/confine';
import { confinementOf, type ProcessCommand } from '@tracecore/sandbox/process';
import type { EpisodeJob } from './episode/job.js';
import { RunnerError } from './error.js';
import type { EpisodeRequest, Isolation, IsolationReport } from './types.js';
import type { StartedWorker } from './worker/worker-starter.js';

/** What surrounds programs whose host is none, or that are no processes. */
const NOTHING_AROUND: Surroundings = { clock: 'none', processes: true, memory: 'nothing', processCount: 'nothing' };
const NO_ENGINE: Engine = { name: 'none', version: '0', digest: null };
const WASM_IN = {
  bubblewrap: 'wasm-in-bubblewrap',
  'node-permissions': 'wasm-in-node-permissions',
  bare: 'wasm-in-bare-worker',
} as const satisfies Record<Confinement, Mechanism>;
const PROCESS_UNDER = {
  bubblewrap: 'process-bubblewrap',
  'node-permissions': 'process-node-permissions',
  bare: 'process-bare',
} as const satisfies Record<Confinement, Mechanism>;

const HERE = { node: process.version, platform: `${process.platform}-${process.arch}` };

/** The programs of a job by the host they need. */
export function programsOf({ agent, task }: EpisodeJob) {
  const commands = [agent, task].flatMap((program) => ('command' in program ? [program.command] : []));
  const bundles = [agent, task].flatMap((program) => ('bundle' in program ? [program.bundle] : []));
  return { commands, bundles };
}

/** What an inline episode says, beside its engine. */
export const INLINE = {
  host: 'inline',
  mechanism: 'none',
  level: levelOf('none'),
  held: holdingsOf('none', NOTHING_AROUND),
  ...HERE,
} as const satisfies Partial<IsolationReport>;

/** What is said of an agent whose code was never loaded. */
export const REFUSED: IsolationReport = {
  host: 'isolate',
  mechanism: 'refused before loading',
  level: 'contained',
  held: holdingsOf('wasm-in-bubblewrap', NOTHING_AROUND),
  guarantees: ISOLATE_GUARANTEES,
  engine: NO_ENGINE,
  ...HERE,
};

/** What a worker and this machine held of the programs that it played; the weaker of two counts. */
export function reportIsolation(
  job: EpisodeJob,
  { worker, about, grouped, weakened }: StartedWorker,
  machine: Machine,
  strongest: Confinement,
): IsolationReport {
  const { commands, bundles } = programsOf(job);
  const wasm = WASM_IN[worker.confinement];
  const kept = [
    ...commands.map((command) => keepingOf(command, grouped ? machine : { ...machine, cgroup: null }, strongest)),
    ...(bundles.length > 0 ? [{ mechanism: wasm, held: holdingsOf(wasm, NOTHING_AROUND) }] : []),
  ];
  const mechanism = kept.map((one) => one.mechanism).reduce(weakerOf);
  const held = kept.map((one) => one.held).reduce(weakerHoldings);
  const shared = { mechanism, level: levelOf(mechanism), held, ...(weakened === null ? {} : { weakened }), ...HERE };
  const [first] = commands;
  if (first === undefined) return { host: 'isolate', ...shared, guarantees: about.guarantees, engine: about.engine };
  const clock = commands.every((command) => command.clock === 'cooperative') ? 'cooperative' : 'none';
  const guarantees: Guarantees = { ...about.processGuarantees, clock };
  return { host: 'process', ...shared, roles: rolesOf(job), guarantees, engine: first.engine };
}

/**
 * Refuses an episode whose programs this machine cannot keep apart as far as was asked.
 * @throws {RunnerError} ISOLATION_REFUSED
 */
export function requireLevel(
  { minimumLevel, isolation }: EpisodeRequest,
  job: EpisodeJob,
  machine: Machine,
  strongest: Confinement,
): void {
  if (minimumLevel === undefined) return;
  const mechanisms = programsOf(job).commands.map((command) => keepingOf(command, machine, strongest).mechanism);
  const mechanism = isolation === 'inline' ? 'none' : mechanisms.reduce<Mechanism>(weakerOf, 'wasm-in-bare-worker');
  const level = levelOf(mechanism);
  if (ISOLATION_LEVELS.indexOf(level) >= ISOLATION_LEVELS.indexOf(minimumLevel)) return;
  throw new RunnerError(
    'ISOLATION_REFUSED',
    `an isolation of at least ${minimumLevel} was asked for, and this run would have ${level} (${mechanism}); ${remedy(mechanism, machine)}`,
  );
}

function remedy(mechanism: Mechanism, { bubblewrapMissing }: Machine): string {
  if (mechanism === 'none') return 'run it without --isolation inline';
  const why = bubblewrapMissing === null ? 'a stronger confinement is switched off' : bubblewrapMissing;
  return `${why}; tracecore doctor tells what this machine can hold`;
}

interface Keeping {
  mechanism: Mechanism;
  held: Holdings;
}

/** How a program in a process of its own is kept. */
function keepingOf(command: ProcessCommand, machine: Machine, strongest: Confinement): Keeping {
  const mechanism = PROCESS_UNDER[confinementOf(command, machine, strongest)];
  const around: Surroundings = {
    clock: command.clock,
    processes: command.confines.processes,
    memory: machine.cgroup?.memory ? 'group' : process.platform === 'win32' ? 'nothing' : 'limits',
    processCount: machine.cgroup?.pids ? 'group' : machine.seccomp === null ? 'nothing' : 'filter',
  };
  return { mechanism, held: holdingsOf(mechanism, around) };
}

const HOLDS: readonly Hold[] = ['open', 'cooperative', 'held'];

function weakerHoldings(one: Holdings, other: Holdings): Holdings {
  const weaker = (thing: HeldThing): Hold =>
    HOLDS.indexOf(one[thing]) < HOLDS.indexOf(other[thing]) ? one[thing] : other[thing];
  return Object.fromEntries(HELD_THINGS.map((thing) => [thing, weaker(thing)])) as Holdings;
}

function rolesOf({ agent, task }: EpisodeJob) {
  const hostOf = (program: object): Isolation => ('command' in program ? 'process' : 'isolate');
  return { agent: hostOf(agent), task: hostOf(task) };
}
