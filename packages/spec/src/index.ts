export type {
  ArtifactLine,
  AttemptLine,
  BatchFileEntry,
  BatchJob,
  BatchPlan,
  BatchShard,
  InfrastructureLine,
} from './batch.js';
export { type BudgetRequest, resolveBudgets } from './budgets.js';
export { type Issue, SpecError, type SpecErrorCode } from './error.js';
export { isJsonObject, type Json, type JsonObject } from './json.js';
export { artifactIssues, isArtifact, parseArtifact, parseArtifactV1, parseEpisodeConfig } from './parse.js';
export { parseAttemptLine, parseBatchFile, parseBatchPlan, parseSeedRange } from './parse-batch.js';
export { formatTaskRef, parseTaskRef, type TaskRef } from './task-ref.js';
export { FAILURE_TYPES, failureTypeOf, isFailureType, isTerminationReason, TERMINATION_REASONS } from './taxonomy.js';
export type {
  Action,
  Artifact,
  ArtifactV1,
  BudgetCounts,
  Budgets,
  EpisodeConfig,
  FailureType,
  IoAuditEntry,
  Observation,
  TerminationReason,
  TraceEntry,
  Validation,
} from './types.js';
export { SPEC_VERSION } from './version.js';
