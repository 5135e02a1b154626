import { runInNewContext } from 'node:vm';
import type { Json } from '@tracecore/spec';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeCanonical } from './canonical-writer.js';
import { canonicalBytes, canonicalize } from './canonicalize.js';
import { ArtifactError } from './error.js';
import { parseJson } from './json-text.js';
import { json } from './testing/json-arbitrary.js';
import { readVectors } from './testing/vectors.js';

interface Vector {
  name: string;
  text: string;
  canonical: string;
  utf8_hex: string;
  ieee754?: string;
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

describe.each(['canonical/numbers.json', 'canonical/values.json'])('%s [REQ-HASH-05]', (path) => {
  test.each(readVectors<Vector[]>(path))('$name', ({ text, canonical, utf8_hex }) => {
    const value = parseJson(text);
    expect(canonicalize(value)).toBe(canonical);
    expect(hex(canonicalBytes(value))).toBe(utf8_hex);
  });
});

test('each double of RFC 8785 appendix B is printed from its bits', () => {
  const doubles = readVectors<Vector[]>('canonical/numbers.json').filter((vector) => vector.ieee754 !== undefined);
  expect(doubles).toHaveLength(24);
  for (const { ieee754, canonical } of doubles) {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(`0x${ieee754}`));
    expect(canonicalize(view.getFloat64(0))).toBe(canonical);
  }
});

describe('values that are refused [REQ-HASH-06]', () => {
  const cycle: Record<string, unknown> = { a: {} };
  cycle.a = { b: [cycle] };
  const deep = (levels: number) => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], null);
  class Point {
    x = 1;
  }
  // biome-ignore lint/suspicious/noSparseArray: a hole is what is refused here
  const holes = [1, , 3];
  const cases: [string, unknown, string][] = [
    ['NaN', { a: [1, Number.NaN] }, '/a/1'],
    ['Infinity', { a: Number.POSITIVE_INFINITY }, '/a'],
    ['-Infinity', Number.NEGATIVE_INFINITY, ''],
    ['undefined at the top', undefined, ''],
    ['an undefined member', { a: { 'b/c~d': undefined } }, '/a/b~1c~0d'],
    ['undefined in an array', [0, undefined], '/1'],
    ['a hole in an array', holes, '/1'],
    ['a function', { run: () => 1 }, '/run'],
    ['a symbol', [Symbol('s')], '/0'],
    ['a symbol for a key', { [Symbol('s')]: 1 }, ''],
    ['a bigint', { n: 1n }, '/n'],
    ['a lone surrogate in a string', ['ok', 'x\ud800'], '/1'],
    ['a lone surrogate in a key', { a: { '\udc00': 1 } }, '/a'],
    ['a cycle', cycle, '/a/b/0'],
    ['257 levels', deep(257), '/0'.repeat(256)],
    ['a Date', { at: new Date(0) }, '/at'],
    ['a Map', new Map(), ''],
    ['a typed array', { bytes: new Uint8Array(2) }, '/bytes'],
    ['an instance of a class', [new Point()], '/0'],
    ['a toJSON method', { toJSON: () => 1 }, ''],
    ['a boxed number', [Object(1)], '/0'],
  ];

  test.each(cases)('%s', (_, value, pointer) => {
    for (const write of [canonicalize, canonicalBytes]) {
      let caught: unknown;
      try {
        write(value as Json);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(ArtifactError);
      expect(caught).toMatchObject({ code: 'NOT_CANONICAL', at: pointer });
    }
  });

  test('the message says what was found and where', () => {
    expect(() => canonicalize({ a: Number.NaN })).toThrow('expected plain JSON data, found NaN at /a');
  });

  test('toJSON put on every object is refused, not called', () => {
    Object.defineProperty(Object.prototype, 'toJSON', { value: () => 'forged', configurable: true });
    try {
      expect(() => canonicalize({ a: 1 })).toThrow('toJSON');
      expect(() => canonicalBytes({ a: 1 })).toThrow('toJSON');
    } finally {
      Reflect.deleteProperty(Object.prototype, 'toJSON');
    }
  });

  test('an object that stands twice without a cycle is taken', () => {
    const shared = { x: 1 };
    expect(canonicalize([shared, shared])).toBe('[{"x":1},{"x":1}]');
  });

  test('an object without a prototype is plain', () => {
    expect(canonicalize(Object.assign(Object.create(null), { b: 1, a: 2 }))).toBe('{"a":2,"b":1}');
  });
});

describe('any value', () => {
  test('gives the bytes of its canonical text, in whatever order its keys stand', () => {
    fc.assert(
      fc.property(json, (value) => {
        const bytes = new TextEncoder().encode(canonicalize(value));
        for (const same of [value, reverseKeys(value)]) {
          expect(canonicalBytes(same)).toEqual(bytes);
          expect(writeCanonical(same)).toEqual(bytes);
        }
      }),
    );
  });

  test('canonical text is a fixed point of parsing and printing', () => {
    fc.assert(
      fc.property(json, (value) => {
        const once = canonicalize(value);
        expect(canonicalize(parseJson(once))).toBe(once);
      }),
    );
  });

  test('nothing but the sign of zero is lost', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalize(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('the order of keys does not matter', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalize(reverseKeys(value))).toBe(canonicalize(value));
      }),
    );
  });

  test('keys come in the order of their UTF-16 code units', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'binary', maxLength: 3 }), { maxLength: 8 }), (keys) => {
        const text = canonicalize(Object.fromEntries(keys.map((key, index) => [key, index])));
        const found = [...text.matchAll(/("(?:[^"\\]|\\.)*"):/gs)].map(
          (match) => JSON.parse(match[1] as string) as string,
        );
        const units = (key: string) => Array.from({ length: key.length }, (_, i) => key.charCodeAt(i));
        const byUnits = (a: string, b: string) => {
          const [left, right] = [units(a), units(b)];
          const part = left.findIndex((unit, i) => unit !== right[i]);
          return part < 0 ? left.length - right.length : (left[part] as number) - (right[part] ?? -1);
        };
        expect(found).toEqual([...keys].sort(byUnits));
      }),
    );
  });
});

test('many shapes that begin with the same key, and long and odd texts, are written as the serializer writes them', () => {
  const shapes = Array.from({ length: 600 }, (_, n) => ({
    same: n,
    [`z${n % 40}`]: 'é"\\\u2028'.repeat(n),
    [n]: { b: 1, a: [] },
  }));
  const value: Json = [...shapes, 'x'.repeat(20_000), 'ü'.repeat(20_000), { ['__proto__']: { b: 2, a: -0 } }];
  expect(writeCanonical(value)).toEqual(new TextEncoder().encode(canonicalize(value)));
});

test('data of another realm is written too, by the serializer', () => {
  const foreign = runInNewContext('({ b: [1, { d: 2, c: 3 }], a: "x" })') as Json;
  expect(writeCanonical(foreign)).toBeNull();
  expect(new TextDecoder().decode(canonicalBytes(foreign))).toBe('{"a":"x","b":[1,{"c":3,"d":2}]}');
});

function reverseKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]): [string, Json] => [key, reverseKeys(child)]);
  return Object.fromEntries(entries.reverse());
}
