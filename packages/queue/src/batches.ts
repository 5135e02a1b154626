import type { QueueAddress, QueuedBatch, QueuedBatchState, QueueWorkerInfo } from '@tracecore/runner';
import type { Redis } from 'ioredis';
import { parseAddress } from './address.js';
import { parseChunk } from './chunk.js';
import { connect, describe } from './connect.js';
import { QueueError } from './error.js';
import { exec } from './insist.js';
import { BATCHES, keysOf } from './keys.js';
import { workersOf } from './presence.js';

/** Every batch that the queue knows, the latest first. @throws {QueueError} */
export async function listBatches(address: QueueAddress): Promise<QueuedBatch[]> {
  return withRedis(address, async (redis) => {
    const batches: QueuedBatch[] = [];
    for (const id of await redis.zrevrange(BATCHES, 0, -1)) {
      const batch = await readBatch(redis, id);
      if (batch !== null) batches.push(batch);
      else await redis.zrem(BATCHES, id);
    }
    return batches;
  });
}

/** One batch, and the workers that serve its line. @throws {QueueError} BATCH_NOT_FOUND and those of the connection. */
export async function batchStatus(
  address: QueueAddress,
  id: string,
): Promise<{ batch: QueuedBatch; workers: QueueWorkerInfo[] }> {
  return withRedis(address, async (redis, shown) => {
    const batch = await requireBatch(redis, id, shown);
    const workers = await workersOf(redis, batch.provider);
    return {
      batch,
      workers: workers.map(({ name, concurrency, runtime, providers }) => ({ name, concurrency, runtime, providers })),
    };
  });
}

/**
 * Ends a batch: nothing of it is begun any more, and its submitter stops once it has what was played.
 * @returns how many episodes were taken from the queue.
 * @throws {QueueError} BATCH_NOT_FOUND and those of the connection.
 */
export async function cancelBatch(address: QueueAddress, id: string): Promise<{ withdrawn: number }> {
  return withRedis(address, async (redis, shown) => {
    const { state } = await requireBatch(redis, id, shown);
    if (state === 'done') return { withdrawn: 0 };
    const keys = keysOf(id);
    await redis.hset(keys.meta, 'state', 'cancelled');
    let withdrawn = 0;
    for (const chunk of await redis.smembers(keys.chunks)) {
      const found = parseChunk(await redis.hgetall(keys.chunk(chunk)));
      if (found === null || found.closed) continue;
      withdrawn += found.done.filter((done, at) => !done && found.running !== at).length;
      // A chunk may have gone since; a key of its own with nothing in it would stay.
      await exec(redis.multi().hset(keys.chunk(chunk), 'closed', '1').pexpire(keys.chunk(chunk), CLOSED_MS));
    }
    return { withdrawn };
  });
}

/** How long a chunk that was withdrawn is remembered, in ms: episodes that are played may still end in it. */
const CLOSED_MS = 24 * 3_600_000;

async function requireBatch(redis: Redis, id: string, shown: string): Promise<QueuedBatch> {
  const batch = await readBatch(redis, id);
  if (batch !== null) return batch;
  const known = await redis.zrevrange(BATCHES, 0, 4);
  const hint = known.length === 0 ? 'it knows none' : `the latest are ${known.join(', ')}`;
  throw new QueueError('BATCH_NOT_FOUND', `there is no batch ${id} on ${shown}; ${hint}`);
}

async function readBatch(redis: Redis, id: string): Promise<QueuedBatch | null> {
  const keys = keysOf(id);
  const [meta, chunks, waiting, submitter, refusals] = await Promise.all([
    redis.hgetall(keys.meta),
    redis.smembers(keys.chunks),
    redis.xlen(keys.results),
    redis.exists(keys.lease),
    redis.hgetall(keys.refused),
  ]);
  if (meta.state === undefined) return null;
  const states = await Promise.all(chunks.map(async (chunk) => parseChunk(await redis.hgetall(keys.chunk(chunk)))));
  const open = states.filter((state) => state !== null && !state.closed);
  const playing = open.filter((state) => state?.running !== null).length;
  const left = open.reduce((sum, state) => sum + (state?.done.filter((done) => !done).length ?? 0), 0);
  return {
    id,
    state: meta.state as QueuedBatchState,
    created: meta.created ?? '',
    provider: meta.provider || null,
    total: Number(meta.total ?? 0),
    stored: Number(meta.stored ?? 0),
    givenUp: Number(meta.given_up ?? 0),
    queued: left - playing,
    playing,
    waiting,
    submitter: submitter === 1,
    refusals: Object.entries(refusals).flatMap(([field, text]) => (field.includes('|w|') ? text : [])),
  };
}

async function withRedis<T>(given: QueueAddress, body: (redis: Redis, shown: string) => Promise<T>): Promise<T> {
  const address = parseAddress(given);
  const { redis, close } = await connect(address);
  try {
    return await body(redis, address.shown);
  } catch (error) {
    throw describe(address, error);
  } finally {
    close();
  }
}
