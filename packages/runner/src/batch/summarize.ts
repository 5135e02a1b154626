import type { AttemptLine } from '@tracecore/spec';
import { failureOf, type JobResult, type JobState } from './job-result.js';
import { percentile } from './percentile.js';

type Counts = Record<JobState, number> & { total: number };

/** What a batch came to; the fields are those of `summary.json` and of `--json`. */
export interface BatchSummary extends Counts {
  /** Attempts beyond each job's first. */
  retried: number;
  /** Agents' failures by type, by name. */
  failure_types: Record<string, number>;
  /** Failures of the machinery that were given up, by code. */
  infrastructure_codes: Record<string, number>;
  /** Of the episodes that have an artifact, in seconds: nearest rank; null when there are none. */
  wall_clock_s: { p50: number; p95: number; max: number } | null;
  /** Time spent on it, in seconds: that of all starts; of shards, that of the longest. */
  elapsed_s: number;
  /** Episodes that have an artifact, by `elapsed_s`; null before any time has passed. */
  episodes_per_second: number | null;
  /** By agent and task, in the order of the plan. */
  pairs: (Counts & { agent: string; task_ref: string })[];
}

/** @param elapsedS as `elapsedOf` gives it. */
export function summarizeBatch(results: readonly JobResult[], elapsedS: number): BatchSummary {
  const pairs = new Map<string, BatchSummary['pairs'][number]>();
  const failures = new Map<string, number>();
  const codes = new Map<string, number>();
  const clocks: number[] = [];
  const all = noCounts();
  let retried = 0;
  for (const { job, state, attempts, line } of results) {
    const key = JSON.stringify([job.agent, job.task_ref]);
    const pair = pairs.get(key) ?? { agent: job.agent, task_ref: job.task_ref, ...noCounts() };
    pairs.set(key, pair);
    for (const counts of [all, pair]) {
      counts.total += 1;
      counts[state] += 1;
    }
    retried += Math.max(0, attempts - 1);
    if (line?.outcome === 'artifact') {
      clocks.push(line.wall_clock_s);
      if (state === 'failed') count(failures, failureOf(line));
    } else if (line !== null && state === 'infrastructure') count(codes, line.code);
  }
  clocks.sort((a, b) => a - b);
  const at = (share: number) => percentile(clocks, share) as number;
  return {
    ...all,
    retried,
    failure_types: sorted(failures),
    infrastructure_codes: sorted(codes),
    wall_clock_s: clocks.length === 0 ? null : { p50: at(0.5), p95: at(0.95), max: at(1) },
    elapsed_s: rounded(elapsedS),
    episodes_per_second: elapsedS > 0 ? rounded(clocks.length / elapsedS) : null,
    pairs: [...pairs.values()],
  };
}

/** The time that all starts of a batch took together, in seconds: each as far as its last line. */
export function elapsedOf(lines: Iterable<AttemptLine>): number {
  const longest = new Map<number, number>();
  for (const { start, elapsed_s } of lines) {
    longest.set(start, Math.max(longest.get(start) ?? 0, elapsed_s));
  }
  return [...longest.values()].reduce((sum, seconds) => sum + seconds, 0);
}

function noCounts(): Counts {
  return { total: 0, passed: 0, failed: 0, infrastructure: 0, pending: 0 };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
