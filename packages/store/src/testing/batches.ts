import type { ArtifactLine, BatchPlan } from '@tracecore/spec';

const HASH = `sha256:${'a'.repeat(64)}`;

export function jobId(number: number): string {
  return number.toString(16).padStart(32, '0');
}

/** A plan of so many jobs. */
export function planOf(jobs: number, batch_id = '20260301-120000-00000a'): BatchPlan {
  return {
    ...{ batch_version: 1, batch_id, created_at: '2026-03-01T12:00:00.000Z', plan_hash: HASH, shard: null },
    options: { isolation: null, env: [], strict_spec: false, minimum: 'permissions', runtime: '9.9.9' },
    jobs: Array.from({ length: jobs }, (_, seed) => {
      const code = { agent: 'a.ts', agent_hash: HASH, task_ref: 't@1', task_hash: HASH };
      return { id: jobId(seed), ...code, seed, budgets: {} };
    }),
  };
}

/** A line for a job of such a plan. */
export function lineFor(job: number, fields: Partial<ArtifactLine> = {}): ArtifactLine {
  return {
    ...{ v: 1, job: jobId(job), attempt: 1, start: 1, elapsed_s: 0.1, at: '2026-03-01T12:00:01.000Z', worker: '' },
    ...{ outcome: 'artifact', run_id: jobId(job), artifact_hash: HASH, success: true, strict: [] },
    ...{ termination_reason: 'success', failure_type: null, failure_reason: null, wall_clock_s: 0.01 },
    ...fields,
  };
}
