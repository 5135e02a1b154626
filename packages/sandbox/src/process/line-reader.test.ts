import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineReader } from './line-reader.js';

/** Cuts `bytes` at each of `cuts`, taken as fractions of its length. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '));
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

describe('LineReader', () => {
  test('gives the same lines however the bytes are cut, also inside a character', () => {
    fc.assert(
      fc.property(fc.array(line), cuts, (lines, where) => {
        const reader = new LineReader(1_000_000);
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        expect(pieces(bytes, where).flatMap((piece) => reader.push(piece))).toEqual(lines);
        expect(reader.overflowed).toBe(false);
      }),
    );
  });

  test('stops at the first line over the limit, in bytes, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.integer({ min: 0, max: 8 }), cuts, (lines, most, where) => {
        const reader = new LineReader(most);
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const read = pieces(bytes, where).flatMap((piece) => reader.push(piece));
        const long = lines.findIndex((text) => Buffer.byteLength(text) > most);
        expect(read).toEqual(long === -1 ? lines : lines.slice(0, long));
        expect(reader.overflowed).toBe(long !== -1);
      }),
    );
  });

  test('a line that never ends is not kept', () => {
    const reader = new LineReader(10);
    for (let i = 0; i < 5; i += 1) expect(reader.push(Buffer.from('xxxx'))).toEqual([]);
    expect(reader.overflowed).toBe(true);
    expect(reader.push(Buffer.from('\nshort\n'))).toEqual([]);
  });

  test('a long line that comes a byte at a time weighs little more than its bytes', () => {
    const bytes = 1_000_000;
    const reader = new LineReader(bytes);
    const before = process.memoryUsage();
    for (let i = 0; i < bytes; i += 1) reader.push(Buffer.from('x'));
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers + after.heapUsed - before.heapUsed).toBeLessThan(32 * bytes);
    expect(reader.push(Buffer.from('\n'))).toEqual(['x'.repeat(bytes)]);
  });
});
