import type { Clock } from './clock.js';

/** Longest delay of Node's own timers, in ms; what is longer counts as 1. */
const MAX_DELAY_MS = 2 ** 31 - 1;

type Callback = (...args: unknown[]) => unknown;

/** What `setTimeout` gives: as Node's own, as far as programs use it. */
class Timeout {
  due = 0;
  pending = false;
  #held = true;

  constructor(
    readonly timers: Timers,
    readonly id: number,
    readonly delay: number,
    readonly repeats: boolean,
    readonly run: () => unknown,
  ) {
    this.refresh();
  }

  hasRef(): boolean {
    return this.#held;
  }
  ref(): this {
    this.#held = true;
    return this;
  }
  unref(): this {
    this.#held = false;
    return this;
  }
  refresh(): this {
    this.timers.start(this);
    return this;
  }
  close(): this {
    this.timers.stop(this);
    return this;
  }
  [Symbol.toPrimitive](): number {
    return this.id;
  }
  [Symbol.dispose](): void {
    this.close();
  }
}

/**
 * Timers on the virtual clock: when a program has nothing else to do, the one that is due first runs at once and the
 * clock moves to its time. What waits for files or other processes comes before any timer, however long it takes.
 */
export class Timers {
  readonly #clock: Clock;
  /** By due time, and in the order of their start where that is the same. */
  readonly #waiting: Timeout[] = [];
  readonly #soon = setImmediate;
  #lastId = 0;
  /** Ties a callback to the asynchronous context it was started in, once a program has asked for such contexts. */
  bind: (run: () => unknown) => () => unknown = (run) => run;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly setTimeout = (run: Callback, delay?: unknown, ...args: unknown[]) => this.#add(run, delay, args, false);
  readonly setInterval = (run: Callback, delay?: unknown, ...args: unknown[]) => this.#add(run, delay, args, true);
  /** Takes a timer or its number. */
  readonly clear = (given: unknown) => {
    const found = given instanceof Timeout ? given : this.#waiting.find(({ id }) => `${id}` === `${given}`);
    if (found) this.stop(found);
  };

  /** Has the next timer run in the loop's next turn; false when none holds the program. */
  runNext(): boolean {
    if (!this.#waiting.some((timer) => timer.hasRef())) return false;
    this.#soon(() => {
      const next = this.#waiting.shift();
      if (!next) return;
      next.pending = false;
      this.#clock.moveTo(next.due);
      if (next.repeats) this.start(next);
      next.run();
    });
    return true;
  }

  start(timer: Timeout): void {
    this.stop(timer);
    timer.due = this.#clock.now + timer.delay;
    timer.pending = true;
    let at = this.#waiting.length;
    while (at > 0 && (this.#waiting[at - 1] as Timeout).due > timer.due) at -= 1;
    this.#waiting.splice(at, 0, timer);
  }

  stop(timer: Timeout): void {
    if (timer.pending) this.#waiting.splice(this.#waiting.indexOf(timer), 1);
    timer.pending = false;
  }

  #add(run: Callback, delay: unknown, args: unknown[], repeats: boolean): Timeout {
    if (typeof run !== 'function') {
      const error = new TypeError('The "callback" argument must be of type function.');
      throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
    }
    const ms = Number(delay);
    this.#lastId += 1;
    const bound = this.bind(() => run(...args));
    return new Timeout(this, this.#lastId, ms >= 1 && ms <= MAX_DELAY_MS ? Math.trunc(ms) : 1, repeats, bound);
  }
}
