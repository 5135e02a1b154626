import type { Timers } from './timers.js';

export interface TimerOptions {
  signal?: AbortSignal;
  ref?: boolean;
}

/** What `node:timers/promises` gives, on the virtual clock. */
export function timerPromises(timers: Timers) {
  const sleep = <T>(delay?: number, value?: T, { signal, ref = true }: TimerOptions = {}): Promise<T> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(abortError(signal));
        return;
      }
      const onAbort = () => {
        timers.clear(timer);
        reject(abortError(signal as AbortSignal));
      };
      const timer = timers.setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve(value as T);
      }, delay);
      if (!ref) timer.unref();
      signal?.addEventListener('abort', onAbort, { once: true });
    });

  async function* every<T>(delay?: number, value?: T, options?: TimerOptions): AsyncGenerator<T> {
    for (;;) yield await sleep(delay, value as T, options);
  }
  return { sleep, every };
}

function abortError({ reason }: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}
