import { report } from './report.js';

// Whatever the referee put into the context may have been made outside of it.
const given = [console.log, console.error, Math.random, Date, Date.now, console];

export default report(
  () => given.map((door) => [String(door).slice(0, 80), Reflect.ownKeys(door).length, typeof door.caller]),
  () => given.map((door) => Object.getPrototypeOf(door) === Function.prototype || door === console),
  () => given.map((door) => door.constructor('return globalThis.process?.env ?? null')()),
  () => console.log({ toJSON: () => globalThis.process?.env ?? 'none' }),
  () => new Proxy(console.log, { apply: (target, self) => [typeof target, typeof self, self?.process?.env] })(),
);
