import type { MarkOptions, MeasureOptions, performance as nodePerformance } from 'node:perf_hooks';
import type { Builtin } from './builtins.js';
import type { Clock } from './clock.js';
import { patchGlobal } from './patch-global.js';

type Performance = typeof nodePerformance;

/** Has `performance` and the times of events follow the clock. Histograms and what Node measures of itself do not. */
export function replacePerformance(clock: Clock): Record<string, (builtin: Builtin) => void> {
  patchGlobal<Performance>('performance', (performance) => follow(performance, clock));
  Object.defineProperty(Event.prototype, 'timeStamp', { get: () => clock.now - clock.startMs, configurable: true });
  // The module shares its object with the global, which is changed as soon as it is looked at.
  return { perf_hooks: () => void globalThis.performance };
}

function follow(performance: Performance, clock: Clock): void {
  const { mark, measure } = performance;
  const elapsed = () => clock.elapsed();
  const idle = { idle: 0, active: 0, utilization: 0 };
  const replaced = {
    now: elapsed,
    timeOrigin: clock.startMs,
    mark: (name: string, options: MarkOptions = {}) =>
      Reflect.apply(mark, performance, [name, { startTime: elapsed(), ...options }]),
    measure: (name: string, from: string | MeasureOptions = {}, to?: string) => {
      const options = typeof from === 'string' ? { start: from, end: to } : from;
      const isOpen = !('duration' in options) || options.duration === undefined;
      const start = options.start ?? (isOpen ? 0 : undefined);
      const end = options.end ?? (isOpen ? elapsed() : undefined);
      return Reflect.apply(measure, performance, [name, { ...options, start, end }]);
    },
    eventLoopUtilization: () => ({ ...idle }),
    nodeTiming: { name: 'node', entryType: 'node', startTime: 0, duration: 0 },
    timerify: (run: unknown) => run,
    toJSON: () => ({ nodeTiming: replaced.nodeTiming, timeOrigin: clock.startMs, eventLoopUtilization: { ...idle } }),
  };
  for (const [name, value] of Object.entries(replaced)) {
    Object.defineProperty(performance, name, { value, writable: true, enumerable: false, configurable: true });
  }
}
