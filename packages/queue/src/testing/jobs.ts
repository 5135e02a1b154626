import { createHash } from 'node:crypto';
import { sealArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { BatchAttempt, BatchJob, JobPlayer, RuntimeIdentity } from '@tracecore/runner';
import type { Artifact } from '@tracecore/spec';

export const RUNTIME: RuntimeIdentity = { name: 'tracecore-ts', version: '9.9.9', gitSha: null };

/** Jobs that differ in their seeds. */
export function jobs(count: number, fields: Partial<BatchJob> = {}): BatchJob[] {
  return Array.from({ length: count }, (_, seed) => {
    const job = {
      agent: 'agents/demo.ts',
      agent_hash: `sha256:${'a'.repeat(64)}`,
      task_ref: 'demo@1',
      task_hash: `sha256:${'0'.repeat(64)}`,
      seed,
      budgets: {},
      ...fields,
    };
    return { id: createHash('sha256').update(JSON.stringify(job)).digest('hex').slice(0, 32), ...job };
  });
}

/** The artifact of a job that succeeded in one step, sealed. */
export function artifactOf(job: BatchJob, fields: Record<string, unknown> = {}): Artifact {
  const unsealed = {
    spec_version: 'tracecore-spec-v1.0',
    runtime_identity: { name: RUNTIME.name, version: RUNTIME.version, git_sha: null },
    run_id: '0123456789abcdef0123456789abcdef',
    trace_id: 'fedcba9876543210fedcba9876543210',
    agent_ref: job.agent,
    agent_hash: job.agent_hash,
    task_ref: job.task_ref,
    task_hash: job.task_hash,
    seed: job.seed,
    budgets: { steps: 20, tool_calls: 10, wall_clock_seconds: null },
    success: true,
    termination_reason: 'success',
    failure_type: null,
    failure_reason: null,
    steps_used: 1,
    tool_calls_used: 1,
    started_at: '2026-01-01T00:00:00.000Z',
    completed_at: '2026-01-01T00:00:01.000Z',
    wall_clock_elapsed_s: 0.0421,
    harness_version: RUNTIME.version,
    validator: { ok: true },
    action_trace: [
      {
        step: 1,
        action_ts: '2026-01-01T00:00:00.500Z',
        observation: {
          step: 1,
          task: { id: 'demo', description: '' },
          budget_remaining: { steps: 20, tool_calls: 10 },
        },
        action: { type: 'read_file', args: { path: `/app/${job.seed}.txt` } },
        result: { ok: true, content: 'hello' },
        io_audit: [{ type: 'fs', op: 'read', path: `/app/${job.seed}.txt` }],
        budget_after_step: { steps: 19, tool_calls: 9 },
        budget_delta: { steps: 1, tool_calls: 1 },
      },
    ],
    ...fields,
  };
  return sealArtifact(unsealed as unknown as Parameters<typeof sealArtifact>[0], sha256);
}

/** A player that plays everything at once; `fields` changes what it does. */
export function aPlayer(fields: Partial<JobPlayer> = {}): JobPlayer & { played: BatchJob[] } {
  const played: BatchJob[] = [];
  return {
    played,
    accept: async () => null,
    ...fields,
    play: async (job, settings, signal) => {
      played.push(job);
      return fields.play ? fields.play(job, settings, signal) : artifactOf(job);
    },
  };
}

/** What an engine reported. */
export class Reports {
  readonly all: BatchAttempt[] = [];
  readonly report = async (attempt: BatchAttempt): Promise<void> => {
    this.all.push(attempt);
  };
  get final(): BatchAttempt[] {
    return this.all.filter(({ final }) => final);
  }
  /** Seeds of jobs with an artifact, in order. */
  get seeds(): number[] {
    const done = this.final.filter(({ outcome }) => outcome.kind === 'artifact');
    return done.map(({ job }) => job.seed).sort((a, b) => a - b);
  }
  faults(code: string): BatchAttempt[] {
    return this.all.filter(({ outcome }) => outcome.kind === 'infrastructure' && outcome.code === code);
  }
}
