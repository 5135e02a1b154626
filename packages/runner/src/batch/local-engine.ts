import { setTimeout as sleep } from 'node:timers/promises';
import type { Artifact, BatchJob } from '@tracecore/spec';
import { isRunnerErrorCode } from '../error.js';
import type { AttemptOutcome, BatchAttempt, BatchEngine } from './types.js';

export interface LocalEngineOptions {
  /** Plays one job on this machine. What it throws is a failure of the machinery. */
  play(job: BatchJob): Promise<Artifact>;
  /** Jobs that are played at once. */
  workers: number;
  /** Further attempts after a failure of the machinery that may pass. Default 2. */
  retries?: number;
  /** Waits before another attempt; ends early, by rejecting, when `signal` is aborted. */
  wait?(ms: number, signal: AbortSignal): Promise<unknown>;
}

/** Reports that are written to the disk while the next episodes are played. */
const REPORTS_AT_ONCE = 64;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

type Report = (attempt: BatchAttempt) => Promise<void>;

/** An engine for this machine. An agent's failure is a result and never retried: the same inputs would fail again. */
export function createLocalEngine(options: LocalEngineOptions): BatchEngine {
  const { workers, retries = 2, wait = (ms, signal) => sleep(ms, undefined, { signal }) } = options;

  async function attempt(job: BatchJob): Promise<AttemptOutcome> {
    try {
      return { kind: 'artifact', artifact: await options.play(job) };
    } catch (error) {
      return { kind: 'infrastructure', code: codeOf(error), message: messageOf(error) };
    }
  }

  async function playJob(job: BatchJob, report: Report, signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      const outcome = await attempt(job);
      // Its worker was ended with the batch: this says nothing of the job, which is played again by a resume.
      if (outcome.kind === 'infrastructure' && signal.aborted) return;
      const final = outcome.kind === 'artifact' || failures >= retries || !mayPass(outcome.code);
      await report({ job, outcome, final, worker: '' });
      if (final) return;
      await wait(Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS), signal).catch(() => undefined);
    }
  }

  return {
    async run(jobs, report, signal) {
      const reports = new Reports(report);
      const failed = new AbortController();
      const over = AbortSignal.any([signal, failed.signal]);
      const queue = jobs.values();
      const lane = async () => {
        for (const job of queue) {
          if (over.aborted) return;
          await playJob(job, (one) => reports.add(one), over);
        }
      };
      const lanes = Array.from({ length: Math.max(1, workers) }, () =>
        lane().catch((error) => {
          failed.abort();
          throw error;
        }),
      );
      const ended = await Promise.allSettled(lanes);
      await reports.settle();
      const broken = ended.find((one) => one.status === 'rejected');
      if (broken) throw broken.reason;
    },
  };
}

/** Reports under way. One that is rejected is told to whoever adds the next, or waits for all. */
class Reports {
  readonly #report: Report;
  readonly #open = new Set<Promise<void>>();
  #failure: { reason: unknown } | null = null;

  constructor(report: Report) {
    this.#report = report;
  }

  async add(attempt: BatchAttempt): Promise<void> {
    while (this.#open.size >= REPORTS_AT_ONCE) await Promise.race(this.#open);
    this.#check();
    const written = this.#report(attempt).catch((reason: unknown) => {
      this.#failure ??= { reason };
    });
    const open = written.then(() => void this.#open.delete(open));
    this.#open.add(open);
    // What may be retried waits for its line, so that attempts stand in their order.
    if (!attempt.final) {
      await open;
      this.#check();
    }
  }

  async settle(): Promise<void> {
    await Promise.all(this.#open);
    this.#check();
  }

  #check(): void {
    if (this.#failure) throw this.#failure.reason;
  }
}

/** A broken agent, task or set of inputs is so the next time too; a dead worker or a full disk may not be. */
function mayPass(code: string): boolean {
  return code === 'WORKER_FAILED' || !isRunnerErrorCode(code);
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'UNEXPECTED';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
