import type { Builtin } from './builtins.js';
import { patchGlobal } from './patch-global.js';
import { type TimerOptions, timerPromises } from './timer-promises.js';
import type { Timers } from './timers.js';

const PROMISIFIED = Symbol.for('nodejs.util.promisify.custom');

/** Puts virtual timers in place of Node's, but for `setImmediate`, whose order no clock decides. */
export function replaceTimers(timers: Timers): Record<string, (builtin: Builtin) => void> {
  const { setTimeout, setInterval, clear } = timers;
  const { sleep, every } = timerPromises(timers);
  Object.defineProperty(setTimeout, PROMISIFIED, { get: () => sleep, enumerable: true });
  const replaced = { setTimeout, setInterval, clearTimeout: clear, clearInterval: clear };
  Object.assign(globalThis, replaced);
  // Looking at this global costs a quarter of a millisecond; a signal leads to it too.
  const signalClass = () => new AbortController().signal.constructor as typeof AbortSignal;
  patchGlobal('AbortSignal', (signal) => Object.assign(signal, { timeout: abortAfter }), signalClass);

  function abortAfter(delay: number): AbortSignal {
    const controller = new AbortController();
    const late = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    setTimeout(() => controller.abort(late), delay).unref();
    return controller.signal;
  }

  const promises = (builtin: Builtin) => {
    const scheduler = Object.assign(Object.create(builtin.scheduler as object), {
      wait: (delay: number, options?: TimerOptions) => sleep(delay, undefined, options),
    });
    Object.assign(builtin, { setTimeout: sleep, setInterval: every, scheduler });
  };
  return {
    timers: (builtin) => Object.assign(builtin, replaced),
    'timers/promises': promises,
    async_hooks: ({ AsyncResource }) => {
      timers.bind = (run) => (AsyncResource as { bind(run: () => unknown): () => unknown }).bind(run);
    },
  };
}
