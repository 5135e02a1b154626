/** One episode as statistics see it. A task is a cluster of episodes; task and seed together name a pair of them. */
export interface Outcome {
  /** `id@version`. */
  task: string;
  seed: number;
  success: boolean;
}

/** Episodes that were played and those of them that succeeded. */
export interface Counts {
  n: number;
  successes: number;
}

/** How an interval was made; docs/statistics.md says what each is. */
export type Method =
  | 'wilson'
  | 'clopper-pearson'
  | 'clustered-wilson'
  | 'wilson-power'
  | 'tango'
  | 'newcombe'
  | 'bootstrap-tasks'
  | 'bootstrap-seeds';

/** A figure that never goes without what it rests on. */
export interface Estimate {
  estimate: number;
  low: number;
  high: number;
  /** The share of such intervals that hold the true figure, 0 to 1. */
  confidence: number;
  /** Episodes, or pairs of episodes, that it rests on. */
  n: number;
  method: Method;
}
