import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connect.js';
import { QueueError } from './error.js';
import { insist } from './insist.js';
import type { BatchKeys } from './keys.js';
import type { Scripted } from './scripts.js';

/** A submitter that was killed holds its batch for that long. */
const LEASE_MS = 8_000;
/** Times that a lease is renewed while it would last. */
const RENEWALS = 4;
const POLL_MS = 500;

export interface Lease {
  /** What ended the submission from outside, once it has happened. */
  fault(): QueueError | null;
  release(): Promise<void>;
}

export interface LeaseOptions {
  connection: Connection;
  redis: Connection['redis'] & Scripted;
  keys: BatchKeys;
  batchId: string;
  signal: AbortSignal;
  onNotice: (text: string) => void;
  leaseMs?: number;
}

/**
 * Makes this process the batch's only submitter, and keeps an eye on whether the batch was cancelled.
 * @throws {QueueError} BATCH_BUSY when another one is alive.
 */
export async function holdBatch(options: LeaseOptions): Promise<Lease> {
  const { connection, redis, keys, batchId, signal, onNotice, leaseMs = LEASE_MS } = options;
  const token = randomUUID();
  const began = performance.now();
  let told = false;
  const take = () => insist(connection, () => redis.set(keys.lease, token, 'PX', leaseMs, 'NX'));
  while ((await take()) === null) {
    if (performance.now() - began > 1.5 * leaseMs || signal.aborted) {
      throw new QueueError('BATCH_BUSY', `batch ${batchId} is submitted by another process; wait for it, or end it`);
    }
    if (!told)
      onNotice(`batch ${batchId} has a submitter that is alive, or was a moment ago; waiting for it to be gone`);
    told = true;
    await sleep(Math.min(POLL_MS, leaseMs / RENEWALS));
  }
  let fault: QueueError | null = null;
  const look = async () => {
    const held = await redis.tcRenew(keys.lease, token, leaseMs);
    // Redis may have lost it in a restart; nobody else took it then.
    if (held === 0 && (await redis.set(keys.lease, token, 'PX', leaseMs, 'NX')) === null) {
      fault = new QueueError('BATCH_BUSY', `batch ${batchId} was taken over by another submitter`);
    }
    if ((await redis.hget(keys.meta, 'state')) === 'cancelled') {
      fault = new QueueError('BATCH_CANCELLED', `batch ${batchId} was cancelled; what it had by then is stored`);
    }
  };
  const timer = setInterval(() => void look().catch(() => undefined), leaseMs / RENEWALS);
  timer.unref();
  return {
    fault: () => fault,
    release: async () => {
      clearInterval(timer);
      await redis.tcRelease(keys.lease, token);
    },
  };
}
