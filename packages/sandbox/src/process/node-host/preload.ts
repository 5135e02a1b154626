import { patchBuiltins } from './preload/builtins.js';
import { chanceOf } from './preload/chance.js';
import { Clock } from './preload/clock.js';
import { replaceCrypto } from './preload/crypto.js';
import { replaceDate } from './preload/date.js';
import { replaceMachine } from './preload/machine.js';
import { replaceMemory } from './preload/memory.js';
import { replacePerformance } from './preload/performance.js';
import { replaceTimers } from './preload/replace-timers.js';
import { replaceStack } from './preload/stack.js';
import { replaceStreams } from './preload/streams.js';
import { Timers } from './preload/timers.js';

export interface PreloadOptions {
  /** The seed of the program's own chance (spec/determinism.md). */
  seed: bigint;
  /** Where its clock starts, in ms since 1970. */
  startMs: number;
  /** The name of its file, without the folder. */
  file: string;
  /** Receives what it prints, a line at a time. */
  log(line: string): void;
}

/** What the program's host keeps of the overrides. */
export interface Held {
  /** Moves the clock on, unless readings and timers have led past `ms`. */
  moveTo(ms: number): void;
  /** Has the next timer run in the event loop's next turn; false when there is none to wait for. */
  runTimer(): boolean;
  /** Must come before a program that imports built-in modules: only `require` is seen. */
  patchImports(): void;
}

/**
 * Every override of time, chance and machine that a program in Node meets. Cooperative: a program that looks for the
 * real ones finds them, in a worker thread or another context for instance.
 * @see spec/determinism.md for what is not held
 */
export function preload({ seed, startMs, file, log }: PreloadOptions): Held {
  const clock = new Clock(startMs);
  const chance = chanceOf(seed);
  const timers = new Timers(clock);
  Math.random = () => chance.number();
  // Date and Intl's present
  replaceDate(clock);
  // WeakRef, FinalizationRegistry, the content of new buffers, names that only some versions of Node have
  replaceMemory();
  // Error.stack
  replaceStack(file);
  // process.stdin, stdout, stderr
  replaceStreams(log);
  const patchImports = patchBuiltins({
    // performance, node:perf_hooks, the time stamps of events
    ...replacePerformance(clock),
    // globalThis.crypto, node:crypto
    ...replaceCrypto(chance),
    // process.hrtime, uptime, pid, versions, memoryUsage and their like, node:os
    ...replaceMachine(clock),
    // setTimeout, setInterval, AbortSignal.timeout, node:timers, node:timers/promises
    ...replaceTimers(timers),
  });
  return {
    moveTo: (ms) => clock.moveTo(ms),
    runTimer: () => timers.runNext(),
    patchImports,
  };
}
