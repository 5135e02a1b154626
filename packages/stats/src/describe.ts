import { type ClusteredMean, clusteredMean } from './clustered-mean.js';
import { StatsError } from './error.js';
import { groupBy } from './group-by.js';
import { type PassKind, passK } from './pass-k.js';
import { successRate } from './rate.js';
import type { Counts, Estimate, Outcome } from './types.js';

export interface TaskFigures extends Counts {
  task: string;
  rate: Estimate;
  /** For each k that the task has episodes enough for. */
  pass: { k: number; pass_at_k: Estimate; pass_hat_k: Estimate }[];
}

/** Over tasks, each of the same weight. */
export interface OverallFigures extends Counts {
  tasks: number;
  rate: ClusteredMean;
  /** For each k that any task has episodes enough for; tasks that have not are left out, and counted in `short`. */
  pass: { k: number; short: number; pass_at_k: ClusteredMean; pass_hat_k: ClusteredMean }[];
}

export interface Figures {
  /** By task. */
  by_task: TaskFigures[];
  all: OverallFigures;
}

export interface DescribeOptions {
  confidence?: number;
  /** The k of pass@k and pass^k. */
  ks?: readonly number[];
}

/**
 * What episodes of one agent come to: for each task by itself, and over the tasks as clusters.
 * @throws {StatsError} NOTHING_TO_ESTIMATE, COUNTS_INVALID, PROBABILITY_INVALID.
 */
export function describeOutcomes(
  outcomes: readonly Outcome[],
  { confidence = 0.95, ks = [] }: DescribeOptions = {},
): Figures {
  const wrong = ks.find((k) => !Number.isSafeInteger(k) || k < 1);
  if (wrong !== undefined) throw new StatsError('COUNTS_INVALID', `k must be a whole number from 1 on, got ${wrong}`);
  const groups = [...groupBy(outcomes, ({ task }) => task)].sort(([one], [other]) => (one < other ? -1 : 1));
  const by_task = groups.map(([task, of]) => figuresOf(task, countOutcomes(of), confidence, ks));
  const rate = clusteredMean(
    by_task.map(({ n, rate: { estimate } }) => ({ value: estimate, n })),
    confidence,
  );
  const { n, successes } = countOutcomes(outcomes);
  const pass = ks
    .filter((k) => by_task.some((task) => task.n >= k))
    .map((k) => {
      const enough = by_task.filter((task) => task.n >= k);
      const over = (kind: PassKind) => overTasks(enough, k, kind, confidence);
      return { k, short: by_task.length - enough.length, pass_at_k: over('pass_at_k'), pass_hat_k: over('pass_hat_k') };
    });
  return { by_task, all: { tasks: by_task.length, n, successes, rate, pass } };
}

export function countOutcomes(outcomes: readonly Pick<Outcome, 'success'>[]): Counts {
  return { n: outcomes.length, successes: outcomes.filter(({ success }) => success).length };
}

function figuresOf(task: string, counts: Counts, confidence: number, ks: readonly number[]): TaskFigures {
  const pass = ks
    .filter((k) => k <= counts.n)
    .map((k) => ({
      k,
      pass_at_k: passK('pass_at_k', counts, k, confidence),
      pass_hat_k: passK('pass_hat_k', counts, k, confidence),
    }));
  return { task, ...counts, rate: successRate(counts, confidence), pass };
}

function overTasks(tasks: readonly TaskFigures[], k: number, kind: PassKind, confidence: number): ClusteredMean {
  const [only] = tasks;
  const figure = only?.pass.find((one) => one.k === k)?.[kind];
  // Of one task there is nothing to say but what it says itself.
  if (tasks.length === 1 && figure !== undefined) return { ...figure, tasks: 1, standard_error: null };
  return clusteredMean(
    tasks.map((task) => clusterOf(task, k, kind)),
    confidence,
  );
}

/** n episodes hold n / k draws of k that share none, which is what a task's figure rests on independently. */
function clusterOf(task: TaskFigures, k: number, kind: PassKind): { value: number; n: number } {
  const found = task.pass.find((figure) => figure.k === k);
  // A product of shares may come out a hair outside.
  return { value: Math.min(1, Math.max(0, found?.[kind].estimate ?? 0)), n: Math.floor(task.n / k) };
}
