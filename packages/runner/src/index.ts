export type { BatchJob } from '@tracecore/spec';
export type { BatchClock } from './batch/attempt-log.js';
export { batchJob, planHash, runIdOf } from './batch/job-id.js';
export { failureOf, type JobResult, type JobState, resultsOf } from './batch/job-result.js';
export { createLocalEngine, type LocalEngineOptions } from './batch/local-engine.js';
export type {
  JobPlayer,
  JobSettings,
  QueueAddress,
  QueuedBatch,
  QueuedBatchState,
  QueueEngineOptions,
  QueueModule,
  QueueWorker,
  QueueWorkerInfo,
  QueueWorkerOptions,
  RateLimit,
  Refusal,
  WorkerEvents,
} from './batch/queue.js';
export { requireSame } from './batch/require-same.js';
export { type Batch, type BatchKeeper, type BatchOutcome, type BatchPorts, runBatch } from './batch/run-batch.js';
export { type BatchRecord, mergeShards, shardOf } from './batch/shards.js';
export { type BatchSummary, elapsedOf, summarizeBatch } from './batch/summarize.js';
export type { AttemptOutcome, BatchAttempt, BatchEngine } from './batch/types.js';
export { createRunner, type RunnerOptions } from './create-runner.js';
export { DEFAULT_LIMITS } from './episode/limits.js';
export { RunnerError, type RunnerErrorCode } from './error.js';
export { type InspectOptions, inspectTask } from './inspect/inspect-task.js';
export { type AgentCode, packAgent, parseAgentCode, unpackAgent } from './load/agent-code.js';
export { probePython } from './load/python.js';
export { createLoader, type Loader, type LoaderOptions } from './loader.js';
export { compareReplay } from './replay/compare-replay.js';
export { type ForkOrigin, forkOf, originOf } from './replay/fork-origin.js';
export { type EpisodeInputs, inputsOf } from './replay/inputs-of.js';
export type { ReplayCheck, ReplayCheckName, ReplayCode, ReplayDifference, ReplayReport } from './replay/report.js';
export { requireSealed } from './replay/require-sealed.js';
export { runEpisode } from './run-episode.js';
export type {
  EpisodeOutcome,
  EpisodeRequest,
  Isolation,
  IsolationReport,
  LoadedAgent,
  OnEntry,
  Runner,
  RuntimeIdentity,
} from './types.js';
export type { CheckName, VerifyCheck } from './verify/check.js';
export { type RederivationDifference, type RederivationScope, rederive } from './verify/rederive.js';
export { checkStrictSpec, type StrictFault, type StrictOptions } from './verify/strict-spec.js';
export { type VerifyDependencies, type VerifyReport, verifyArtifact } from './verify/verify-artifact.js';
export { type EvidenceOptions, type EvidenceReport, type Subject, verifyEvidence } from './verify/verify-evidence.js';
