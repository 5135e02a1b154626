import { parseDate } from '../../../isolate/guest/date-text.js';
import { toPrimitive } from '../../../isolate/guest/to-primitive.js';
import type { Clock } from './clock.js';

/**
 * Puts the clock behind `Date` and what formats the present in `Intl`. Dates stay the engine's own, so that cloning,
 * printing and Node's functions know them; the process runs in UTC. Texts are read as in an isolate.
 */
export function replaceDate(clock: Clock): void {
  const Native = Date;
  const { getTime } = Native.prototype;

  function VirtualDate(...args: unknown[]): unknown {
    if (!new.target) return new Native(clock.read()).toString();
    const given = args.length === 0 ? [clock.read()] : args.length === 1 ? [fromOne(args[0])] : args;
    return Reflect.construct(Native, given, new.target);
  }

  function fromOne(value: unknown): unknown {
    const time = typeof value === 'object' && value !== null ? timeOf(value) : undefined;
    if (time !== undefined) return time;
    const primitive = toPrimitive(value, 'default');
    return typeof primitive === 'string' ? parseDate(primitive) : primitive;
  }

  function timeOf(value: object): number | undefined {
    try {
      return Reflect.apply(getTime, value, []);
    } catch {
      return undefined;
    }
  }

  const define = (target: object, key: string, value: unknown) =>
    Object.defineProperty(target, key, { value, writable: true, enumerable: false, configurable: true });
  define(VirtualDate, 'now', () => clock.read());
  define(VirtualDate, 'parse', (value: unknown) => new Native(parseDate(`${value}`)).getTime());
  define(VirtualDate, 'UTC', Native.UTC);
  Object.defineProperty(VirtualDate, 'name', { value: 'Date', configurable: true });
  Object.defineProperty(VirtualDate, 'length', { value: 7, configurable: true });
  Object.defineProperty(VirtualDate, 'prototype', { value: Native.prototype, writable: false });
  define(Native.prototype, 'constructor', VirtualDate);
  define(globalThis, 'Date', VirtualDate);
  formatPresent(clock);
}

/** `format()` and `formatToParts()` without a date mean now. */
function formatPresent(clock: Clock): void {
  const { prototype } = Intl.DateTimeFormat;
  const { formatToParts } = prototype;
  const get = Object.getOwnPropertyDescriptor(prototype, 'format')?.get as () => Intl.DateTimeFormat['format'];
  Object.defineProperty(prototype, 'format', {
    configurable: true,
    get(this: Intl.DateTimeFormat) {
      const format = Reflect.apply(get, this, []);
      return (date?: Date | number) => format(date === undefined ? clock.read() : date);
    },
  });
  prototype.formatToParts = function (this: Intl.DateTimeFormat, date?: Date | number) {
    return Reflect.apply(formatToParts, this, [date === undefined ? clock.read() : date]);
  };
}
