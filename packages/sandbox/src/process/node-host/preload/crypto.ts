import type { Builtin } from './builtins.js';
import type { Chance } from './chance.js';
import { patchGlobal } from './patch-global.js';

type Bytes = ArrayBufferView | ArrayBuffer;
type Done = (error: null, value: unknown) => void;

/** Most bytes that `getRandomValues` fills. */
const QUOTA_BYTES = 65_536;

/** Has random bytes, numbers and names of `crypto` come from the seed. Keys that it makes, and signatures, do not. */
export function replaceCrypto(chance: Chance): Record<string, (builtin: Builtin) => void> {
  const fill = <T extends Bytes>(target: T, offset = 0, size?: number): T => {
    const unit = (target as Partial<Uint8Array>).BYTES_PER_ELEMENT ?? 1;
    const view = ArrayBuffer.isView(target) ? target : new Uint8Array(target);
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    const end = size === undefined ? bytes.length : (offset + size) * unit;
    if (!(offset >= 0 && end >= offset * unit && end <= bytes.length)) {
      throw Object.assign(new RangeError('offset and size are outside of the buffer'), { code: 'ERR_OUT_OF_RANGE' });
    }
    for (let at = offset * unit; at < end; at += 1) bytes[at] = chance.byte();
    return target;
  };
  const randomUUID = () => {
    const hex = [...fill(new Uint8Array(16))].map((byte, i) =>
      hexOf(i === 6 ? (byte & 15) | 64 : i === 8 ? (byte & 63) | 128 : byte),
    );
    return [hex.slice(0, 4), hex.slice(4, 6), hex.slice(6, 8), hex.slice(8, 10), hex.slice(10)]
      .map((part) => part.join(''))
      .join('-');
  };
  const getRandomValues = <T extends ArrayBufferView>(target: T): T => {
    if (!ArrayBuffer.isView(target) || /^(?:Float|DataView)/.test(target.constructor.name)) {
      throw new DOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
    }
    if (target.byteLength > QUOTA_BYTES) {
      throw new DOMException(`The requested length exceeds 65,536 bytes`, 'QuotaExceededError');
    }
    return fill(target);
  };
  const randomBytes = (size: number, done?: Done) => answer(fill(Buffer.alloc(size)), done);
  const randomFill = (target: Bytes, ...rest: unknown[]) => {
    const done = rest.pop() as Done;
    return answer(fill(target, ...(rest as number[])), done);
  };
  const randomInt = (...args: unknown[]) => {
    const done = typeof args.at(-1) === 'function' ? (args.pop() as Done) : undefined;
    const [min, max] = (args.length > 1 ? args : [0, args[0]]) as [number, number];
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max)) throw new TypeError('randomInt takes safe integers');
    if (max <= min) throw new RangeError(`The value of "max" is out of range, ${max} is not above ${min}`);
    const high = fill(new Uint8Array(7)).reduce((sum, byte) => sum * 256 + byte, 0) % 2 ** 53;
    return answer(min + Math.floor((high / 2 ** 53) * (max - min)), done);
  };

  patchGlobal('crypto', (crypto) => define(crypto, { getRandomValues, randomUUID }));
  const replaced = { randomBytes, randomFill, randomFillSync: fill, randomInt, randomUUID };
  const aliases = { rng: randomBytes, prng: randomBytes, pseudoRandomBytes: randomBytes };
  return {
    crypto(builtin) {
      define(builtin, { ...replaced, ...aliases });
      // Its webcrypto and getRandomValues are those of the global, which is changed as soon as it is looked at.
      void globalThis.crypto;
    },
  };
}

function define(target: object, values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  }
}

function answer<T>(value: T, done: Done | undefined): T | undefined {
  if (!done) return value;
  process.nextTick(done, null, value);
  return undefined;
}

const hexOf = (byte: number) => byte.toString(16).padStart(2, '0');
