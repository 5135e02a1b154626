import { randomBytes } from 'node:crypto';

const BATCH_ID = /^\d{8}-\d{6}-[0-9a-f]{6}$/;

/** A new id, such as `20260131-093000-0a1b2c`: ids sort by when batches were started, in UTC. */
export function newBatchId(now: Date): string {
  const digits = now.toISOString().replaceAll(/\D/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomBytes(3).toString('hex')}`;
}

export function isBatchId(name: string): boolean {
  return BATCH_ID.test(name);
}
