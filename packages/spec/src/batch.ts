import type { BudgetRequest } from './budgets.js';

/** One episode of a batch by name: plain JSON, since it stands in a journal and travels to other machines. */
export interface BatchJob {
  /** Derived from the other fields, so that it is the same after a resume and on every machine. */
  id: string;
  /**
   * The agent as its loader takes it: a path with `/` from the workspace root, else from the runtime's own folder, or
   * `cmd:PROGRAM ARGS`.
   */
  agent: string;
  /** What the agent's code hashed to when the batch was planned; a machine that has other code refuses the job. */
  agent_hash: string;
  /** `id@version`. */
  task_ref: string;
  /** As `agent_hash`. */
  task_hash: string;
  /** Where the task lies when no registry has it: a folder, with `/` from the workspace root. */
  task_dir?: string;
  seed: number;
  /** What is asked of the task's budgets; `wall_clock_seconds` is how a job of its own time ends as `timeout`. */
  budgets: BudgetRequest;
}

/** Every `count`-th job of a plan, from the `index`-th on; both from 1. */
export interface BatchShard {
  index: number;
  count: number;
}

/** `plan.json` of a batch. */
export interface BatchPlan {
  batch_version: 1;
  batch_id: string;
  /** UTC, ISO 8601. */
  created_at: string;
  /** Over the jobs of the whole plan in their order; shards of one plan share it. */
  plan_hash: string;
  shard: BatchShard | null;
  /** What an artifact or a verdict depends on beside the jobs. */
  options: {
    isolation: 'isolate' | 'process' | 'inline' | null;
    /** Names of variables; values are not kept. */
    env: string[];
    strict_spec: boolean;
    minimum: string;
    /** The version of the runtime: it stands in every artifact, so that no other may go on with the batch. */
    runtime: string;
  };
  /** Those of the shard, in the order of the plan. */
  jobs: BatchJob[];
}

interface LineBase {
  v: 1;
  job: string;
  /** From 1, over all starts of the batch. */
  attempt: number;
  /** From 1: each start or resume of the batch is one. */
  start: number;
  /** Seconds since that start, by a clock that never jumps. */
  elapsed_s: number;
  /** UTC, ISO 8601, by the machine's clock; nothing is computed from it. */
  at: string;
  /** Where it ran: empty for the machine that keeps the journal. */
  worker: string;
}

/** An attempt that gave an artifact, which lies in the store before this line is written. */
export interface ArtifactLine extends LineBase {
  outcome: 'artifact';
  run_id: string;
  artifact_hash: string;
  success: boolean;
  termination_reason: string;
  failure_type: string | null;
  /** Cut after 500 characters. */
  failure_reason: string | null;
  /** Seconds. */
  wall_clock_s: number;
  /** Codes of the rules of strict spec that it breaks; empty when they were not asked for. */
  strict: string[];
}

/** An attempt that the machinery failed. */
export interface InfrastructureLine extends LineBase {
  outcome: 'infrastructure';
  code: string;
  message: string;
  /** Whether the job was given up. */
  final: boolean;
}

/** One line of a batch's journal: one attempt at one job. */
export type AttemptLine = ArtifactLine | InfrastructureLine;

/** One entry of a batch file: episodes of one agent on one task. */
export interface BatchFileEntry {
  agent: string;
  task: string;
  seed?: number;
  /** A list, or a range such as `0..99` with both ends in it. */
  seeds?: number[] | string;
  /** Seconds. */
  timeout?: number;
  budgets?: { steps?: number; tool_calls?: number; wall_clock_seconds?: number };
}
