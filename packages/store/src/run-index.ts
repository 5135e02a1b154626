export { type Collected, type CollectOptions, collectRuns } from './gc/collect-runs.js';
export { findReferences } from './gc/find-references.js';
export { describeRun } from './run-index/describe-run.js';
export { type OpenIndexOptions, openRecorder, openRunIndex, reindexRuns } from './run-index/open-run-index.js';
export { type RepairOptions, type RepairReport, repairIndex } from './run-index/repair.js';
export type {
  BudgetUse,
  FailureCounts,
  IndexChange,
  IndexedRun,
  KnownFile,
  ModelUse,
  PairMetrics,
  PairSummary,
  Percentiles,
  RecordedRun,
  Recovery,
  RunCounts,
  RunFilter,
  RunIndex,
  RunRecorder,
  RunsSummary,
} from './run-index/types.js';
