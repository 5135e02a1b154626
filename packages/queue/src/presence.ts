import type { QueueWorkerInfo } from '@tracecore/runner';
import type { Redis } from 'ioredis';
import { WORKERS, workerKey } from './keys.js';

/** Seconds after which a worker that says nothing is taken for gone, and ms between two signs of life. */
const TTL_S = 15;
const BEAT_MS = 4_000;

export interface PresentWorker extends QueueWorkerInfo {
  id: string;
}

/** Says that a worker is there until the function it returns is called. */
export async function announce(redis: Redis, worker: PresentWorker): Promise<() => Promise<void>> {
  const text = JSON.stringify(worker);
  const beat = async () => {
    await redis.multi().set(workerKey(worker.id), text, 'EX', TTL_S).sadd(WORKERS, worker.id).exec();
  };
  await beat();
  const timer = setInterval(() => void beat().catch(() => undefined), BEAT_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await redis.multi().del(workerKey(worker.id)).srem(WORKERS, worker.id).exec();
  };
}

/** The workers that are there now. @param provider whose line they serve; null for the line of all others. */
export async function workersOf(redis: Redis, provider?: string | null): Promise<PresentWorker[]> {
  const ids = await redis.smembers(WORKERS);
  if (ids.length === 0) return [];
  const texts = await redis.mget(ids.map(workerKey));
  const gone = ids.filter((_, at) => texts[at] === null);
  if (gone.length > 0) await redis.srem(WORKERS, ...gone);
  const present = texts.flatMap((text) => parseWorker(text) ?? []);
  return provider ? present.filter(({ providers }) => providers.includes(provider)) : present;
}

function parseWorker(text: string | null): PresentWorker | null {
  try {
    const { id, name, concurrency, runtime, providers } = JSON.parse(text ?? 'null') as PresentWorker;
    if (typeof id !== 'string' || typeof name !== 'string' || !(concurrency > 0) || !Array.isArray(providers))
      return null;
    return { id, name, concurrency, runtime, providers };
  } catch {
    return null;
  }
}
