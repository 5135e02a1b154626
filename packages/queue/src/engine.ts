import type { BatchAttempt, BatchEngine, BatchJob, QueueEngineOptions } from '@tracecore/runner';
import { Queue } from 'bullmq';
import { parseAddress } from './address.js';
import { connect, describe } from './connect.js';
import { QueueError } from './error.js';
import { BULL_PREFIX, keysOf, queueName } from './keys.js';
import { Submission } from './submission.js';

/**
 * An engine that puts a batch on a queue and collects what workers make of it. Whoever runs it may be killed at any moment:
 * workers go on with what is on the queue, and the next `run` with the same batch id first takes what is there.
 * @throws {QueueError} QUEUE_URL_INVALID, BATCH_ID_INVALID. Its `run` throws the other codes.
 */
export function createQueueEngine(options: QueueEngineOptions): BatchEngine {
  const address = parseAddress(options);
  const keys = keysOf(options.batchId);
  const name = queueName(options.provider ?? null);
  return {
    async run(jobs: readonly BatchJob[], report: (attempt: BatchAttempt) => Promise<void>, signal: AbortSignal) {
      requireDistinct(jobs);
      const connection = await connect(address, options.reconnectMs);
      const queue = new Queue(name, { connection: connection.redis, prefix: BULL_PREFIX });
      // What a command fails with reaches its caller; the event would end the process.
      queue.on('error', () => undefined);
      try {
        const submission = new Submission({ options, connection, queue, keys, report, signal });
        await submission.run(jobs);
      } catch (error) {
        throw isOfQueue(error) ? describe(address, error) : error;
      } finally {
        await queue.close().catch(() => undefined);
        connection.close();
      }
    },
  };
}

/** Two results under one id would be one result. */
function requireDistinct(jobs: readonly BatchJob[]): void {
  const seen = new Set<string>();
  for (const { id } of jobs) {
    if (seen.has(id)) throw new QueueError('BATCH_ID_INVALID', `the batch holds the job ${id} twice`);
    seen.add(id);
  }
}

/** Errors of the driver and of BullMQ have names of their own; anything else is the caller's, and goes on as it is. */
function isOfQueue(error: unknown): boolean {
  const { name = '', message = '' } = (error ?? {}) as Partial<Error>;
  return name === 'ReplyError' || name === 'MaxRetriesPerRequestError' || /Connection is closed/.test(message);
}
