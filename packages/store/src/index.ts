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
