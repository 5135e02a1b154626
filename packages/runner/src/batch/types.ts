import type { Artifact, BatchJob } from '@tracecore/spec';

/** What one try at a job came to. However an episode ends, it gives an artifact; anything else is the machinery's fault. */
export type AttemptOutcome =
  | { kind: 'artifact'; artifact: Artifact }
  | {
      kind: 'infrastructure';
      /** A code of a runner, store or queue error, such as WORKER_FAILED, or of the system, such as ENOMEM. */
      code: string;
      message: string;
    };

export interface BatchAttempt {
  job: BatchJob;
  outcome: AttemptOutcome;
  /** Whether the job is over: it has its artifact, or it is given up. */
  final: boolean;
  /** Where it ran: empty for this machine, else the name of a worker. */
  worker: string;
}

/** Plays jobs: in worker processes of this machine, or on a queue that other machines take from. */
export interface BatchEngine {
  /**
   * Plays every job, in any order. `report` is called once for each attempt, in the order of a job's attempts, and
   * resolves when the attempt will outlive this process; it numbers them and gives the artifact its run id. An engine has
   * a bounded number of reports under way, so that artifacts do not pile up in memory. A job gets exactly one attempt that
   * is final.
   * @returns when every job is over and reported, or `signal` was aborted and no more is reported.
   * @throws when the engine itself cannot go on, or a report was rejected; what was reported by then stands.
   */
  run(jobs: readonly BatchJob[], report: (attempt: BatchAttempt) => Promise<void>, signal: AbortSignal): Promise<void>;
}
