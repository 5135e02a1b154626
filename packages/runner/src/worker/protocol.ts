import type { Bundle, ChildNotice, Engine, Guarantees, ProcessCommand } from '@tracecore/sandbox';
import type { Confinement, Machine } from '@tracecore/sandbox/confine';
import type { TraceEntry } from '@tracecore/spec';
import type { EpisodeJob, RecordedStep } from '../episode/job.js';
import type { RunnerErrorCode } from '../error.js';
import type { EpisodeOutcome } from '../types.js';

/** The first line a worker is told. */
export interface WorkerStart {
  /** What this machine can hold, for the programs that the worker starts. */
  machine: Machine;
  /** The strongest of it that they may be put under. */
  confinement: Confinement;
  /** Whether it must see for itself that its parent is still there. */
  watchdog: boolean;
}

/** What a worker is told after that, one JSON object a line on its standard input. */
export interface WorkerRequest {
  id: number;
  job: PackedJob;
  /** Bundles that this worker has not been sent before, under the keys that jobs name them by. */
  bundles: [key: string, bundle: Bundle][];
  /** Keys that no later job names. */
  drop: string[];
}

/** A job with its bundles left out. */
export type PackedJob = Omit<EpisodeJob, 'agent' | 'task'> & {
  agent: PackedProgram | { recorded: RecordedStep[] };
  task: PackedProgram;
};

export type PackedProgram = { bundle: string } | { command: ProcessCommand };

/** What a worker tells, one JSON object a line on its standard output. Entries come as they happen. */
export type WorkerMessage =
  | {
      type: 'ready';
      engine: Engine;
      guarantees: Guarantees;
      /** What holds for programs in processes of their own. */
      processGuarantees: Guarantees;
    }
  /** A process was started, or is gone with its group; whoever ends the worker ends those that are left. */
  | { type: 'child'; id: number; child: ChildNotice }
  | { type: 'entry'; id: number; entry: TraceEntry }
  | { type: 'end'; id: number; outcome: EpisodeOutcome }
  | { type: 'refused'; id: number; code: RunnerErrorCode; message: string };
