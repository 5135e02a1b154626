import type { Json } from '@tracecore/spec';

/** One run that a row counts. The Python runtime writes none of these. */
export interface BaselineEpisode {
  run_id: string;
  seed: number;
  success: boolean;
  /** Null where the run has none. */
  agent_hash: string | null;
  artifact_hash: string;
}

/** What an agent came to on a task; the names are those of the Python runtime. */
export interface BaselineRow {
  agent: string;
  task_ref: string;
  runs: number;
  /** 0 to 1. */
  success_rate: number;
  avg_steps: number | null;
  avg_tool_calls: number | null;
  last_run_id: string | null;
  last_completed_at: string | null;
  last_success: boolean | null;
  last_seed: number | null;
  /** Newest first; absent in exports of the Python runtime. */
  episodes?: BaselineEpisode[];
}

/** What the rows were made of. Further fields are kept. */
export interface BaselineMetadata {
  agent_filter: string | null;
  task_filter: string | null;
  /** The most runs that were taken, the newest; null for all. */
  limit: number | null;
  [extra: string]: Json;
}

/** An export, as it lies in `baselines/<name>.json`. */
export interface Baseline {
  /** ISO 8601. */
  generated_at: string;
  /** By agent, then by task. */
  rows: BaselineRow[];
  metadata?: BaselineMetadata;
}
