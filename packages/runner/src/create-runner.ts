import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type Confinement, type Machine, probeMachine } from '@tracecore/sandbox/confine';
import type { Artifact, TraceEntry } from '@tracecore/spec';
import { assembleArtifact, type EpisodeRecord } from './episode/assemble-artifact.js';
import { createJob } from './episode/create-job.js';
import { endWith } from './episode/ending.js';
import { type EpisodeJob, type PlayerClock, systemClock } from './episode/job.js';
import { RunnerError } from './error.js';
import { INLINE, programsOf, REFUSED, reportIsolation, requireLevel } from './isolation.js';
import { violationIn } from './load/violation.js';
import type {
  EpisodeOutcome,
  EpisodeRequest,
  IsolationReport,
  OnEntry,
  Replayed,
  Runner,
  RuntimeIdentity,
} from './types.js';
import type { WorkerKind, WorkerSetup } from './worker/launch.js';
import { playInWorker } from './worker/play-in-worker.js';
import { runtimeFiles } from './worker/runtime-files.js';
import { WorkerPool } from './worker/worker-pool.js';
import { WorkerStarter } from './worker/worker-starter.js';

export interface RunnerOptions {
  /** Episodes at once, each played by a worker process. Default 1. */
  workers?: number;
  /** The module a worker process runs; by default this package's own. */
  workerEntry?: string;
  /** What `runtime_identity` says. */
  runtime: RuntimeIdentity;
  clock?: PlayerClock;
  /** Few episodes are expected: workers start sooner and play slower. */
  quickStart?: boolean;
  /** What this machine can hold; found out when the runner first needs it. */
  machine?: Machine;
  /** The strongest confinement to use; by default the strongest that the machine has. */
  confinement?: Confinement;
  /** Files and folders that a worker process reads to start; by default those of the installed packages. */
  workerFiles?: readonly string[];
}

/** One pass of the WebAssembly compiler instead of two: ready about 50 ms sooner, episodes about a quarter slower. */
const QUICK_START_FLAGS = ['--liftoff-only'];

interface Played {
  entries: TraceEntry[];
  outcome: EpisodeOutcome;
  isolation: IsolationReport;
}

/** Makes a runner. Nothing is started before the first episode. */
export function createRunner(options: RunnerOptions): Runner {
  const entry = options.workerEntry ?? fileURLToPath(new URL('./worker-main.js', import.meta.url));
  const clock = options.clock ?? systemClock;
  const confinement = options.confinement ?? 'bubblewrap';
  let found: Promise<Machine> | undefined;
  const machineOf = () => {
    found ??= options.machine ? Promise.resolve(options.machine) : probeMachine();
    return found;
  };
  const setUp = async (): Promise<WorkerSetup> => ({
    entry,
    files: options.workerFiles ?? runtimeFiles(entry),
    flags: options.quickStart ? QUICK_START_FLAGS : [],
    machine: await machineOf(),
    confinement,
  });
  const pool = new WorkerPool(new WorkerStarter(setUp), options.workers ?? 1);

  async function run(request: EpisodeRequest, onEntry: OnEntry = () => undefined): Promise<Artifact> {
    const job = createJob(request);
    const startedAt = clock.iso();
    const began = clock.monotonic();
    const played = await play(request, job, onEntry);
    return seal({
      request,
      job,
      runtime: options.runtime,
      runId: randomUUID().replaceAll('-', ''),
      startedAt,
      completedAt: clock.iso(),
      elapsedSeconds: (clock.monotonic() - began) / 1_000,
      ...played,
    });
  }

  async function play(request: EpisodeRequest, job: EpisodeJob, onEntry: OnEntry): Promise<Played> {
    const violation = await violationIn(request);
    if (violation !== null) return refuseAgent(violation);
    requireHost(request, job);
    requireFrozenSteps(request);
    if (request.minimumLevel !== undefined) requireLevel(request, job, await machineOf(), confinement);
    return request.isolation === 'inline' ? playInline(job, onEntry) : playIsolated(job, onEntry);
  }

  async function playInline(job: EpisodeJob, onEntry: OnEntry): Promise<Played> {
    // The engine and the referee's loop belong to worker processes; only this host needs them here.
    const { playInline: play } = await import('./episode/play-inline.js');
    const { host, ...played } = await play(job, onEntry, clock);
    return { ...played, isolation: { ...INLINE, ...host } };
  }

  async function playIsolated(job: EpisodeJob, onEntry: OnEntry): Promise<Played> {
    const kind: WorkerKind = programsOf(job).commands.length > 0 ? 'spawning' : 'locked';
    const play = () => pool.use(kind, (worker) => playInWorker(worker, job, onEntry));
    let result = await play();
    // A death that is not the program's doing does not happen twice; one that is does.
    if ('crashed' in result && result.crashed) result = await play();
    if ('refused' in result) throw result.refused;
    const { entries, outcome, worker } = result.played;
    requireFrozenPlayed(job, entries, outcome);
    return { entries, outcome, isolation: reportIsolation(job, worker, await machineOf(), confinement) };
  }

  return {
    run,
    replay: async (job) => (await playIsolated(job, () => undefined)) satisfies Replayed,
    warm: (host = 'isolate') => pool.warm(host === 'process' ? 'spawning' : 'locked'),
    close: async () => {
      await pool.close();
      // Cut short, trying the machine would leave a process and a control group behind.
      await found;
    },
  };
}

/** What a worker told has its fields, but may still be nothing that an artifact can hold. */
function seal(record: EpisodeRecord): Artifact {
  try {
    return assembleArtifact(record);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RunnerError('WORKER_FAILED', `what was played cannot be put into an artifact: ${why}`, { cause });
  }
}

function requireHost({ agent, isolation }: EpisodeRequest, job: EpisodeJob): void {
  const isCommand = 'command' in job.agent;
  if (isolation === undefined || (isolation === 'process') === isCommand) return;
  const loaded = isCommand ? 'for a process of its own' : 'as a bundle';
  throw new RunnerError('ISOLATION_REFUSED', `${agent.ref} was loaded ${loaded}; the ${isolation} host cannot run it`);
}

/** The record of an agent that was refused before loading has none of the steps that it was to go on from. */
function requireFrozenSteps({ fork }: EpisodeRequest): void {
  if (fork === undefined || fork.frozen.length === fork.at - 1) return;
  throw new RunnerError(
    'FORK_POINT_INVALID',
    `to go on from step ${fork.at} takes the ${fork.at - 1} steps before it, the record has ${fork.frozen.length}`,
  );
}

/** A worker that was ended from outside had not come to where the agent goes on. */
function requireFrozenPlayed({ frozen = [] }: EpisodeJob, entries: TraceEntry[], outcome: EpisodeOutcome): void {
  if (entries.length >= frozen.length) return;
  const { termination_reason: reason, failure_reason: why } = outcome;
  throw new RunnerError(
    'FORK_OVER',
    `the frozen steps could not be played again: step ${entries.length + 1} ended as ${reason} (${why})`,
  );
}

/** The episode of an agent whose code may not be loaded: over before its first step. */
function refuseAgent(violation: string): Played {
  const { reason, failureReason, failureType } = endWith('sandbox_violation', violation);
  return {
    entries: [],
    outcome: {
      termination_reason: reason,
      failure_reason: failureReason,
      failure_type: failureType,
      steps_used: 0,
      tool_calls_used: 0,
      validator: {},
    },
    isolation: REFUSED,
  };
}
