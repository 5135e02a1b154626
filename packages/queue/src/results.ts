import type { Redis } from 'ioredis';

/** One attempt as a worker wrote it down. */
export interface ResultEntry {
  /** The stream's own id. */
  id: string;
  chunk: string;
  /** The job's place in the chunk. */
  at: number;
  /** `lost` is what the next holder wrote of one that went away. */
  kind: 'artifact' | 'infrastructure' | 'lost';
  final: boolean;
  worker: string;
  /** How long it took, in ms; 0 when that is unknown. */
  ms: number;
  /** Compressed JSON of an artifact, JSON of a fault, or nothing. */
  payload: Buffer;
}

/** Entries of one reading: that many artifacts are in memory at once. */
const COUNT = 32;
const MOST_NAME_CHARS = 120;

type Answer = [key: Buffer, entries: [id: Buffer, fields: Buffer[]][]][] | null;

/**
 * Reads the oldest results that were not stored yet, and waits for one when there is none.
 * @param blockMs the longest wait. @param redis a connection of its own, since it blocks.
 */
export async function readResults(redis: Redis, stream: string, blockMs: number): Promise<ResultEntry[]> {
  const answer = (await redis.xreadBuffer('COUNT', COUNT, 'BLOCK', blockMs, 'STREAMS', stream, '0')) as Answer;
  return (answer?.[0]?.[1] ?? []).map(([id, fields]) => parseEntry(id.toString(), fields));
}

/** Reads one entry; what makes no sense becomes an entry of no chunk, which nobody waits for. */
function parseEntry(id: string, list: readonly Buffer[]): ResultEntry {
  const fields = new Map<string, Buffer>();
  for (let at = 0; at + 1 < list.length; at += 2) fields.set(String(list[at]), list[at + 1] as Buffer);
  const text = (name: string) => fields.get(name)?.toString() ?? '';
  const kind = text('k');
  const known = kind === 'artifact' || kind === 'infrastructure' || kind === 'lost';
  return {
    id,
    chunk: known ? text('c') : '',
    at: Number(text('i')),
    kind: known ? kind : 'lost',
    final: text('f') === '1',
    worker: text('w').slice(0, MOST_NAME_CHARS),
    ms: Number(text('t')) || 0,
    payload: fields.get('p') ?? Buffer.alloc(0),
  };
}

/** A fault as a worker told it. */
export function parseFault(payload: Buffer): { code: string; message: string } {
  try {
    const { code, message } = JSON.parse(payload.toString()) as Record<string, unknown>;
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,63}$/.test(code) && typeof message === 'string') {
      return { code, message: message.slice(0, 2_000) };
    }
  } catch {
    // Named below, whatever it was.
  }
  return { code: 'RESULT_INVALID', message: 'what went wrong cannot be read' };
}
