import type { ArtifactLine, AttemptLine, BatchJob } from '@tracecore/spec';

/** `failed` is the agent's; `infrastructure` was given up and says nothing of the agent; `pending` is still to be played. */
export type JobState = 'passed' | 'failed' | 'infrastructure' | 'pending';

/** How far a job has come. */
export interface JobResult {
  job: BatchJob;
  state: JobState;
  /** Attempts so far, whatever they came to. */
  attempts: number;
  /** The attempt that decides; null before the first. */
  line: AttemptLine | null;
}

/**
 * What a journal says of each job, in the order of `jobs`. A job's last attempt decides; lines of other jobs are passed
 * over.
 */
export function resultsOf(jobs: readonly BatchJob[], lines: Iterable<AttemptLine>): JobResult[] {
  const last = new Map<string, AttemptLine>();
  for (const line of lines) {
    // A later line of the same attempt takes it back.
    if (line.attempt >= (last.get(line.job)?.attempt ?? 0)) last.set(line.job, line);
  }
  return jobs.map((job) => {
    const line = last.get(job.id) ?? null;
    return { job, state: stateOf(line), attempts: line?.attempt ?? 0, line };
  });
}

export function stateOf(line: AttemptLine | null): JobState {
  if (line === null) return 'pending';
  if (line.outcome === 'infrastructure') return line.final ? 'infrastructure' : 'pending';
  return isPassed(line) ? 'passed' : 'failed';
}

/** Why a job that has an artifact failed: what the taxonomy calls it, or `strict_spec`. */
export function failureOf(line: ArtifactLine): string {
  if (line.success) return 'strict_spec';
  return line.failure_type ?? line.termination_reason;
}

function isPassed({ success, strict }: ArtifactLine): boolean {
  return success && strict.length === 0;
}
