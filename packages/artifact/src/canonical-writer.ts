import { MAX_DEPTH } from './json-text.js';

const FIRST_BYTES = 16_384;
/** Larger pieces would be memory that the system is slow to get back. */
const PIECE_BYTES = 65_536;
/** Longer texts are written by the platform, whose start costs more than a short loop. */
const SHORT_TEXT = 256;
/** Texts that may need more than this stand in a piece of their own. */
const LONG_TEXT_BYTES = 16_384;
/** Orders kept of objects that have the same first key, and first keys that orders are kept for: an artifact is anybody's. */
const KEPT_ORDERS = 32;
const KEPT_FIRST_KEYS = 256;

/** The keys of some objects as they come, and sorted. */
interface KeyOrder {
  keys: readonly string[];
  sorted: readonly string[];
}

/**
 * Writes plain JSON data as canonical bytes (RFC 8785) at about the speed of `JSON.stringify`, or gives up: on whatever is
 * not plain data of at most 256 levels, and on objects of another realm. What stops it `canonicalize` names.
 * @returns null when it gave up; nothing is said of the value then.
 */
export function writeCanonical(value: unknown): Uint8Array | null {
  const writer = new CanonicalWriter();
  return writer.write(value, 0) ? writer.bytes() : null;
}

class CanonicalWriter {
  readonly #encoder = new TextEncoder();
  /** By first key. Artifacts repeat few shapes, and comparing keys costs less than sorting them. */
  readonly #orders = new Map<string, KeyOrder[]>();
  /** What was written before the buffer at hand. */
  readonly #pieces: Uint8Array[] = [];
  #buffer = new Uint8Array(FIRST_BYTES);
  #length = 0;

  bytes(): Uint8Array {
    const last = this.#buffer.subarray(0, this.#length);
    if (this.#pieces.length === 0) return last;
    const pieces = [...this.#pieces, last];
    const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  write(value: unknown, depth: number): boolean {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value === 'number') return Number.isFinite(value) && this.#ascii(String(value));
    if (typeof value === 'boolean') return this.#ascii(value ? 'true' : 'false');
    if (value === null) return this.#ascii('null');
    if (typeof value !== 'object' || depth >= MAX_DEPTH) return false;
    if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return false;
    return Array.isArray(value) ? this.#array(value, depth) : this.#object(value as Record<string, unknown>, depth);
  }

  #array(values: readonly unknown[], depth: number): boolean {
    this.#byte(0x5b);
    for (let index = 0; index < values.length; index += 1) {
      if (index > 0) this.#byte(0x2c);
      if (!this.write(values[index], depth + 1)) return false;
    }
    this.#byte(0x5d);
    return true;
  }

  #object(object: Record<string, unknown>, depth: number): boolean {
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype !== Object.prototype && prototype !== null) return false;
    if (Object.getOwnPropertySymbols(object).length > 0) return false;
    const keys = this.#sorted(Object.keys(object));
    this.#byte(0x7b);
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] as string;
      if (index > 0) this.#byte(0x2c);
      if (!this.#text(key)) return false;
      this.#byte(0x3a);
      if (!this.write(object[key], depth + 1)) return false;
    }
    this.#byte(0x7d);
    return true;
  }

  /** By UTF-16 code unit, as JavaScript compares texts. */
  #sorted(keys: readonly string[]): readonly string[] {
    const first = keys[0];
    if (first === undefined || keys.length === 1) return keys;
    const kept = this.#orders.get(first) ?? [];
    for (const order of kept) if (isSame(order.keys, keys)) return order.sorted;
    const sorted = [...keys].sort();
    if (kept.length === 0 && this.#orders.size < KEPT_FIRST_KEYS) this.#orders.set(first, kept);
    if (kept.length < KEPT_ORDERS) kept.push({ keys, sorted });
    return sorted;
  }

  #text(text: string): boolean {
    if (text.length > SHORT_TEXT) return this.#anyText(text);
    const buffer = this.#room(text.length + 2);
    let at = this.#length;
    buffer[at++] = 0x22;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return this.#anyText(text);
      buffer[at++] = unit;
    }
    buffer[at++] = 0x22;
    this.#length = at;
    return true;
  }

  #anyText(text: string): boolean {
    if (!text.isWellFormed()) return false;
    const quoted = JSON.stringify(text);
    if (quoted.length * 3 > LONG_TEXT_BYTES) {
      this.#endPiece(0);
      this.#pieces.push(this.#encoder.encode(quoted));
      return true;
    }
    const buffer = this.#room(quoted.length * 3);
    this.#length += this.#encoder.encodeInto(quoted, buffer.subarray(this.#length)).written;
    return true;
  }

  #ascii(text: string): true {
    const buffer = this.#room(text.length);
    let at = this.#length;
    for (let index = 0; index < text.length; index += 1) buffer[at++] = text.charCodeAt(index);
    this.#length = at;
    return true;
  }

  #byte(byte: number): void {
    this.#room(1)[this.#length++] = byte;
  }

  /** A buffer with room for so many bytes more. */
  #room(bytes: number): Uint8Array {
    if (this.#length + bytes > this.#buffer.length) this.#endPiece(bytes);
    return this.#buffer;
  }

  /** What is written so far is a piece; what comes next has room for so many bytes. A buffer that is mostly free stays. */
  #endPiece(bytes: number): void {
    const isMostlyFree = this.#length * 2 < this.#buffer.length && bytes <= this.#buffer.length;
    if (isMostlyFree) this.#pieces.push(this.#buffer.slice(0, this.#length));
    else {
      this.#pieces.push(this.#buffer.subarray(0, this.#length));
      this.#buffer = new Uint8Array(Math.max(PIECE_BYTES, bytes));
    }
    this.#length = 0;
  }
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}
