import type { Artifact, AttemptLine, BatchPlan, Json } from '@tracecore/spec';

/** A batch as its folder has it. */
export interface StoredBatch {
  dir: string;
  plan: BatchPlan;
  /** In the order they were written. */
  lines: AttemptLine[];
  /** Who is working on it, such as `process 12 on host`; null when nobody is. */
  holder: string | null;
}

/** A batch that this process works on, and nobody else. */
export interface OpenBatch {
  readonly dir: string;
  readonly plan: BatchPlan;
  /** What the journal held when it was opened. */
  readonly lines: readonly AttemptLine[];
  /** What was found wrong and put right when it was opened, for whoever asked for it. */
  readonly notes: readonly string[];
  /**
   * Keeps an attempt: the artifact first, then its line. What is asked for while a group is written makes up the next.
   * @returns once both are on the disk and not only in its cache.
   * @throws {ArtifactError} FILE_UNWRITABLE. @throws {StoreError} BATCH_UNWRITABLE for the journal. Every later call then
   * throws the same, since a journal with a gap would tell less than one that ends.
   */
  record(line: AttemptLine, artifact: Artifact | null): Promise<void>;
  /** The run with this id, where an earlier start kept it; null when it is not there or cannot be read. */
  find(runId: string): Promise<Artifact | null>;
  /** Writes `summary.json`, which only repeats what the journal says. */
  finish(summary: Json): Promise<void>;
  /** Waits for what is being written, and lets others work on the batch. */
  close(): Promise<void>;
}

/** Batches on disk, a folder each below `batches/` of the `.agent_bench` folder. */
export interface BatchStore {
  /**
   * Starts a batch: writes its plan, and holds it until it is closed.
   * @throws {StoreError} BATCH_UNWRITABLE.
   */
  create(plan: BatchPlan): Promise<OpenBatch>;
  /**
   * Opens a batch to go on with it. A last line that was torn is cut off; `notes` says so.
   * @param ref an id, the beginning of one (six characters or more), or `latest`.
   * @throws {StoreError} BATCH_BUSY, naming who works on it; JOURNAL_INVALID, naming the line; and as `read`.
   */
  open(ref: string): Promise<OpenBatch>;
  /**
   * Reads a batch without touching it; others may be working on it.
   * @param ref as for `open`, or the path of a batch's folder, which has a slash in it.
   * @throws {StoreError} BATCH_NOT_FOUND, BATCH_ID_INVALID, BATCH_AMBIGUOUS; BATCH_UNREADABLE for its plan; JOURNAL_INVALID.
   */
  read(ref: string): Promise<StoredBatch>;
  /** Ids, newest first; none when there is no folder. */
  list(): Promise<string[]>;
}
