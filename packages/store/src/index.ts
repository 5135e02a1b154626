export {
  type BaselineFile,
  listBaselines,
  readBaseline,
  requireBaselineName,
  timestampName,
  writeBaseline,
} from './baselines/files.js';
export { parseBaseline } from './baselines/parse.js';
export { type RowSource, rowsOf } from './baselines/rows.js';
export type { Baseline, BaselineEpisode, BaselineMetadata, BaselineRow } from './baselines/types.js';
export { newBatchId } from './batches/batch-id.js';
export { openBatches } from './batches/open-batches.js';
export type { BatchStore, OpenBatch, StoredBatch } from './batches/types.js';
export { StoreError, type StoreErrorCode } from './error.js';
export { hasIndex } from './index-file.js';
export { type MigrateOptions, type MigrationCode, type MigrationLine, migrateRuns } from './migrate-runs.js';
export { openStore } from './open-store.js';
export type {
  RunList,
  RunStore,
  RunSummary,
  Session,
  SkippedFile,
  StoreClock,
  StoredRun,
  StoreOptions,
} from './types.js';
