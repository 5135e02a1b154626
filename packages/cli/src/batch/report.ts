import { appendFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BatchSummary, JobResult } from '@tracecore/runner';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import { renderBatch } from '../render/batch.js';
import { renderJunit } from '../render/batch-junit.js';
import { renderBatchMarkdown } from '../render/batch-markdown.js';
import { printable } from '../render/printable.js';

/** A batch as reports show it. */
export interface BatchView {
  /** Its id; of merged shards, all of theirs. */
  name: string;
  results: readonly JobResult[];
  summary: BatchSummary;
  /** Why jobs are pending, and what to do; null when every job is over or it is not known. */
  stopped: { reason: string; message: string } | null;
}

/** Prints the summary and writes the reports that were asked for. */
export async function report(deps: Deps, input: CommandInput, view: BatchView): Promise<void> {
  const { io } = deps;
  const { failureOf } = await deps.load.runner();
  const { writeFileAtomic } = await deps.load.artifact();
  const failures = failuresIn(view, failureOf);
  if (input.has('json')) io.stdout(`${JSON.stringify(jsonOf(view, failures), null, 2)}\n`);
  else io.stdout(renderBatch(view, failures));
  const [junit, markdown] = [input.text('junit'), input.text('markdown')];
  if (junit !== undefined) await writeFileAtomic(resolve(io.cwd, junit), renderJunit(view, failureOf));
  if (markdown !== undefined) await writeFileAtomic(resolve(io.cwd, markdown), renderBatchMarkdown(view, failures));
  const { GITHUB_STEP_SUMMARY: step } = io.env;
  if (!step) return;
  try {
    await appendFile(step, renderBatchMarkdown(view, failures));
  } catch (error) {
    // The batch is over and its result told; a page that cannot be written is no reason to fail a job.
    io.stderr(`tracecore: note: GITHUB_STEP_SUMMARY was not written: ${printable((error as Error).message)}\n`);
  }
}

/** One job that did not pass, or has no result. */
export interface Failure {
  job: string;
  agent: string;
  task_ref: string;
  seed: number;
  state: 'failed' | 'infrastructure';
  /** A failure type, `strict_spec`, or the code of what the machinery failed of. */
  failure: string;
  message: string | null;
  attempts: number;
  run_id: string | null;
}

type FailureOf = Awaited<ReturnType<Deps['load']['runner']>>['failureOf'];

function failuresIn({ results }: BatchView, failureOf: FailureOf): Failure[] {
  return results.flatMap(({ job, state, line, attempts }): Failure[] => {
    if (line === null || (state !== 'failed' && state !== 'infrastructure')) return [];
    const { id, agent, task_ref, seed } = job;
    const named = { job: id, agent, task_ref, seed, state, attempts };
    if (line.outcome === 'infrastructure') {
      return [{ ...named, failure: line.code, message: line.message, run_id: null }];
    }
    const message = line.success ? line.strict.join(', ') : line.failure_reason;
    return [{ ...named, failure: failureOf(line), message, run_id: line.run_id }];
  });
}

function jsonOf({ name, summary, stopped }: BatchView, failures: readonly Failure[]) {
  return { batch_id: name, ...summary, stopped, failures };
}

/** What the process ends with for a batch that came to this. */
export function exitOf({ failed, infrastructure, pending }: BatchSummary): number {
  if (failed > 0) return EXIT.failed;
  return infrastructure + pending > 0 ? EXIT.incomplete : EXIT.ok;
}
