import type { BatchJob } from '@tracecore/spec';
import { RunnerError } from '../error.js';

/**
 * Refuses to play a job with other code than it was planned with.
 * @throws {RunnerError} BATCH_CHANGED, naming the agent or the task and both hashes.
 */
export function requireSame(job: BatchJob, agentHash: string, taskHash: string): void {
  requireHash(job.agent, job.agent_hash, agentHash);
  requireHash(job.task_ref, job.task_hash, taskHash);
}

function requireHash(name: string, planned: string, found: string): void {
  if (planned === found) return;
  throw new RunnerError(
    'BATCH_CHANGED',
    `${name} is not what the batch was planned with: expected ${planned}, found ${found}; put it back, or start a new batch`,
  );
}
