import { RunnerError } from '../error.js';
import type { WorkerKind } from './launch.js';
import type { StartedWorker, WorkerStarter } from './worker-starter.js';

/** Episodes a worker plays before a fresh one takes its place. */
const EPISODES_PER_WORKER = 500;
/** How often a job may see another, which came later and needs the worker that is free, go first. */
const PASSED_OVER_MOST = 16;

interface Seat {
  kind: WorkerKind;
  started: Promise<StartedWorker>;
  played: number;
}

interface Waiter {
  kind: WorkerKind;
  passedOver: number;
  wake(seat: Seat | null): void;
}

/**
 * Worker processes of either kind, started when first needed, replaced when they end. As many as `size` play at once; where
 * jobs of both kinds take turns, as many again wait for their next, since to start one takes longer than an episode.
 */
export class WorkerPool {
  readonly #starter: WorkerStarter;
  readonly #size: number;
  readonly #seats = new Set<Seat>();
  readonly #idle = new Set<Seat>();
  readonly #waiting: Waiter[] = [];
  #closed = false;

  constructor(starter: WorkerStarter, size: number) {
    this.#starter = starter;
    this.#size = size;
  }

  /**
   * Lends a worker to `work`. A worker that `work` reports as spent is not used again.
   * @throws {RunnerError} RUNNER_CLOSED; WORKER_FAILED when no worker starts.
   */
  async use<T>(kind: WorkerKind, work: (started: StartedWorker) => Promise<{ value: T; spent: boolean }>): Promise<T> {
    const seat = await this.#take(kind);
    let spent = true;
    try {
      const started = await seat.started;
      started.worker.setIdle(false);
      const result = await work(started);
      spent = result.spent;
      return result.value;
    } finally {
      seat.played += 1;
      this.#give(seat, spent || seat.played >= EPISODES_PER_WORKER);
    }
  }

  /** Starts a worker ahead of its first job. */
  warm(kind: WorkerKind): void {
    if (this.#seats.size > 0 || this.#closed) return;
    this.#idle.add(this.#hire(kind));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { wake } of this.#waiting.splice(0)) wake(null);
    await this.#starter.close();
  }

  async #take(kind: WorkerKind): Promise<Seat> {
    if (this.#closed) throw new RunnerError('RUNNER_CLOSED', 'the runner is closed; make a new one');
    const seat = this.#takeIdle(kind) ?? (await this.#wait(kind));
    if (seat !== null) return seat;
    throw new RunnerError('RUNNER_CLOSED', 'the runner was closed while an episode waited for a worker');
  }

  /** A worker that is free or a new one, if another may play at all. */
  #takeIdle(kind: WorkerKind): Seat | null {
    if (this.#seats.size - this.#idle.size >= this.#size) return null;
    const idle = [...this.#idle].findLast((seat) => seat.kind === kind);
    if (!idle) return this.#hire(kind);
    this.#idle.delete(idle);
    return idle;
  }

  #give(seat: Seat, spent: boolean): void {
    if (spent) this.#dismiss(seat);
    else {
      void seat.started.then(({ worker }) => worker.setIdle(true));
      this.#idle.add(seat);
    }
    const next = this.#next(seat.kind);
    next?.wake(this.#closed ? null : this.#takeIdle(next.kind));
  }

  /** Whose turn it is: the first who needs this kind of worker, unless another was passed over too often. */
  #next(kind: WorkerKind): Waiter | undefined {
    const [first] = this.#waiting;
    if (!first) return undefined;
    const same = this.#waiting.findIndex((waiter) => waiter.kind === kind);
    const index = first.passedOver >= PASSED_OVER_MOST ? 0 : Math.max(same, 0);
    if (index > 0) first.passedOver += 1;
    return this.#waiting.splice(index, 1)[0];
  }

  #wait(kind: WorkerKind): Promise<Seat | null> {
    return new Promise((wake) => this.#waiting.push({ kind, passedOver: 0, wake }));
  }

  #hire(kind: WorkerKind): Seat {
    const [longest] = this.#idle;
    if (longest && this.#seats.size >= 2 * this.#size) this.#dismiss(longest);
    const seat: Seat = { kind, started: this.#starter.start(kind), played: 0 };
    this.#seats.add(seat);
    // One that dies while nobody uses it gives its place up; one that never starts is told to whoever waits for it.
    seat.started.then(
      ({ worker }) => worker.exited.then(() => this.#idle.has(seat) && this.#dismiss(seat)),
      () => this.#idle.has(seat) && this.#dismiss(seat),
    );
    return seat;
  }

  #dismiss(seat: Seat): void {
    this.#seats.delete(seat);
    this.#idle.delete(seat);
    seat.started.then(
      ({ worker }) => worker.kill(),
      () => undefined,
    );
  }
}
