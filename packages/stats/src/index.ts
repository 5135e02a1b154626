export { type BootstrapOptions, bootstrapDifference } from './bootstrap.js';
export { type Cluster, type ClusteredMean, clusteredMean } from './clustered-mean.js';
export {
  type CompareOptions,
  type Comparison,
  compareOutcomes,
  type PairedFigures,
  type SideFigures,
} from './compare.js';
export {
  countOutcomes,
  type DescribeOptions,
  describeOutcomes,
  type Figures,
  type OverallFigures,
  type TaskFigures,
} from './describe.js';
export { pairedDifference, unpairedDifference } from './difference.js';
export { MOST_EPISODES } from './episodes-to-decide.js';
export { StatsError, type StatsErrorCode } from './error.js';
export { type Flake, type FlakeReport, findFlakes, type PlayedInputs } from './flakes.js';
export { type GateAnswer, type GateCheck, type GateQuestion, gate, type Reference, type Verdict } from './gate.js';
export { groupBy } from './group-by.js';
export { type McNemar, mcnemarExact } from './mcnemar.js';
export { countPairs, type Pair, type PairCounts, type Pairing, pairOutcomes } from './pairs.js';
export { type PassKind, passAtK, passHatK, passK } from './pass-k.js';
export { exactRate, successRate } from './rate.js';
export type { Counts, Estimate, Method, Outcome } from './types.js';
