import { hashArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { Artifact, ArtifactLine, AttemptLine, BatchJob } from '@tracecore/spec';
import { batchJob } from '../job-id.js';
import type { BatchKeeper } from '../run-batch.js';

const HASH = (letter: string) => `sha256:${letter.repeat(64)}`;

/** Jobs of one agent on one task, with seeds from 0. */
export function jobsOf(count: number, agent = 'agents/a.ts'): BatchJob[] {
  return Array.from({ length: count }, (_, seed) =>
    batchJob({ agent, agent_hash: HASH('a'), task_ref: 't@1', task_hash: HASH('b'), seed, budgets: {} }),
  );
}

/** What a job of an honest runner gives, as far as a batch looks at it: hashed, and the same for the same job but for its run id. */
export function artifactOf(job: BatchJob, fields: Partial<Artifact> = {}): Artifact {
  const { agent_hash, task_hash, task_ref, seed } = job;
  const ending = { success: true, termination_reason: 'success', failure_type: null, failure_reason: null };
  const unsealed = { run_id: 'f'.repeat(32), agent_hash, task_hash, task_ref, seed, wall_clock_elapsed_s: 0.5 };
  const artifact = { ...unsealed, ...ending, ...fields } as unknown as Artifact;
  return { ...artifact, artifact_hash: hashArtifact(artifact, sha256) };
}

export const FAILURE: Partial<Artifact> = {
  success: false,
  termination_reason: 'steps_exhausted',
  failure_type: 'budget_exhausted',
  failure_reason: 'steps used up',
};

export function lineOf(job: BatchJob, fields: Partial<ArtifactLine> = {}): ArtifactLine {
  return {
    ...{ v: 1, job: job.id, attempt: 1, start: 1, elapsed_s: 1, at: '2026-01-31T09:30:00Z', worker: '' },
    ...{ outcome: 'artifact', run_id: 'f'.repeat(32), artifact_hash: HASH('c'), success: true, strict: [] },
    ...{ termination_reason: 'success', failure_type: null, failure_reason: null, wall_clock_s: 0.5 },
    ...fields,
  };
}

/** A keeper in memory that can be stopped as a killed process is: between the artifact and its line, too. */
export class MemoryKeeper implements BatchKeeper {
  lines: AttemptLine[] = [];
  readonly artifacts = new Map<string, Artifact>();
  /** Writes until it is killed: an artifact is one, a line is one. */
  writesLeft = Number.POSITIVE_INFINITY;

  async record(line: AttemptLine, artifact: Artifact | null): Promise<void> {
    if (artifact) this.#write(() => this.artifacts.set(artifact.run_id, artifact));
    this.#write(() => this.lines.push(line));
  }

  find = async (runId: string): Promise<Artifact | null> => this.artifacts.get(runId) ?? null;

  #write(write: () => void): void {
    if (this.writesLeft <= 0) throw new Error('killed');
    this.writesLeft -= 1;
    write();
  }
}
