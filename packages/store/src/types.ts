import type { Artifact, BudgetCounts } from '@tracecore/spec';
import type { RunRecorder } from './run-index/types.js';

/** Tells the time that `updated_at` is written from. */
export interface StoreClock {
  now(): Date;
}

export interface StoreOptions {
  /** The machine's clock when absent. */
  clock?: StoreClock;
  /** Whether artifacts over 64 KiB are written as `.json.gz`, which the Python runtime does not read. */
  compress?: boolean;
  /** Takes note of every run that `put` writes. It is asked for when the first one was written. */
  index?: () => Promise<RunRecorder | null>;
  /** Told once that the index took no note: the run is stored, and the next one who opens the index finds it. */
  onIndexFault?: (error: unknown) => void;
}

/** The session pointer, `session.json`: what ran last in this folder. The Python runtime writes the same fields. */
export interface Session {
  latest_run_id: string;
  /** Kept from before while later runs fail. */
  latest_success_run_id: string | null;
  /** The bundle that was sealed last, from the folder above the store's own. */
  latest_bundle_dir: string | null;
  agent: string;
  task_ref: string;
  seed: number;
  /** UTC, ISO 8601. */
  updated_at: string;
}

/**
 * A run as it lies on disk. `text` is the file, byte for byte and as it was before it was compressed, for checks that
 * need the spelling of its numbers.
 */
export interface StoredRun {
  artifact: Artifact;
  text: string;
  path: string;
}

/** One line of a listing; the fields are the artifact's. */
export interface RunSummary {
  run_id: string;
  agent_ref: string;
  /** Null where the artifact has none, as those of the Python runtime. */
  agent_hash: string | null;
  task_ref: string;
  task_hash: string;
  seed: number;
  budgets: BudgetCounts & { wall_clock_seconds: number | null };
  success: boolean;
  termination_reason: string;
  failure_type: string | null;
  steps_used: number;
  tool_calls_used: number;
  started_at: string;
  wall_clock_elapsed_s: number | null;
  artifact_hash: string;
}

/** A file in the runs folder that is no run: its name, and why. */
export interface SkippedFile {
  file: string;
  reason: string;
}

export interface RunList {
  /** Newest first by `started_at`, then by `run_id`. */
  runs: RunSummary[];
  /** By file name. */
  skipped: SkippedFile[];
}

/** Runs on disk, as `runs/<run_id>.json` (or `.json.gz`) below the `.agent_bench` folder. The files are the truth. */
export interface RunStore {
  /**
   * Writes a run whole or not at all, creating the folder, then moves the session pointer to it.
   * @returns the path of the run's file.
   * @throws {StoreError} RUN_ID_INVALID. @throws {ArtifactError} FILE_UNWRITABLE.
   */
  put(artifact: Artifact): Promise<string>;
  /**
   * Writes several runs, each whole or not at all, and moves the session pointer once, to the last of them.
   * @returns their paths, in the order given; every run is on the disk then, and not only in its cache.
   * @throws as `put`; some of the runs may then be there, each of them whole.
   */
  putAll(artifacts: readonly Artifact[]): Promise<string[]>;
  /** The run with exactly this id; null when it is not there or cannot be read. */
  find(runId: string): Promise<StoredRun | null>;
  /**
   * Names a bundle in the session pointer. Without a session one is made from the latest run; without a run there is none.
   * @throws {ArtifactError} FILE_UNWRITABLE.
   */
  pointToBundle(dir: string): Promise<void>;
  /**
   * Reads one run, named by its id or by the beginning of it, six characters or more.
   * @throws {StoreError} RUN_ID_INVALID; RUN_NOT_FOUND; RUN_AMBIGUOUS, naming the candidates; RUN_UNREADABLE when the
   * file is torn, breaks the schema or holds another run.
   */
  get(ref: string): Promise<StoredRun>;
  /** The path of the file that `get` would read, whatever is in it. Throws as `get`, but never RUN_UNREADABLE. */
  locate(ref: string): Promise<string>;
  /** Every run, and every file that is none; a folder that is not there has none of either. */
  list(): Promise<RunList>;
  /** The run the session points to, or the newest that can be read; null when there is none. */
  latest(): Promise<StoredRun | null>;
  /** The session pointer; null when there is none or it cannot be read. */
  session(): Promise<Session | null>;
}
