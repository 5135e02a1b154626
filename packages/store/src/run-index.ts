export { INDEX_FILE, type OpenIndexOptions, openRunIndex } from './run-index/open-run-index.js';
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
