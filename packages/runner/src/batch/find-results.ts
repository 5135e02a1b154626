import { checkHash } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { Artifact, AttemptLine, BatchJob } from '@tracecore/spec';
import type { AttemptLog } from './attempt-log.js';
import { type JobResult, resultsOf } from './job-result.js';

/** Artifacts that are read at once: enough to keep a disk busy, few enough to hold in memory. */
const READS_AT_ONCE = 16;

interface Ports {
  /** A run that was kept; null when it is not there or cannot be read. */
  find(runId: string): Promise<Artifact | null>;
  judge(artifact: Artifact): string[];
  keep(line: AttemptLine): Promise<void>;
}

/**
 * The jobs that still lack a result. One has it when its last line names an artifact that is there and hashes to what the
 * line says; a line whose artifact is not is taken back. An artifact that is there without its line, since what wrote it
 * was killed in between, gets the line.
 */
export async function findOpenJobs(jobs: readonly BatchJob[], log: AttemptLog, ports: Ports): Promise<BatchJob[]> {
  const open = new Set<BatchJob>();
  const queue = resultsOf(jobs, log.lines).values();
  const lane = async () => {
    for (const result of queue) if (!(await hasResult(result, log, ports))) open.add(result.job);
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, lane));
  return jobs.filter((job) => open.has(job));
}

async function hasResult({ job, line }: JobResult, log: AttemptLog, ports: Ports): Promise<boolean> {
  if (line?.outcome === 'artifact') {
    const artifact = await ports.find(line.run_id);
    if (artifact?.artifact_hash === line.artifact_hash && isOf(job, artifact)) return true;
    await ports.keep(log.lost(line));
  }
  const artifact = await ports.find(log.nextRunId(job));
  if (artifact === null || !isOf(job, artifact)) return false;
  await ports.keep(log.artifact(job, artifact, ports.judge(artifact), ''));
  return true;
}

/** Whether an artifact is whole, and of this job. */
function isOf({ agent_hash, task_hash, task_ref, seed }: BatchJob, artifact: Artifact): boolean {
  const same =
    artifact.agent_hash === agent_hash &&
    artifact.task_hash === task_hash &&
    artifact.task_ref === task_ref &&
    artifact.seed === seed;
  return same && checkHash(artifact, sha256).length === 0;
}
