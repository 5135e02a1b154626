import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, describe } from './connect.js';
import type { QueueError } from './error.js';

const PAUSE_MS = 200;

export interface InsistOptions {
  /** How long a full queue may stay full, in ms; by default not at all. */
  fullMs?: number;
}

/**
 * Does what may be done twice until it was done: the connection may break under it, and come back.
 * @throws {QueueError} when the queue stays away, is full, or refuses.
 */
export async function insist<T>(
  { address, lost }: Connection,
  action: () => Promise<T>,
  { fullMs = 0 }: InsistOptions = {},
): Promise<T> {
  const began = performance.now();
  for (;;) {
    try {
      return await Promise.race([action(), lost]);
    } catch (error) {
      const fault: QueueError = describe(address, error);
      if (fault === error) throw fault;
      const mayPass =
        fault.code === 'QUEUE_UNREACHABLE' ||
        (fault.code === 'QUEUE_FULL' && performance.now() - began < fullMs) ||
        /LOADING|READONLY|MASTERDOWN|aborted/.test(fault.message);
      if (!mayPass) throw fault;
      await Promise.race([sleep(PAUSE_MS), lost]);
    }
  }
}

/** Ends a transaction, and throws what the first of its commands failed with. */
export async function exec(transaction: {
  exec(): Promise<[error: Error | null, result: unknown][] | null>;
}): Promise<unknown[]> {
  const answers = (await transaction.exec()) ?? [];
  return answers.map(([error, result]) => {
    if (error) throw error;
    return result;
  });
}
