import type { Artifact, FailureType } from '@tracecore/spec';
import type { RunSummary, SkippedFile } from '../types.js';

/** What a query keeps; a field that is absent keeps everything. */
export interface RunFilter {
  /** The `agent_ref`, whole. */
  agent?: string;
  agent_hash?: string;
  /** `id@version`, or an id alone for every version of it. */
  task?: string;
  task_hash?: string;
  seed?: number;
  success?: boolean;
  failure_type?: FailureType;
  /** Runs that started then or later. */
  since?: Date;
  /** So many of the newest runs that the rest of the filter keeps. */
  limit?: number;
}

/** What the index knows of a run. The fields are the artifact's, but for those that say otherwise. */
export interface IndexedRun extends RunSummary {
  failure_type: FailureType | null;
  /** Bytes of the artifact's text, whatever the file takes up. */
  artifact_bytes: number;
  /** Model calls in the trace; null where none is recorded. */
  llm_calls: number | null;
  /** Tokens that those calls report; null where none does. */
  llm_tokens: number | null;
  /**
   * Equal for runs of the same agent and task that were given the same: code, seed, budgets, limits, runtime. Null
   * where that is not known: no `agent_hash`, or values that were redacted.
   */
  inputs_key: string | null;
  /** The name of the file in the runs folder. */
  file: string;
}

/** A run as it is put into the index. */
export interface RecordedRun {
  artifact: Artifact;
  /** Bytes of its text. */
  bytes: number;
  file: string;
  /** What tells that the file was not changed since; see `stampAt`. */
  stamp: string;
}

/** Takes note of runs that were just written. */
export interface RunRecorder {
  /** All or none of them. @throws {StoreError} INDEX_BUSY, INDEX_CORRUPT, INDEX_UNWRITABLE. */
  record(runs: readonly RecordedRun[]): Promise<void>;
}

export interface RunCounts {
  runs: number;
  succeeded: number;
  /** Null without runs. */
  success_rate: number | null;
}

/** How often each failure type ended a run. */
export type FailureCounts = Record<FailureType, number>;

export interface PairSummary extends RunCounts {
  task_ref: string;
  agent_ref: string;
  mean_steps: number;
  mean_tool_calls: number;
  last_started_at: string;
}

export interface RunsSummary extends RunCounts {
  failure_types: FailureCounts;
  first_started_at: string | null;
  last_started_at: string | null;
  /** By task, then by agent. */
  pairs: PairSummary[];
}

/** Nearest ranks: the smallest value that at least this share of the runs does not exceed. */
export interface Percentiles {
  p50: number;
  p95: number;
}

/** What was used of a budget; the ceiling is the largest that any of the runs had. */
export interface BudgetUse extends Percentiles {
  ceiling: number;
}

/** Over the runs that recorded any. */
export interface ModelUse extends Percentiles {
  runs: number;
  total: number;
}

export interface PairMetrics extends RunCounts {
  task_ref: string;
  agent_ref: string;
  reproducibility: {
    /** Inputs that were run more than once. */
    repeated: number;
    /** Those of them that gave the same `artifact_hash` every time. */
    reproduced: number;
    /** Their share; null when nothing was repeated. */
    rate: number | null;
  };
  steps_used: BudgetUse;
  tool_calls_used: BudgetUse;
  failure_types: FailureCounts;
  termination_reasons: Record<string, number>;
  /** Seconds; null when no run tells. */
  wall_clock_elapsed_s: Percentiles | null;
  artifact_bytes: Percentiles & { total: number };
  /** Null when no run records any. */
  llm_calls: ModelUse | null;
  llm_tokens: ModelUse | null;
}

/**
 * How an agent came back from failing a task with a seed. An outage begins with a failure that no failure precedes and ends
 * with the next success; both count from `started_at`.
 */
export interface Recovery {
  task_ref: string;
  agent_ref: string;
  seed: number;
  runs: number;
  failures: number;
  outages: number;
  recovered: number;
  /** 1 while the latest run failed, else 0. */
  unresolved: number;
  /** Mean seconds of the outages that ended; null when none did. */
  mttr_s: number | null;
  longest_s: number | null;
}

/** What the index knows of a file in the runs folder. */
export interface KnownFile {
  /** Empty when the file has to be looked at again. */
  stamp: string;
  /** Why it is no run; null for a run. */
  reason: string | null;
}

/** What changed in the runs folder. */
export interface IndexChange {
  runs?: readonly RecordedRun[];
  skipped?: readonly (SkippedFile & { stamp: string })[];
  /** Names of files that are there no more. */
  gone?: readonly string[];
  /** The stamp of a folder that is known whole; null when that is not so. */
  folder?: string | null;
}

/**
 * Answers questions about stored runs without reading their files. It is derived from them and may be thrown away at any time.
 * Every method throws {StoreError} INDEX_CORRUPT or INDEX_BUSY, those that change it INDEX_UNWRITABLE as well.
 */
export interface RunIndex extends RunRecorder {
  /** Newest first, as `RunStore.list` has them. */
  runs(filter?: RunFilter): Promise<IndexedRun[]>;
  count(filter?: Omit<RunFilter, 'limit'>): Promise<number>;
  summary(filter?: RunFilter): Promise<RunsSummary>;
  /** By task, then by agent. */
  metrics(filter?: RunFilter): Promise<PairMetrics[]>;
  /** One for each task, agent and seed that failed, in that order. A filter by failure type leaves other failures out. */
  recoveries(filter?: Omit<RunFilter, 'success'>): Promise<Recovery[]>;
  /** Every task and agent that there are runs of, in that order. */
  pairs(): Promise<{ task_ref: string; agent_ref: string }[]>;
  /** By file name. */
  skipped(): Promise<SkippedFile[]>;

  /** Every file of the runs folder that is known, by name. */
  files(): Promise<Map<string, KnownFile>>;
  /** Names of the files that have to be looked at again even when the folder did not change. */
  unsettled(): Promise<string[]>;
  /** What `change` set it to last; null at first. */
  folder(): Promise<string | null>;
  /** All of it or nothing. */
  change(change: IndexChange): Promise<void>;
  close(): Promise<void>;
}
