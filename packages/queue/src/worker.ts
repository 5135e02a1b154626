import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { QueueWorker, QueueWorkerOptions } from '@tracecore/runner';
import { type Job, Queue, Worker } from 'bullmq';
import { parseAddress } from './address.js';
import { type Connection, connect, describe } from './connect.js';
import type { QueueError } from './error.js';
import { BULL_PREFIX, queueName } from './keys.js';
import { ChunkPlayer } from './play-chunk.js';
import { announce } from './presence.js';

const DEFAULT_LOCK_MS = 30_000;
/** How often it is looked for chunks whose worker went away, as a part of the lock. */
const STALLED_PART = 3;
/** Pause of BullMQ after a broken connection, in ms. */
const RETRY_MS = 1_000;
/** A fault that stays is not told again for so long, in ms. */
const TELL_AGAIN_MS = 10_000;

/**
 * Serves a queue: takes chunks, plays their episodes one after another and hands in each as it ends.
 * @throws {QueueError} when the queue cannot be used at all.
 */
export async function startWorker(options: QueueWorkerOptions): Promise<QueueWorker> {
  const address = parseAddress(options);
  const { concurrency = 1, lockMs = DEFAULT_LOCK_MS, providers = new Map() } = options;
  const id = randomBytes(6).toString('hex');
  const name = options.name ?? `${hostname()}-${process.pid}-${id.slice(0, 4)}`;
  const names = new Map<string | null, string>([null, ...providers.keys()].map((one) => [one, queueName(one)]));
  const connection = await connect(address, options.reconnectMs);
  const notice = oncePerWhile(options.onNotice ?? (() => undefined));
  try {
    for (const [provider, limit] of providers) await setRate(connection, queueName(provider), limit);
    const present = { id, name, concurrency, runtime: options.runtime, providers: [...providers.keys()] };
    const leave = await announce(connection.redis, present);
    const playing = new AbortController();
    const player = new ChunkPlayer({ ...options, connection, id, name, signal: playing.signal, notice });
    const workers = [...names].map(([provider, queue]) => {
      const serve = (job: Job, token?: string) => player.play(job, token ?? '', provider);
      const worker = new Worker(queue, serve, {
        connection: connection.redis,
        prefix: BULL_PREFIX,
        name,
        concurrency,
        lockDuration: lockMs,
        stalledInterval: Math.max(500, Math.floor(lockMs / STALLED_PART)),
        // Attempts are counted for each episode.
        maxStalledCount: 1_000_000,
        runRetryDelay: RETRY_MS,
      });
      worker.on('error', (error) => notice(describe(address, error).message));
      worker.on('stalled', () => notice('a worker went away or was silent for too long; its work is played again'));
      return worker;
    });
    return running({ name, connection, workers, player, playing, leave });
  } catch (error) {
    connection.close();
    throw describe(address, error);
  }
}

interface Running {
  name: string;
  connection: Connection;
  workers: Worker[];
  player: ChunkPlayer;
  playing: AbortController;
  leave: () => Promise<void>;
}

function running({ name, connection, workers, player, playing, leave }: Running): QueueWorker {
  let stopping: Promise<void> | undefined;
  const end = async () => {
    player.stop();
    try {
      await Promise.race([Promise.all(workers.map((worker) => worker.close())), connection.lost]);
      await leave();
    } finally {
      connection.close();
    }
  };
  const gone = connection.lost.catch(async (error: QueueError) => {
    player.stop();
    playing.abort();
    await Promise.allSettled(workers.map((worker) => worker.close(true)));
    connection.close();
    throw error;
  });
  let finish: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return {
    name,
    done: Promise.race([stopped, gone]),
    stop() {
      if (stopping) playing.abort();
      stopping ??= end().finally(() => finish());
      return stopping;
    },
  };
}

/** BullMQ keeps the rate with the queue, so the last worker that sets one decides for all. */
async function setRate(
  { redis }: Connection,
  queue: string,
  limit: { episodes: number; seconds: number } | null,
): Promise<void> {
  if (limit === null) return;
  const setter = new Queue(queue, { connection: redis, prefix: BULL_PREFIX });
  setter.on('error', () => undefined);
  try {
    await setter.setGlobalRateLimit(limit.episodes, Math.round(limit.seconds * 1_000));
  } finally {
    await setter.close();
  }
}

function oncePerWhile(tell: (text: string) => void): (text: string) => void {
  const told = new Map<string, number>();
  return (text) => {
    const now = performance.now();
    if (now - (told.get(text) ?? Number.NEGATIVE_INFINITY) < TELL_AGAIN_MS) return;
    told.set(text, now);
    tell(text);
  };
}
