import { createHash } from 'node:crypto';
import type { BatchJob, JobSettings, RuntimeIdentity } from '@tracecore/runner';
import { isBatchId } from './keys.js';

/** What workers and submitters must share to understand each other. */
export const PROTOCOL = 1;

/** What the queue itself holds of a chunk: where to find it. */
export interface ChunkTicket {
  v: number;
  batch: string;
  chunk: string;
}

/** What a chunk's jobs have in common, which is all but their seeds. */
export type ChunkGroup = Omit<BatchJob, 'id' | 'seed'>;

/** A chunk as it stands under its key: written once. */
export interface ChunkHeader extends ChunkGroup {
  v: number;
  runtime: RuntimeIdentity;
  settings: JobSettings;
  /** Attempts a job gets. */
  max: number;
  /** Milliseconds that a chunk waits which every worker refuses. */
  patience: number;
  ids: string[];
  seeds: number[];
}

/** A chunk and how far it has come, as its key says. */
export interface ChunkState {
  header: ChunkHeader;
  closed: boolean;
  /** By place in the chunk: whether the job is over, and how often it was begun. */
  done: boolean[];
  attempts: number[];
  /** The place of the job that is played right now. */
  running: number | null;
}

/** The group of a job, as a text that only jobs of one group share. */
export function groupKey({ agent, agent_hash, task_ref, task_hash, task_dir, budgets }: ChunkGroup): string {
  const { steps = null, tool_calls = null, wall_clock_seconds = null } = budgets;
  return JSON.stringify([
    agent,
    agent_hash,
    task_ref,
    task_hash,
    task_dir ?? null,
    steps,
    tool_calls,
    wall_clock_seconds,
  ]);
}

/** What refusals are kept under: a short name of the group, and the runtime that it asks for. */
export function refusalKey(header: ChunkHeader): string {
  const { name, version, gitSha } = header.runtime;
  return digest([name, version, gitSha, header.settings, groupKey(header)]).slice(0, 16);
}

/** The job at a place of a chunk. */
export function jobAt(header: ChunkHeader, at: number): BatchJob {
  const { agent, agent_hash, task_ref, task_hash, task_dir, budgets } = header;
  return {
    ...{ id: header.ids[at] as string, agent, agent_hash, task_ref, task_hash },
    ...(task_dir === undefined ? {} : { task_dir }),
    ...{ seed: header.seeds[at] as number, budgets },
  };
}

/**
 * A chunk's id: the same for the same jobs of the same batch, so that adding it again changes nothing.
 * @param generation counts how often the batch was withdrawn. @param attempts of a job that goes back to the queue.
 */
export function chunkId(batchId: string, generation: number, ids: readonly string[], attempts = 0): string {
  return digest([batchId, generation, attempts, ...ids]).slice(0, 24);
}

/** Reads what a queue's job holds; null for what is none of ours. */
export function parseTicket(value: unknown): ChunkTicket | null {
  const { v, batch, chunk } = (value ?? {}) as Record<string, unknown>;
  if (typeof v !== 'number' || typeof batch !== 'string' || typeof chunk !== 'string') return null;
  return isBatchId(batch) && isBatchId(chunk) ? { v, batch, chunk } : null;
}

/** Reads a chunk's key; null when it is gone, or nothing of ours. */
export function parseChunk(fields: Readonly<Record<string, string>>): ChunkState | null {
  const header = parseHeader(fields.job);
  if (header === null) return null;
  return {
    header,
    closed: fields.closed !== undefined,
    done: header.ids.map((_, at) => fields[`d${at}`] !== undefined),
    attempts: header.ids.map((_, at) => Number(fields[`a${at}`] ?? 0)),
    running: fields.r === undefined ? null : Number(fields.r),
  };
}

function parseHeader(text: string | undefined): ChunkHeader | null {
  let value: unknown;
  try {
    value = JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
  const header = (value ?? {}) as Partial<ChunkHeader>;
  const texts = [header.agent, header.agent_hash, header.task_ref, header.task_hash, header.runtime?.name];
  if (!texts.every((one) => typeof one === 'string') || typeof header.budgets !== 'object') return null;
  if (!Array.isArray(header.settings?.env)) return null;
  if (!Array.isArray(header.ids) || !Array.isArray(header.seeds)) return null;
  if (header.ids.length !== header.seeds.length) return null;
  const isSound = header.ids.every((id) => typeof id === 'string') && header.seeds.every(Number.isSafeInteger);
  return isSound ? (header as ChunkHeader) : null;
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
