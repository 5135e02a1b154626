import { join } from 'node:path';
import { isTemporaryName } from '@tracecore/artifact/node';
import type { Artifact } from '@tracecore/spec';
import { StoreError } from './error.js';
import { listNames, readRun, runIdOf, shadowOf, shadowReason } from './run-files.js';
import type { RunList, RunSummary, SkippedFile } from './types.js';

/** Files read at once: enough to keep a disk busy, few enough to hold in memory. */
const BATCH = 16;
/** Why a file whose name is no run's is passed over. */
export const NAME_EXPECTED = 'expected a file named <run_id>.json or <run_id>.json.gz';

/**
 * Reads every file of the runs folder. A torn or foreign one is named and skipped; files in the making, and runs that
 * went away meanwhile, are left out.
 * @throws {StoreError} STORE_UNREADABLE when the folder is there and cannot be listed.
 */
export async function listRuns(folder: string): Promise<RunList> {
  const names = (await listNames(folder)).filter((name) => !isTemporaryName(name));
  const there = new Set(names);
  const runs: RunSummary[] = [];
  const skipped: SkippedFile[] = [];
  for (let start = 0; start < names.length; start += BATCH) {
    const batch = names.slice(start, start + BATCH);
    for (const outcome of await Promise.all(batch.map((name) => readSummary(folder, name, there)))) {
      if (outcome === null) continue;
      if ('reason' in outcome) skipped.push(outcome);
      else runs.push(outcome);
    }
  }
  runs.sort(newestFirst);
  return { runs, skipped };
}

async function readSummary(
  folder: string,
  name: string,
  there: ReadonlySet<string>,
): Promise<RunSummary | SkippedFile | null> {
  const runId = runIdOf(name);
  if (runId === null) return { file: name, reason: NAME_EXPECTED };
  const plain = shadowOf(name, (other) => there.has(other));
  if (plain !== null) return { file: name, reason: shadowReason(plain) };
  try {
    return summarize((await readRun(join(folder, name), runId)).artifact);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return error.code === 'RUN_NOT_FOUND' ? null : { file: name, reason: error.message };
  }
}

/** The fields of a listing. */
export function summarize(artifact: Artifact): RunSummary {
  return {
    run_id: artifact.run_id,
    agent_ref: artifact.agent_ref,
    agent_hash: artifact.agent_hash ?? null,
    task_ref: artifact.task_ref,
    task_hash: artifact.task_hash,
    seed: artifact.seed,
    budgets: {
      steps: artifact.budgets.steps,
      tool_calls: artifact.budgets.tool_calls,
      wall_clock_seconds: artifact.budgets.wall_clock_seconds ?? null,
    },
    success: artifact.success,
    termination_reason: artifact.termination_reason,
    failure_type: artifact.failure_type,
    steps_used: artifact.steps_used,
    tool_calls_used: artifact.tool_calls_used,
    started_at: artifact.started_at,
    wall_clock_elapsed_s: artifact.wall_clock_elapsed_s,
    artifact_hash: artifact.artifact_hash,
  };
}

/** By the moment and not by its text: zones and digits of the second differ between the runtimes. */
function newestFirst(left: RunSummary, right: RunSummary): number {
  const byTime = momentOf(right.started_at) - momentOf(left.started_at);
  if (byTime !== 0) return byTime;
  return left.run_id < right.run_id ? -1 : 1;
}

/** Milliseconds since 1970 of a valid date-time. `Date` does not know leap seconds. */
export function momentOf(dateTime: string): number {
  return Date.parse(dateTime) || Date.parse(dateTime.replace(':60', ':59')) || 0;
}
