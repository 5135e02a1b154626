import { QueueError } from './error.js';

/** What every key begins with, and what BullMQ's own begin with. */
const PREFIX = 'tracecore';
export const BULL_PREFIX = `${PREFIX}:bull`;
/** Batches by the time they were first submitted. */
export const BATCHES = `${PREFIX}:batches`;
/** Ids of workers; each has a key of its own that passes away when it does. */
export const WORKERS = `${PREFIX}:workers`;
export const workerKey = (id: string) => `${PREFIX}:worker:${id}`;

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

/** The keys of one batch. */
export interface BatchKeys {
  /** Hash: state, created, total, stored, given_up, generation, provider. */
  meta: string;
  /** Stream: one entry for each attempt, until the submitter has stored it. */
  results: string;
  /** Set: ids of the chunks that have a key. */
  chunks: string;
  chunk(id: string): string;
  /** Who submits, for as long as it lives. */
  lease: string;
  /** Hash: which workers refuse which jobs, and since when. */
  refused: string;
  /** The code of an agent, compressed. */
  code(agentHash: string): string;
}

/** Whether a text can be the id of a batch. */
export const isBatchId = (text: string): boolean => NAME.test(text);

/** @throws {QueueError} BATCH_ID_INVALID */
export function keysOf(batchId: string): BatchKeys {
  if (!isBatchId(batchId)) {
    throw new QueueError(
      'BATCH_ID_INVALID',
      `a batch's id has up to 100 letters, digits, ".", "_" and "-", got "${batchId}"`,
    );
  }
  const base = `${PREFIX}:batch:${batchId}`;
  return {
    meta: base,
    results: `${base}:results`,
    chunks: `${base}:chunks`,
    chunk: (id) => `${base}:chunk:${id}`,
    lease: `${base}:lease`,
    refused: `${base}:refused`,
    code: (agentHash) => `${base}:code:${agentHash}`,
  };
}

/**
 * The BullMQ queue of a provider's line; null is the line of all that have no provider.
 * @throws {QueueError} QUEUE_URL_INVALID for a provider that cannot be one.
 */
export function queueName(provider: string | null): string {
  if (provider === null) return 'episodes';
  if (NAME.test(provider)) return `episodes-${provider}`;
  throw new QueueError(
    'QUEUE_URL_INVALID',
    `a provider's name has up to 100 letters, digits, ".", "_" and "-", got "${provider}"`,
  );
}
