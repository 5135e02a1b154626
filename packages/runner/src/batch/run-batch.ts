import type { Artifact, AttemptLine, BatchJob } from '@tracecore/spec';
import { systemClock } from '../episode/job.js';
import { AttemptLog, type BatchClock } from './attempt-log.js';
import { findOpenJobs } from './find-results.js';
import { type JobResult, resultsOf, stateOf } from './job-result.js';
import { type BatchSummary, elapsedOf, summarizeBatch } from './summarize.js';
import type { BatchAttempt, BatchEngine } from './types.js';

export interface Batch {
  /** Names the batch; the ids of its runs follow from it. */
  id: string;
  jobs: readonly BatchJob[];
}

/** Keeps what a batch comes to. */
export interface BatchKeeper {
  /** What earlier starts left, in their order. */
  lines: readonly AttemptLine[];
  /** Resolves when both will outlive this process; the artifact is there before its line is. */
  record(line: AttemptLine, artifact: Artifact | null): Promise<void>;
  /** A run that was kept; null when it is not there or cannot be read. */
  find(runId: string): Promise<Artifact | null>;
}

export interface BatchPorts {
  engine: BatchEngine;
  /** Without one nothing outlives the batch, and there is nothing to resume. */
  keeper?: BatchKeeper;
  clock?: BatchClock;
  /** Codes of further rules that an artifact breaks; it passes only without any. */
  judge?(artifact: Artifact): string[];
  /** Called once it is known what there is already, before anything is played. */
  onStart?(results: readonly JobResult[]): void;
  /** Called for each attempt from now on, once it is kept. */
  onAttempt?(line: AttemptLine, job: BatchJob, artifact: Artifact | null): void;
  /** Aborted, it lets no further job begin. */
  signal?: AbortSignal;
  /** So many further failures of agents let no other job begin. */
  maxFailures?: number;
}

export interface BatchOutcome {
  /** In the order of the jobs. */
  results: JobResult[];
  summary: BatchSummary;
  /** Why jobs are pending; null when every job is over. */
  stopped: 'signal' | 'max-failures' | 'error' | null;
  /** What the engine or the keeper could not go on after. */
  error: unknown;
}

const NOTHING_KEPT: BatchKeeper = { lines: [], record: async () => undefined, find: async () => null };

/**
 * Plays what a batch still lacks and keeps every attempt. How an episode ends never throws, and neither does a disk that
 * fills or an engine that breaks: the outcome has `error`, and a resume goes on from what was kept.
 */
export async function runBatch({ id, jobs }: Batch, ports: BatchPorts): Promise<BatchOutcome> {
  const { engine, keeper = NOTHING_KEPT, clock = systemClock, judge = () => [], signal } = ports;
  const log = new AttemptLog(id, keeper.lines, clock);
  const over = new Set<string>();
  const enough = new AbortController();
  const stop = AbortSignal.any(signal ? [enough.signal, signal] : [enough.signal]);
  let failures = 0;

  async function keep(line: AttemptLine, job: BatchJob, artifact: Artifact | null): Promise<void> {
    await keeper.record(line, artifact);
    log.add(line);
    ports.onAttempt?.(line, job, artifact);
  }

  async function report({ job, outcome, final, worker }: BatchAttempt): Promise<void> {
    // An engine of many machines may hear of a job twice: its first result counts.
    if (over.has(job.id)) return;
    if (final) over.add(job.id);
    if (outcome.kind === 'infrastructure') {
      return keep(log.infrastructure(job, { ...outcome, final }, worker), job, null);
    }
    const run_id = log.nextRunId(job);
    const artifact = { ...outcome.artifact, run_id, trace_id: run_id };
    const line = log.artifact(job, artifact, judge(artifact), worker);
    if (stateOf(line) === 'failed') failures += 1;
    if (failures >= (ports.maxFailures ?? Number.POSITIVE_INFINITY)) enough.abort();
    await keep(line, job, artifact);
  }

  let failed: { error: unknown } | null = null;
  try {
    const keepFound = async (line: AttemptLine) => {
      await keeper.record(line, null);
      log.add(line);
    };
    const open = await findOpenJobs(jobs, log, { find: keeper.find, judge, keep: keepFound });
    ports.onStart?.(resultsOf(jobs, log.lines));
    if (open.length > 0 && !stop.aborted) await engine.run(open, report, stop);
  } catch (error) {
    failed = { error };
  }
  const results = resultsOf(jobs, log.lines);
  const isOver = results.every(({ state }) => state !== 'pending');
  return {
    results,
    summary: summarizeBatch(results, elapsedOf(log.lines)),
    stopped: failed ? 'error' : isOver ? null : enough.signal.aborted ? 'max-failures' : 'signal',
    error: failed?.error ?? null,
  };
}
