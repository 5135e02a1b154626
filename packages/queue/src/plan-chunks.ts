import type { BatchJob } from '@tracecore/runner';
import { groupKey } from './chunk.js';

/** Milliseconds of work that a chunk should hold: enough that the queue costs little, and little to lose. */
const CHUNK_MS = 1_500;
export const MOST_EPISODES = 64;
/** Chunks that each lane of a worker should still get before the batch ends, so that all end at about the same time. */
const CHUNKS_PER_LANE = 3;

/** Milliseconds an episode takes before any was measured. */
const FIRST_COST_MS = { isolate: 4, process: 40 };
/** How much a new measurement moves the estimate. */
const WEIGHT = 0.2;

/** Agents that run in a process of their own, as far as their names tell. */
const NEEDS_A_PROCESS = /^cmd:|\.py$/;

/** What episodes cost, by group: a guess first, then what workers measured. */
export class Costs {
  readonly #byGroup = new Map<string, number>();

  of(job: BatchJob): number {
    const kind = NEEDS_A_PROCESS.test(job.agent) ? 'process' : 'isolate';
    return this.#byGroup.get(groupKey(job)) ?? FIRST_COST_MS[kind];
  }

  learn(job: BatchJob, ms: number): void {
    if (!(ms > 0)) return;
    const before = this.#byGroup.get(groupKey(job));
    this.#byGroup.set(groupKey(job), before === undefined ? ms : before + WEIGHT * (ms - before));
  }
}

export interface PlanOptions {
  costs: Costs;
  /** Episodes that all workers play at once, as far as is known. */
  lanes: number;
  /** Jobs that may be put into chunks now. */
  room: number;
  /** Most jobs of a chunk. */
  most?: number;
}

/**
 * Takes jobs from the front of `pool` and puts those of one group into chunks of about one and a half seconds, smaller ones
 * towards the end of the batch. What has no room stays in the pool.
 */
export function planChunks(pool: BatchJob[], { costs, lanes, room, most = MOST_EPISODES }: PlanOptions): BatchJob[][] {
  const chunks: BatchJob[][] = [];
  const open = new Map<string, { jobs: BatchJob[]; size: number }>();
  let left = pool.length;
  const taken = pool.splice(0, Math.max(0, room));
  for (const job of taken) {
    const key = groupKey(job);
    let chunk = open.get(key);
    if (chunk === undefined) {
      chunk = { jobs: [], size: sizeOf(costs.of(job), left, lanes, most) };
      open.set(key, chunk);
      chunks.push(chunk.jobs);
    }
    chunk.jobs.push(job);
    left -= 1;
    if (chunk.jobs.length >= chunk.size) open.delete(key);
  }
  return chunks;
}

function sizeOf(costMs: number, left: number, lanes: number, most: number): number {
  const bySize = Math.floor(CHUNK_MS / costMs);
  const byTail = Math.ceil(left / (Math.max(1, lanes) * CHUNKS_PER_LANE));
  return Math.max(1, Math.min(bySize, byTail, most));
}
