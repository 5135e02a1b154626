import { canonicalBytes } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { BatchJob, Json } from '@tracecore/spec';

const ID_CHARS = 32;

/** A job with its id, which is the same wherever and whenever the same fields are planned. */
export function batchJob(fields: Omit<BatchJob, 'id'>): BatchJob {
  return { id: digestOf({ ...fields, budgets: { ...fields.budgets } }).slice(0, ID_CHARS), ...fields };
}

/** What shards of one plan share: a hash over the ids of all of its jobs, in their order. */
export function planHash(jobs: readonly BatchJob[]): string {
  return `sha256:${digestOf(jobs.map(({ id }) => id))}`;
}

/**
 * The run id of an attempt. It follows from the attempt, so that an artifact whose line in the journal was never written
 * is found again. An artifact's hash leaves its run id out.
 */
export function runIdOf(batchId: string, jobId: string, attempt: number): string {
  return digestOf([batchId, jobId, attempt]).slice(0, ID_CHARS);
}

function digestOf(value: Json): string {
  return sha256(canonicalBytes(value));
}
