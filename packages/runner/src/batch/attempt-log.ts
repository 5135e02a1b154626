import type { Artifact, ArtifactLine, AttemptLine, BatchJob, InfrastructureLine } from '@tracecore/spec';
import { runIdOf } from './job-id.js';

/** Longest text of a failure that a journal keeps, in UTF-16 units; the artifact has all of it. */
const REASON_CHARS = 500;

export interface BatchClock {
  /** The time of day, for people: UTC, ISO 8601. */
  iso(): string;
  /** Milliseconds from any moment on; it never jumps, and every duration comes from it. */
  monotonic(): number;
}

/** Every attempt of a batch, those of earlier starts first; numbers the new ones. */
export class AttemptLog {
  readonly lines: AttemptLine[];
  readonly #batchId: string;
  readonly #clock: BatchClock;
  readonly #began: number;
  readonly #start: number;
  readonly #attempts = new Map<string, number>();

  constructor(batchId: string, lines: readonly AttemptLine[], clock: BatchClock) {
    this.lines = [...lines];
    this.#batchId = batchId;
    this.#clock = clock;
    this.#began = clock.monotonic();
    this.#start = lines.reduce((latest, { start }) => Math.max(latest, start), 0) + 1;
    for (const { job, attempt } of lines) this.#note(job, attempt);
  }

  /** The run id that the next artifact of a job gets. */
  nextRunId(job: BatchJob): string {
    return runIdOf(this.#batchId, job.id, this.#last(job) + 1);
  }

  /** The line of a new attempt that gave an artifact, which has its run id already. */
  artifact(job: BatchJob, artifact: Artifact, strict: string[], worker: string): ArtifactLine {
    const { run_id, artifact_hash, success, termination_reason, failure_type, failure_reason = null } = artifact;
    return {
      ...this.#base(job, this.#last(job) + 1, worker),
      ...{ outcome: 'artifact', run_id, artifact_hash, success, termination_reason, failure_type },
      failure_reason: failure_reason === null ? null : cut(failure_reason),
      wall_clock_s: artifact.wall_clock_elapsed_s ?? 0,
      strict,
    };
  }

  /** The line of a new attempt that the machinery failed. */
  infrastructure(
    job: BatchJob,
    { code, message, final }: Pick<InfrastructureLine, 'code' | 'message' | 'final'>,
    worker: string,
  ): InfrastructureLine {
    const base = this.#base(job, this.#last(job) + 1, worker);
    return { ...base, outcome: 'infrastructure', code, message: cut(message), final };
  }

  /** Takes back an attempt whose artifact is gone or is not what its line says. */
  lost({ job, attempt, run_id, artifact_hash }: ArtifactLine): InfrastructureLine {
    const message = `run ${run_id} is no longer there with the hash ${artifact_hash}`;
    const base = this.#base({ id: job }, attempt, '');
    return { ...base, outcome: 'infrastructure', code: 'ARTIFACT_LOST', message, final: false };
  }

  /** Notes that a line was kept. */
  add(line: AttemptLine): void {
    this.lines.push(line);
  }

  #base(job: Pick<BatchJob, 'id'>, attempt: number, worker: string) {
    this.#note(job.id, attempt);
    const elapsed_s = Math.max(0, Math.round(this.#clock.monotonic() - this.#began)) / 1_000;
    return { v: 1 as const, job: job.id, attempt, start: this.#start, elapsed_s, at: this.#clock.iso(), worker };
  }

  #last({ id }: BatchJob): number {
    return this.#attempts.get(id) ?? 0;
  }

  #note(job: string, attempt: number): void {
    this.#attempts.set(job, Math.max(this.#attempts.get(job) ?? 0, attempt));
  }
}

/** Half of a surrogate pair at the cut would be no text that JSON can hold everywhere. */
function cut(text: string): string {
  return (text.length <= REASON_CHARS ? text : `${text.slice(0, REASON_CHARS - 3)}...`).toWellFormed();
}
