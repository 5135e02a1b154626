import type { Json } from '@tracecore/spec';
import serialize from 'canonicalize';
import { writeCanonical } from './canonical-writer.js';
import { ArtifactError } from './error.js';
import { MAX_DEPTH } from './json-text.js';
import { pointerTo } from './pointer.js';

/**
 * The canonical JSON text of a value (RFC 8785): keys by UTF-16 code unit, numbers as ECMAScript prints them, no space.
 * @throws {ArtifactError} NOT_CANONICAL, `at` a JSON pointer, for what is not plain JSON data: NaN, Infinity, undefined,
 * functions, symbols, bigints, lone surrogates, holes in arrays, class instances, `toJSON`, cycles, more than 256 levels.
 */
export function canonicalize(value: Json): string {
  requireCanonical(value, [], new Set());
  return serialize(value) as string;
}

/** The canonical text as UTF-8: the bytes that hashes are taken over. Throws as `canonicalize` does. */
export function canonicalBytes(value: Json): Uint8Array {
  return writeCanonical(value) ?? new TextEncoder().encode(canonicalize(value));
}

type Path = (string | number)[];

/** The serializer drops undefined members, calls `toJSON` and knows no depth; here each of these is refused first. */
function requireCanonical(value: unknown, path: Path, open: Set<object>): void {
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'string') {
    if (isWellFormed(value)) return;
    refuse(path, 'a string with a lone surrogate');
  }
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return;
    refuse(path, String(value));
  }
  if (typeof value !== 'object') refuse(path, value === undefined ? 'undefined' : `a ${typeof value}`);
  if (open.has(value)) refuse(path, 'a reference to one of its own parents');
  if (open.size >= MAX_DEPTH) refuse(path, `more than ${MAX_DEPTH} levels of nesting`);
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') refuse(path, 'an object with a toJSON method');

  open.add(value);
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) visit(value[index], index);
  } else {
    requirePlain(value, path);
    for (const key of Object.keys(value)) {
      if (!isWellFormed(key)) refuse(path, 'a key with a lone surrogate');
      visit((value as Record<string, unknown>)[key], key);
    }
  }
  open.delete(value);

  function visit(child: unknown, segment: string | number): void {
    path.push(segment);
    requireCanonical(child, path, open);
    path.pop();
  }
}

function requirePlain(value: object, path: Path): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Objects of another realm have another Object.prototype; both sit directly under null.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    refuse(path, `an instance of ${value.constructor?.name || 'a class'}`);
  }
  if (Object.getOwnPropertySymbols(value).length > 0) refuse(path, 'an object with a symbol for a key');
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function refuse(path: Path, what: string): never {
  const pointer = path.reduce<string>(pointerTo, '');
  throw new ArtifactError(
    'NOT_CANONICAL',
    `expected plain JSON data, found ${what} at ${pointer || 'the top'}`,
    pointer,
  );
}
