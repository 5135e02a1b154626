import type { IsolationLevel } from '@tracecore/sandbox/confine';
import type { Artifact, BatchJob } from '@tracecore/spec';
import type { AgentCode } from '../load/agent-code.js';
import type { Isolation, RuntimeIdentity } from '../types.js';
import type { BatchEngine } from './types.js';

/** Where a queue is. The password may stand in the URL; one that is given apart from it wins. */
export interface QueueAddress {
  /** `redis://` or, for TLS, `rediss://`. */
  url: string;
  username?: string;
  password?: string;
}

/** At most so many episodes are begun in so many seconds, over all workers. */
export interface RateLimit {
  episodes: number;
  seconds: number;
}

/** What all jobs of a batch ask of whoever plays them, beside their inputs. */
export interface JobSettings {
  /** The host that was asked for; null leaves it to the agent. */
  isolation: Isolation | null;
  /** How far the programs must be kept apart; null takes what the worker's machine has. */
  minimum: IsolationLevel | null;
  /** Names of variables that the agent needs. A worker gives its own values of those that it was told to give. */
  env: string[];
}

export interface QueueEngineOptions extends QueueAddress {
  /** The same for every resume of one batch, and for no other: letters, digits, `.`, `_` and `-`. */
  batchId: string;
  /** Stands in the hash of every artifact, so only workers of exactly this runtime play the batch. */
  runtime: RuntimeIdentity;
  /** By default nothing is asked. */
  settings?: JobSettings;
  /** Attempts a job gets before a failure of the machinery is final. Default 3. */
  maxAttempts?: number;
  /** The line that the batch waits in: one for each model provider whose rate is limited. */
  provider?: string;
  /** Code that travels with the batch, by `agent_hash`; only workers that accept code use it. */
  code?: ReadonlyMap<string, AgentCode>;
  /** What whoever waits for the batch should know, such as that no worker serves the queue. */
  onNotice?: (text: string) => void;
  /** Episodes that are on the queue or wait there as results at once. Default 8192. */
  window?: number;
  /** How long jobs that every worker refuses wait for one that does not, in ms. Default 60,000. */
  patienceMs?: number;
  /** How long the queue may be out of reach in the middle of a batch, in ms. Default 60,000. */
  reconnectMs?: number;
}

/** Why a worker does not play jobs that others may play. */
export interface Refusal {
  code: 'AGENT_DIFFERS' | 'TASK_DIFFERS' | 'RUNTIME_DIFFERS' | 'SETTINGS_DIFFER';
  /** What is here, and what is wanted. */
  message: string;
}

/** What a worker plays jobs with. */
export interface JobPlayer {
  /**
   * Makes agent and task of a job ready; asked before each chunk of jobs that differ in their seeds alone.
   * @param code the agent's code, when it travels with the batch.
   */
  accept(job: BatchJob, settings: JobSettings, code: () => Promise<AgentCode | null>): Promise<Refusal | null>;
  /** Plays a job that was accepted. What it throws is a failure of the machinery. */
  play(job: BatchJob, settings: JobSettings, signal: AbortSignal): Promise<Artifact>;
}

export interface WorkerEvents {
  /** A line for whoever watches the worker. */
  onNotice?: (text: string) => void;
  /** An episode has ended and its result is on the queue. */
  onPlayed?: (job: BatchJob, outcome: string) => void;
}

export interface QueueWorkerOptions extends QueueAddress, WorkerEvents {
  player: JobPlayer;
  runtime: RuntimeIdentity;
  /** Episodes at once. Default 1. */
  concurrency?: number;
  /** What attempts and `batch status` call it; by default host, process and chance. */
  name?: string;
  /** Lines it serves beside the one of batches without a provider; null stands for no limit. */
  providers?: ReadonlyMap<string, RateLimit | null>;
  /** How long it may be silent before others take its work, in ms. Default 30,000. */
  lockMs?: number;
  /** How long the queue may be out of reach, in ms. Default 60,000. */
  reconnectMs?: number;
}

export interface QueueWorker {
  readonly name: string;
  /** Resolves when it has stopped; rejects when it cannot go on. */
  readonly done: Promise<void>;
  /** Finishes the episodes that are played and hands the rest back; when called again, ends those too. */
  stop(): Promise<void>;
}

export type QueuedBatchState = 'running' | 'cancelled' | 'done';

/** A batch as the queue knows it. Numbers are of episodes. */
export interface QueuedBatch {
  id: string;
  state: QueuedBatchState;
  /** ISO 8601, by the submitter's clock. */
  created: string;
  provider: string | null;
  total: number;
  /** Stored by the submitter: those with an artifact, and those that were given up. */
  stored: number;
  givenUp: number;
  /** On the queue, played right now, and results that wait for the submitter. */
  queued: number;
  playing: number;
  waiting: number;
  /** Whether a submitter collects results now. */
  submitter: boolean;
  /** Why workers refuse its jobs: one line for each worker. */
  refusals: string[];
}

export interface QueueWorkerInfo {
  name: string;
  concurrency: number;
  runtime: RuntimeIdentity;
  providers: string[];
}

/** Everything the command line does with a queue. Each call opens a connection of its own and ends it. */
export interface QueueModule {
  createQueueEngine(options: Omit<QueueEngineOptions, 'runtime'>): BatchEngine;
  startWorker(options: Omit<QueueWorkerOptions, 'runtime'>): Promise<QueueWorker>;
  listBatches(address: QueueAddress): Promise<QueuedBatch[]>;
  batchStatus(address: QueueAddress, id: string): Promise<{ batch: QueuedBatch; workers: QueueWorkerInfo[] }>;
  cancelBatch(address: QueueAddress, id: string): Promise<{ withdrawn: number }>;
  /** The URL without what is secret. */
  shownAddress(address: QueueAddress): string;
}
