import type { Bundle, Limits, ProcessCommand } from '@tracecore/sandbox';
import type { Budgets, JsonObject, TraceEntry } from '@tracecore/spec';
import type { TaskManifest } from '@tracecore/tasks';
import type { FrozenStep } from './frozen-step.js';

/** One episode as it is handed to whoever plays it: plain JSON, frozen. */
export interface EpisodeJob {
  /** The agent's program, or the recorded actions that stand in for it. */
  agent: JobProgram | { recorded: RecordedStep[] };
  task: JobProgram;
  taskRef: string;
  manifest: TaskManifest;
  seed: number;
  budgets: Required<Budgets>;
  limits: Limits;
  /** Actions the agent may use; null for all of the task's. */
  tools: string[] | null;
  /** Steps that come first as they were recorded; the agent is opened after them. Absent means none. */
  frozen?: FrozenStep[];
}

/** A program and with it the host that runs it: a bundle without a process of its own, a command in one. */
export type JobProgram = { bundle: Bundle } | { command: ProcessCommand };

/** One step of an earlier episode: what the agent asked for, or how its answer could not be taken for an action. */
export type RecordedStep = { action: JsonObject } | { notAction: { pointer: string; message: string } };

/** What a player needs from outside: time for telemetry and the wall clock, and someone to tell each entry to. */
export interface PlayerEnvironment {
  clock: PlayerClock;
  onEntry: (entry: TraceEntry) => void;
}

export interface PlayerClock {
  /** Now as an ISO 8601 text in UTC. */
  iso(): string;
  /** Milliseconds since some fixed moment, never going back. */
  monotonic(): number;
}

/** The clock of this process. */
export const systemClock: PlayerClock = {
  iso: () => new Date().toISOString(),
  monotonic: () => performance.now(),
};
