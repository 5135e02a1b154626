import { gzipSync } from 'node:zlib';
import type { AttemptOutcome, BatchAttempt, BatchJob, JobSettings, QueueEngineOptions } from '@tracecore/runner';
import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { readResult } from './check-result.js';
import { PROTOCOL } from './chunk.js';
import { Chunks, KEEP_MS } from './chunks.js';
import type { Connection } from './connect.js';
import { QueueError } from './error.js';
import { exec, insist } from './insist.js';
import { BATCHES, type BatchKeys } from './keys.js';
import { holdBatch, type Lease } from './lease.js';
import { Costs, MOST_EPISODES, planChunks } from './plan-chunks.js';
import { workersOf } from './presence.js';
import { parseFault, type ResultEntry, readResults } from './results.js';
import { type Scripted, withScripts } from './scripts.js';

const DEFAULT_WINDOW = 8_192;
const DEFAULT_ATTEMPTS = 3;
const DEFAULT_PATIENCE_MS = 60_000;
/** The longest wait for a result, in ms; then it is looked whether the batch goes on at all. */
const BLOCK_MS = 1_000;
/** Without a result for so long, everything is put on the queue once more, in ms. */
const AUDIT_MS = 30_000;
const LOOK_FOR_WORKERS_MS = 5_000;
/** How long episodes that are played get to end when the batch is ended, in ms. */
const ENDING_MS = 30_000;
/** Lanes to plan for while no worker is there. */
const FIRST_LANES = 4;

const NO_SETTINGS: JobSettings = { isolation: null, minimum: null, env: [] };

export interface SubmissionOptions {
  options: QueueEngineOptions;
  connection: Connection;
  queue: Queue;
  keys: BatchKeys;
  report: (attempt: BatchAttempt) => Promise<void>;
  signal: AbortSignal;
}

/** One run of a batch over a queue: it keeps a window of jobs there and takes back what becomes of them. */
export class Submission {
  readonly #redis: Redis & Scripted;
  readonly #costs = new Costs();
  /** Jobs without a final attempt, by id; those of them that are not on the queue; attempts of those that came back. */
  readonly #left = new Map<string, BatchJob>();
  #pool: BatchJob[] = [];
  readonly #cameBack: { job: BatchJob; attempts: number }[] = [];
  #chunks!: Chunks;
  #lanes = FIRST_LANES;
  #lastResult = performance.now();
  #lookedForWorkers = 0;
  #toldOfNoWorkers = false;
  #toldOfFull = false;
  #audit = false;

  constructor(private readonly given: SubmissionOptions) {
    this.#redis = withScripts(given.connection.redis);
  }

  async run(jobs: readonly BatchJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const { connection, keys, signal, options } = this.given;
    const onNotice = this.#notice;
    const lease = await holdBatch({ connection, redis: this.#redis, keys, batchId: options.batchId, signal, onNotice });
    try {
      for (const job of jobs) this.#left.set(job.id, job);
      await this.#begin(jobs.length);
      const results = await connection.another();
      connection.onBack(() => {
        this.#audit = true;
      });
      await this.#adopt(results);
      await this.#loop(results, lease);
      if (this.#left.size > 0) await this.#withdraw(results);
      const fault = lease.fault();
      if (fault?.code === 'BATCH_CANCELLED' && this.#left.size > 0) throw fault;
      if (this.#left.size === 0) await this.#finish();
    } finally {
      await lease.release().catch(() => undefined);
    }
  }

  async #loop(results: Redis, lease: Lease): Promise<void> {
    while (this.#left.size > 0 && !this.given.signal.aborted) {
      const fault = lease.fault();
      if (fault?.code === 'BATCH_CANCELLED') return;
      if (fault) throw fault;
      await this.#lookForWorkers();
      await this.#fill();
      await this.#take(results, BLOCK_MS);
      if (this.#audit || performance.now() - this.#lastResult > AUDIT_MS) {
        this.#audit = false;
        this.#lastResult = performance.now();
        await this.#chunks.requeue();
      }
    }
  }

  /** Writes down that the batch is there, and sends the code that travels with it. */
  async #begin(count: number): Promise<void> {
    const { connection, queue, keys, options } = this.given;
    const { batchId, provider = '', code = new Map() } = options;
    const before = await insist(connection, () => this.#redis.hgetall(keys.meta));
    // What is asked for is what nothing is stored of.
    const total = Math.max(Number(before.total ?? 0), count);
    const created = before.created ?? new Date().toISOString();
    const generation = Number(before.generation ?? 0) + (before.state === 'cancelled' ? 1 : 0);
    const meta = { v: PROTOCOL, state: 'running', created, provider, total, stored: total - count, generation };
    await insist(connection, () => {
      const transaction = this.#redis.multi().hset(keys.meta, meta).pexpire(keys.meta, KEEP_MS);
      for (const [hash, agent] of code) {
        transaction.set(keys.code(hash), gzipSync(JSON.stringify(agent)), 'PX', KEEP_MS);
      }
      return exec(transaction.zadd(BATCHES, 'NX', Date.parse(created), batchId));
    });
    const {
      runtime,
      settings = NO_SETTINGS,
      maxAttempts: max = DEFAULT_ATTEMPTS,
      patienceMs: patience = DEFAULT_PATIENCE_MS,
    } = options;
    const common = { v: PROTOCOL, runtime, settings, max, patience };
    this.#chunks = new Chunks({ connection, queue, keys, batchId, generation, common });
  }

  /** Takes what an earlier submitter left: its results first, then its place on the queue. */
  async #adopt(results: Redis): Promise<void> {
    const over = await this.#chunks.adopt(new Set(this.#left.keys()));
    while (await this.#take(results, 1));
    // Stored and taken from the stream, and still asked for: what was stored is gone, so the job is played again.
    for (const id of over) if (this.#left.has(id)) await this.#chunks.settleJob(id);
    const there = this.#chunks.ids();
    this.#pool = [...this.#left.values()].filter(({ id }) => !there.has(id) && !this.#isBack(id));
  }

  #isBack(id: string): boolean {
    return this.#cameBack.some(({ job }) => job.id === id);
  }

  async #fill(): Promise<void> {
    const { options } = this.given;
    const window = options.window ?? DEFAULT_WINDOW;
    const queued = this.#chunks.jobs;
    try {
      for (const { job, attempts } of this.#cameBack.splice(0)) await this.#chunks.add([[job]], attempts);
      // Many at a time: each filling is two round trips.
      if (this.#pool.length === 0 || queued > window / 2) return;
      // A rate counts chunks, so where one may be set a chunk is one episode.
      const most = options.provider === undefined ? MOST_EPISODES : 1;
      const plan = { costs: this.#costs, lanes: this.#lanes, room: window - queued, most };
      await this.#chunks.add(planChunks(this.#pool, plan));
      this.#toldOfFull = false;
    } catch (error) {
      if (!(error instanceof QueueError) || error.code !== 'QUEUE_FULL' || queued === 0) throw error;
      if (!this.#toldOfFull) this.#notice(`${error.message}; waiting for results to be taken from it`);
      this.#toldOfFull = true;
      this.#audit = true;
    }
  }

  /** Takes the results that are there, and says whether there were any. */
  async #take(results: Redis, blockMs: number): Promise<boolean> {
    const { connection, keys } = this.given;
    const entries = await insist(connection, () => readResults(results, keys.results, blockMs));
    if (entries.length === 0) return false;
    this.#lastResult = performance.now();
    const ended = await Promise.allSettled([...byJob(entries)].map((list) => this.#takeInOrder(list)));
    const broken = ended.find((one) => one.status === 'rejected');
    if (broken) throw broken.reason;
    return true;
  }

  async #takeInOrder(entries: readonly ResultEntry[]): Promise<void> {
    const { connection, keys } = this.given;
    for (const entry of entries) {
      const id = this.#chunks.idAt(entry.chunk, entry.at);
      const job = id === null ? undefined : this.#left.get(id);
      const kept = job === undefined ? null : await this.#report(entry, job);
      // Only now may the queue forget it: what was reported is stored. A full queue takes this command, and no other.
      await insist(connection, () => this.#redis.xdel(keys.results, entry.id));
      if (kept?.final) this.#count(kept.outcome.kind === 'infrastructure');
      if (kept?.final || kept?.outcome.kind === 'artifact') await this.#chunks.settle(entry.chunk, entry.at);
    }
  }

  /** For whoever looks from outside; nothing depends on it. */
  #count(givenUp: boolean): void {
    const { keys } = this.given;
    const counted = this.#redis.multi().hincrby(keys.meta, 'stored', 1);
    if (givenUp) counted.hincrby(keys.meta, 'given_up', 1);
    counted.exec().catch(() => undefined);
  }

  async #report(entry: ResultEntry, job: BatchJob): Promise<BatchAttempt> {
    const { worker } = entry;
    const { outcome, comesBack } = await this.#outcomeOf(entry, job);
    const attempts = comesBack ? await this.#attemptsOf(entry) : 0;
    const max = this.given.options.maxAttempts ?? DEFAULT_ATTEMPTS;
    const final = comesBack ? attempts >= max : entry.final;
    const attempt: BatchAttempt = { job, outcome, final, worker };
    await this.given.report(attempt);
    if (final) this.#left.delete(job.id);
    else if (comesBack) {
      await this.#chunks.settle(entry.chunk, entry.at);
      this.#cameBack.push({ job, attempts });
    }
    return attempt;
  }

  /** What an entry says. A job whose result is none is over for its worker, and so comes back to the queue. */
  async #outcomeOf(entry: ResultEntry, job: BatchJob): Promise<{ outcome: AttemptOutcome; comesBack: boolean }> {
    if (entry.kind === 'lost') {
      const message = `worker ${entry.worker} went away, or was silent for too long, while it played this job`;
      return { outcome: { kind: 'infrastructure', code: 'WORKER_LOST', message }, comesBack: false };
    }
    if (entry.kind === 'infrastructure') {
      return { outcome: { kind: 'infrastructure', ...parseFault(entry.payload) }, comesBack: false };
    }
    const read = await readResult(entry.payload, job, this.given.options.runtime);
    if ('artifact' in read) {
      this.#costs.learn(job, entry.ms);
      return { outcome: { kind: 'artifact', artifact: read.artifact }, comesBack: false };
    }
    const message = `what worker ${entry.worker} sent is no artifact of this job: ${read.fault}`;
    return { outcome: { kind: 'infrastructure', code: 'RESULT_INVALID', message }, comesBack: true };
  }

  async #attemptsOf({ chunk, at }: ResultEntry): Promise<number> {
    const { connection, keys } = this.given;
    return Number(await insist(connection, () => this.#redis.hget(keys.chunk(chunk), `a${at}`))) || 1;
  }

  async #lookForWorkers(): Promise<void> {
    if (performance.now() - this.#lookedForWorkers < LOOK_FOR_WORKERS_MS) return;
    const { connection, options } = this.given;
    this.#lookedForWorkers = performance.now();
    const workers = await insist(connection, () => workersOf(this.#redis, options.provider ?? null));
    const lanes = workers.reduce((sum, { concurrency }) => sum + concurrency, 0);
    if (lanes > 0) {
      this.#lanes = lanes;
      this.#toldOfNoWorkers = false;
    } else if (!this.#toldOfNoWorkers) {
      this.#toldOfNoWorkers = true;
      const line = options.provider === undefined ? '' : ` the line of ${options.provider} on`;
      this.#notice(`no worker serves${line} ${connection.address.shown}; start one with: tracecore worker --queue URL`);
    }
  }

  /** Takes the batch from the queue, and what is still played to its end. */
  async #withdraw(results: Redis): Promise<void> {
    const { connection, keys } = this.given;
    const until = performance.now() + ENDING_MS;
    while ((await this.#chunks.close()) > 0 && performance.now() < until) await this.#take(results, BLOCK_MS);
    while (await this.#take(results, 1));
    await this.#chunks.drop();
    // The same chunks may come back, and must not be taken for those that were withdrawn.
    await insist(connection, () => this.#redis.hincrby(keys.meta, 'generation', 1));
  }

  async #finish(): Promise<void> {
    const { connection, keys, options } = this.given;
    const codes = [...(options.code?.keys() ?? [])].map(keys.code);
    await this.#chunks.drop();
    await insist(connection, () =>
      exec(
        this.#redis
          .multi()
          .hset(keys.meta, 'state', 'done')
          .pexpire(keys.meta, KEEP_MS)
          .del(keys.results, keys.chunks, keys.refused, ...codes),
      ),
    );
  }

  readonly #notice = (text: string): void => this.given.options.onNotice?.(text);
}

/** Attempts of one job come in their order, those of different jobs at once. */
function byJob(entries: readonly ResultEntry[]): Iterable<ResultEntry[]> {
  const groups = new Map<string, ResultEntry[]>();
  for (const entry of entries) {
    const key = `${entry.chunk} ${entry.at}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return groups.values();
}
