import type { BatchJob } from '@tracecore/runner';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { type ChunkHeader, type ChunkTicket, chunkId, PROTOCOL, parseChunk } from './chunk.js';
import type { Connection } from './connect.js';
import { exec, insist } from './insist.js';
import type { BatchKeys } from './keys.js';

/** How long anything of a batch outlives the last sign of life in it: a week. */
export const KEEP_MS = 7 * 24 * 3_600_000;
/** Chunks that are sent at once. */
const BULK = 100;

/** A chunk as its submitter knows it. */
interface OpenChunk {
  header: ChunkHeader;
  /** Places whose jobs somebody still waits for. */
  open: Set<number>;
  /** What the job had behind it when it came back to the queue. */
  attempts: number;
}

export interface ChunksOptions {
  connection: Connection;
  queue: Queue;
  keys: BatchKeys;
  batchId: string;
  generation: number;
  /** What every chunk of the batch says. */
  common: Pick<ChunkHeader, 'v' | 'runtime' | 'settings' | 'max' | 'patience'>;
}

/** The chunks of a batch that are on the queue. A chunk's key goes when its last job is over. */
export class Chunks {
  readonly #open = new Map<string, OpenChunk>();
  readonly #redis: Redis;

  constructor(private readonly options: ChunksOptions) {
    this.#redis = options.connection.redis;
  }

  /** Jobs on the queue that somebody waits for. */
  get jobs(): number {
    return [...this.#open.values()].reduce((sum, { open }) => sum + open.size, 0);
  }

  /** The id of the job at a place of a chunk; null when nobody waits for it. */
  idAt(chunk: string, at: number): string | null {
    const found = this.#open.get(chunk);
    return found?.open.has(at) ? (found.header.ids[at] ?? null) : null;
  }

  /**
   * Takes over what an earlier submitter left on the queue.
   * @param wanted ids of the jobs that have no result yet.
   * @returns those of them that workers say are over; their results are in the stream, or were lost.
   */
  async adopt(wanted: ReadonlySet<string>): Promise<Set<string>> {
    const { connection, keys } = this.options;
    const over = new Set<string>();
    for (const id of await insist(connection, () => this.#redis.smembers(keys.chunks))) {
      const state = parseChunk(await insist(connection, () => this.#redis.hgetall(keys.chunk(id))));
      if (state === null || state.closed) {
        await this.#drop(id);
        continue;
      }
      const open = new Set(state.header.ids.keys());
      state.header.ids.forEach((job, at) => {
        if (!wanted.has(job)) open.delete(at);
        else if (state.done[at]) over.add(job);
      });
      this.#open.set(id, { header: state.header, open, attempts: 0 });
      if (open.size === 0) await this.#forget(id);
    }
    await this.requeue();
    return over;
  }

  /** Ids of all jobs that are on the queue. */
  ids(): Set<string> {
    return new Set(
      [...this.#open.values()].flatMap(({ header, open }) => [...open].map((at) => header.ids[at] as string)),
    );
  }

  /** Puts chunks on the queue. @param attempts that the jobs have behind them. */
  async add(groups: readonly (readonly BatchJob[])[], attempts = 0): Promise<void> {
    const { batchId, generation, common } = this.options;
    const ids = groups.map((jobs) => {
      const { id: _, seed: __, ...group } = jobs[0] as BatchJob;
      const header: ChunkHeader = {
        ...common,
        ...group,
        ids: jobs.map((job) => job.id),
        seeds: jobs.map((job) => job.seed),
      };
      const id = chunkId(batchId, generation, header.ids, attempts);
      this.#open.set(id, { header, open: new Set(jobs.keys()), attempts });
      return id;
    });
    await this.#send(ids);
  }

  /** Sends every open chunk once more: what is there stays as it is, what the queue has lost is there again. */
  async requeue(): Promise<void> {
    await this.#send([...this.#open.keys()]);
  }

  /** Nobody waits for the job at this place any more. */
  async settle(chunk: string, at: number): Promise<void> {
    const found = this.#open.get(chunk);
    found?.open.delete(at);
    if (found?.open.size === 0) await this.#forget(chunk);
  }

  /** As `settle`, by the job's id. */
  async settleJob(job: string): Promise<void> {
    for (const [id, { header }] of this.#open) {
      const at = header.ids.indexOf(job);
      if (at >= 0) await this.settle(id, at);
    }
  }

  /** Ends every chunk after the episodes that are played now, and tells how many those are. */
  async close(): Promise<number> {
    const { connection, keys } = this.options;
    const playing = [...this.#open.keys()].map((id) =>
      insist(connection, async () => {
        // A key that is gone must not come back with this alone in it.
        if ((await this.#redis.exists(keys.chunk(id))) === 0) return 0;
        await this.#redis.hset(keys.chunk(id), 'closed', '1');
        return this.#redis.hexists(keys.chunk(id), 'r');
      }),
    );
    return (await Promise.all(playing)).reduce((sum, one) => sum + one, 0);
  }

  /** Takes every chunk from the queue; what is still played counts no more. */
  async drop(): Promise<void> {
    for (const id of [...this.#open.keys()]) await this.#forget(id);
  }

  async #send(ids: readonly string[]): Promise<void> {
    const { connection, queue, keys, batchId } = this.options;
    for (let from = 0; from < ids.length; from += BULK) {
      const some = ids.slice(from, from + BULK);
      await insist(connection, () => {
        const transaction = this.#redis.multi();
        for (const id of some) {
          const { header, attempts } = this.#open.get(id) as OpenChunk;
          transaction.hsetnx(keys.chunk(id), 'job', JSON.stringify(header)).hsetnx(keys.chunk(id), 'max', header.max);
          if (attempts > 0) transaction.hsetnx(keys.chunk(id), 'a0', attempts);
          transaction.pexpire(keys.chunk(id), KEEP_MS).sadd(keys.chunks, id);
        }
        return exec(transaction.pexpire(keys.chunks, KEEP_MS));
      });
      await insist(connection, () => queue.addBulk(some.map((id) => jobOf(batchId, id))));
    }
  }

  async #forget(id: string): Promise<void> {
    this.#open.delete(id);
    await this.#drop(id);
  }

  async #drop(id: string): Promise<void> {
    const { connection, keys } = this.options;
    await insist(connection, () => exec(this.#redis.multi().del(keys.chunk(id)).srem(keys.chunks, id)));
  }
}

/** A chunk as BullMQ's job: a ticket. Its id makes that the same chunk stands on the queue once. */
function jobOf(batch: string, chunk: string) {
  const data: ChunkTicket = { v: PROTOCOL, batch, chunk };
  return {
    name: 'chunk',
    data,
    opts: {
      jobId: `${batch}-${chunk}`,
      // How often a job is tried is counted for each episode, not for the chunk.
      attempts: 1_000_000,
      backoff: { type: 'fixed', delay: 1_000 },
      removeOnComplete: true,
      removeOnFail: { count: 100 },
    },
  };
}
