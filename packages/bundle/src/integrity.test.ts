import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatIntegrity, parseIntegrity } from './integrity.js';
import { COVERED_FILES, INTEGRITY_FILE } from './layout.js';

const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const digests = fc
  .tuple(digest, digest, digest, digest)
  .map((values) => new Map(COVERED_FILES.map((name, index) => [name as string, values[index] as string])));

describe('the lines of integrity.sha256', () => {
  test('are read as they were written', () => {
    fc.assert(
      fc.property(digests, (given) => {
        const text = formatIntegrity(given);
        expect(parseIntegrity(text, COVERED_FILES)).toEqual({ digests: given, findings: [] });
      }),
    );
  });

  test('are either exactly what is written or found wrong, whatever text stands there', () => {
    const piece = fc.oneof(digest, fc.constantFrom('  ', ' *', '\n', '\r\n', '..', '/', ...COVERED_FILES), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const { digests: found, findings } = parseIntegrity(pieces.join(''), COVERED_FILES);
        expect(findings.every(({ file }) => file === INTEGRITY_FILE)).toBe(true);
        expect([...found.keys()].every((name) => (COVERED_FILES as readonly string[]).includes(name))).toBe(true);
        if (findings.length === 0) expect(found.size).toBe(COVERED_FILES.length);
      }),
    );
  });

  test('may come in any order, each once', () => {
    fc.assert(
      fc.property(digests, fc.shuffledSubarray([...COVERED_FILES], { minLength: 4 }), (given, order) => {
        const text = order.map((name) => `${given.get(name)}  ${name}\n`).join('');
        expect(parseIntegrity(text, COVERED_FILES)).toEqual({ digests: given, findings: [] });
      }),
    );
  });

  test('with the first digest of a file named twice cannot be overruled by the second', () => {
    const [zero, one] = ['0'.repeat(64), '1'.repeat(64)];
    const { digests: found, findings } = parseIntegrity(`${zero}  a\n${one}  a\n`, ['a']);
    expect(found.get('a')).toBe(zero);
    expect(findings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'INTEGRITY_LINE_DUPLICATE: line 2 names a again',
    ]);
  });

  test('of the binary form, or ended by a carriage return, are not taken', () => {
    for (const line of [`${'0'.repeat(64)} *a\n`, `${'0'.repeat(64)}  a\r\n`, `${'0'.repeat(64)}  a`]) {
      expect(parseIntegrity(line, ['a']).findings.length, line).toBeGreaterThan(0);
    }
  });
});
