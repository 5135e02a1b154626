import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import { type AgentCode, parseAgentCode, type QueueWorkerOptions, type Refusal } from '@tracecore/runner';
import { DelayedError, type Job, UnrecoverableError, WaitingError } from 'bullmq';
import { type ChunkHeader, type ChunkState, jobAt, PROTOCOL, parseChunk, parseTicket } from './chunk.js';
import { KEEP_MS } from './chunks.js';
import type { Connection } from './connect.js';
import { insist } from './insist.js';
import { type BatchKeys, keysOf } from './keys.js';
import { Refusals } from './refusals.js';
import { type Scripted, withScripts } from './scripts.js';

const deflate = promisify(gzip);
/** Bytes of a compressed artifact that a submitter takes. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Bytes of an agent's code. */
const MOST_CODE_BYTES = 64 * 1024 * 1024;
const MOST_MESSAGE_CHARS = 2_000;
/** Pause before a chunk is offered again that has a job to be tried again, in ms. */
const AGAIN_MS = 1_000;
/** Pause before a chunk is offered to others, and how long this worker then takes nothing in its place, in ms. */
const OTHERS_MS = 200;
const ASIDE_MS = 500;
/** How long a full queue may stay full before a result is given up, in ms. */
const FULL_MS = 60_000;

/** Faults that the same inputs have everywhere, every time. */
const LASTING = new Set(['AGENT_INVALID', 'TASK_INVALID', 'TASK_SETUP_FAILED', 'TOOLS_UNKNOWN', 'SEED_INVALID']);

export interface ChunkPlayerOptions extends Pick<QueueWorkerOptions, 'player' | 'runtime' | 'onPlayed'> {
  connection: Connection;
  /** This worker. */
  id: string;
  name: string;
  /** Ends the episodes that are played. */
  signal: AbortSignal;
  notice: (text: string) => void;
}

/** A chunk that this worker holds. */
interface Held {
  keys: BatchKeys;
  chunk: string;
  header: ChunkHeader;
  token: string;
}

/** Plays chunks of a queue for one worker. */
export class ChunkPlayer {
  readonly #redis: Connection['redis'] & Scripted;
  readonly #refusals: Refusals;
  #stopping = false;

  constructor(private readonly options: ChunkPlayerOptions) {
    this.#redis = withScripts(options.connection.redis);
    this.#refusals = new Refusals(this.#redis, options);
  }

  /** No further episode is begun; chunks go back to the queue. */
  stop(): void {
    this.#stopping = true;
  }

  /** Plays what is left of a chunk. BullMQ takes the end of it from what this throws. */
  async play(job: Job, bullToken: string, provider: string | null): Promise<void> {
    const ticket = parseTicket(job.data);
    if (ticket === null) {
      this.options.notice(
        `the queue holds a job that is not of tracecore: ${String(job.id).slice(0, 100)}; it is put aside`,
      );
      throw new UnrecoverableError('this is no job of tracecore');
    }
    if (ticket.v !== PROTOCOL) {
      this.options.notice(
        `batch ${ticket.batch} speaks version ${ticket.v} of the queue's protocol, this worker ${PROTOCOL}: left to other workers`,
      );
      return this.#offerToOthers(job, bullToken);
    }
    const keys = keysOf(ticket.batch);
    const { connection } = this.options;
    const state = parseChunk(await insist(connection, () => this.#redis.hgetall(keys.chunk(ticket.chunk))));
    if (state === null || state.closed) return;
    const held = { keys, chunk: ticket.chunk, header: state.header, token: randomUUID() };
    const refusal = await this.#refusalOf(held);
    if (refusal !== null) {
      const over = await this.#refusals.refuse(held, refusal, provider);
      if (over !== null && (await this.#claim(held)) !== null) return this.#giveUp(held, over);
      return this.#offerToOthers(job, bullToken);
    }
    const claimed = await this.#claim(held);
    if (claimed === null) return;
    const left = await this.#playJobs(held, claimed);
    if (left === 'again') return this.#offerAgain(job, bullToken, AGAIN_MS);
    if (left === 'stopped') {
      await job.moveToWait(bullToken);
      throw new WaitingError();
    }
  }

  async #playJobs(held: Held, { done }: ChunkState): Promise<'none' | 'again' | 'stopped'> {
    const { connection } = this.options;
    const { keys, chunk, header, token } = held;
    let left: 'none' | 'again' = 'none';
    for (const at of header.ids.keys()) {
      if (done[at]) continue;
      if (this.#stopping) return 'stopped';
      const begun = await insist(connection, () => this.#redis.tcBegin(keys.chunk(chunk), keys.results, token, at), {
        fullMs: FULL_MS,
      });
      if (begun === 'over') return 'none';
      if (begun === 'done') continue;
      const state = await this.#playJob(held, at);
      if (state === 'stopped') return 'stopped';
      if (state === 'over') return 'none';
      if (state === 'again') left = 'again';
    }
    return left;
  }

  async #playJob(held: Held, at: number): Promise<'again' | 'final' | 'over' | 'stopped'> {
    const { player, connection, signal, onPlayed } = this.options;
    const { keys, chunk, header, token } = held;
    const job = jobAt(header, at);
    const began = performance.now();
    let [kind, lasting, payload, said]: [string, boolean, Buffer, string] = ['artifact', true, Buffer.alloc(0), ''];
    try {
      const artifact = await player.play(job, header.settings, signal);
      payload = await deflate(JSON.stringify(artifact), { level: 6 });
      said = artifact.termination_reason;
      if (payload.length > MOST_BYTES) {
        const message = `the artifact has ${payload.length} bytes compressed; a queue takes ${MOST_BYTES}`;
        throw Object.assign(new Error(message), { code: 'RESULT_TOO_LARGE' });
      }
    } catch (error) {
      if (signal.aborted) {
        await insist(connection, () => this.#redis.tcAbandon(keys.chunk(chunk), keys.results, token, at));
        return 'stopped';
      }
      const fault = faultOf(error);
      [kind, lasting, payload, said] = ['infrastructure', LASTING.has(fault.code), encode(fault), fault.code];
    }
    const ms = Math.max(1, Math.round(performance.now() - began));
    const answer = await insist(
      connection,
      () =>
        this.#redis.tcFinish(
          ...([keys.chunk(chunk), keys.results, token, at, chunk, kind] as const),
          ...[lasting ? '1' : '0', ms, payload, KEEP_MS],
        ),
      { fullMs: FULL_MS },
    );
    onPlayed?.(job, answer === 'over' ? `${said}, too late: another worker has the job` : said);
    return answer;
  }

  async #claim({ keys, chunk, token }: Held): Promise<ChunkState | null> {
    const { connection, name } = this.options;
    const fields = await insist(
      connection,
      () => this.#redis.tcClaim(keys.chunk(chunk), keys.results, token, name, chunk, KEEP_MS),
      { fullMs: FULL_MS },
    );
    if (fields === null) return null;
    const pairs = Array.from({ length: fields.length / 2 }, (_, at) => [fields[2 * at], fields[2 * at + 1]]);
    return parseChunk(Object.fromEntries(pairs));
  }

  async #giveUp({ keys, chunk, header, token }: Held, refusal: Refusal): Promise<void> {
    const { connection } = this.options;
    const args = [token, chunk, header.ids.length, encode(refusal), KEEP_MS];
    await insist(connection, () => this.#redis.tcGiveUp(keys.chunk(chunk), keys.results, ...args));
  }

  /** Why this worker does not play a chunk, or null. */
  async #refusalOf({ keys, header }: Held): Promise<Refusal | null> {
    const { runtime, player } = this.options;
    const [here, wanted] = [runtime, header.runtime].map(
      ({ name, version, gitSha }) => `${name} ${version}${gitSha === null ? '' : ` (${gitSha})`}`,
    );
    if (here !== wanted) {
      return { code: 'RUNTIME_DIFFERS', message: `this worker runs ${here}, the batch was submitted by ${wanted}` };
    }
    return player.accept(jobAt(header, 0), header.settings, () => this.#code(keys, header.agent_hash));
  }

  async #code(keys: BatchKeys, agentHash: string): Promise<AgentCode | null> {
    const packed = await insist(this.options.connection, () => this.#redis.getBuffer(keys.code(agentHash)));
    if (packed === null) return null;
    try {
      const text = gunzipSync(packed, { maxOutputLength: MOST_CODE_BYTES }).toString('utf8');
      return parseAgentCode(JSON.parse(text));
    } catch {
      return null;
    }
  }

  /** Who puts a job back is the first to know of it, and would get it again: so it steps aside. */
  async #offerToOthers(job: Job, bullToken: string): Promise<never> {
    await job.moveToDelayed(Date.now() + OTHERS_MS, bullToken);
    await sleep(ASIDE_MS);
    throw new DelayedError();
  }

  async #offerAgain(job: Job, bullToken: string, ms: number): Promise<never> {
    await job.moveToDelayed(Date.now() + ms, bullToken);
    throw new DelayedError();
  }
}

function faultOf(error: unknown): { code: string; message: string } {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'WORKER_FAILED',
    message: (typeof message === 'string' ? message : String(error)).slice(0, MOST_MESSAGE_CHARS),
  };
}

const encode = (fault: { code: string; message: string }) =>
  Buffer.from(JSON.stringify({ code: fault.code, message: fault.message.slice(0, MOST_MESSAGE_CHARS) }));
