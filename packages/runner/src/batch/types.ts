import type { Artifact, BudgetRequest } from '@tracecore/spec';

/** One episode of a batch by name: plain JSON, since it stands in a journal and travels to other machines. */
export interface BatchJob {
  /** Derived from the other fields, so that it is the same after a resume and on every machine. */
  id: string;
  /** The agent as its loader takes it: a path from the workspace root with `/`, or `cmd:PROGRAM ARGS`. */
  agent: string;
  /** What the agent's code hashed to when the batch was planned; a machine that has other code refuses the job. */
  agent_hash: string;
  /** `id@version`. */
  task_ref: string;
  /** As `agent_hash`. */
  task_hash: string;
  seed: number;
  /** What is asked of the task's budgets; `wall_clock_seconds` is how a job of its own time ends as `timeout`. */
  budgets: BudgetRequest;
}

/** What one try at a job came to. However an episode ends, it gives an artifact; anything else is the machinery's fault. */
export type AttemptOutcome =
  | { kind: 'artifact'; artifact: Artifact }
  | {
      kind: 'infrastructure';
      /** A code of a runner, store or queue error, such as WORKER_FAILED. */
      code: string;
      message: string;
    };

export interface BatchAttempt {
  job: BatchJob;
  /** From 1, over all resumes of the batch. */
  attempt: number;
  outcome: AttemptOutcome;
  /** Whether the job is over: it has its artifact, or it is given up. */
  final: boolean;
  /** Where it ran: empty for this machine, else the name of a worker. */
  worker: string;
}

/** Plays jobs: in worker processes of this machine, or on a queue that other machines take from. */
export interface BatchEngine {
  /**
   * Plays every job, in any order. `report` is called once for each attempt, and a new job waits for it, so that no more
   * artifacts are in memory than episodes run at once. A job gets exactly one attempt that is final.
   * @returns when every job is over, or `signal` was aborted and nothing runs any more.
   * @throws when the engine itself cannot go on; what was reported by then stands.
   */
  run(jobs: readonly BatchJob[], report: (attempt: BatchAttempt) => Promise<void>, signal: AbortSignal): Promise<void>;
}
