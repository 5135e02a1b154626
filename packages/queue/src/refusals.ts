import type { Refusal } from '@tracecore/runner';
import type { Redis } from 'ioredis';
import { type ChunkHeader, refusalKey } from './chunk.js';
import { KEEP_MS } from './chunks.js';
import type { Connection } from './connect.js';
import { insist } from './insist.js';
import type { BatchKeys } from './keys.js';
import { workersOf } from './presence.js';
import type { Scripted } from './scripts.js';

export interface RefusalsOptions {
  connection: Connection;
  id: string;
  name: string;
  notice: (text: string) => void;
}

/** What this worker refuses stands with the batch, so that it can end when nobody is left to play it. */
export class Refusals {
  constructor(
    private readonly redis: Redis & Scripted,
    private readonly options: RefusalsOptions,
  ) {}

  /**
   * Writes a refusal down.
   * @returns the refusal when every worker that is there refuses these jobs, for as long as they were to wait; else null.
   */
  async refuse(
    { keys, header }: { keys: BatchKeys; header: ChunkHeader },
    refusal: Refusal,
    provider: string | null,
  ): Promise<Refusal | null> {
    const { connection, id, name, notice } = this.options;
    notice(`left to other workers: ${header.task_ref} by ${header.agent}: ${refusal.message}`);
    const group = refusalKey(header);
    const text = `${name}: ${refusal.code}: ${refusal.message}`;
    const waited = await insist(connection, () => this.redis.tcRefuse(keys.refused, group, id, text, KEEP_MS));
    if (waited < header.patience) return null;
    const [workers, refused] = await insist(connection, () =>
      Promise.all([workersOf(this.redis, provider), this.redis.hkeys(keys.refused)]),
    );
    const isRefused = new Set(refused);
    const willing = workers.filter((worker) => worker.id !== id && !isRefused.has(`${group}|w|${worker.id}`));
    if (willing.length > 0) return null;
    const seconds = Math.round(header.patience / 1_000);
    return {
      ...refusal,
      message: `no worker could play it for ${seconds} s; ${name} says: ${refusal.message}`,
    };
  }
}
