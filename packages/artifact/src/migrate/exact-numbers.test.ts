import fc from 'fast-check';
import { expect, test } from 'vitest';
import { json } from '../testing/json-arbitrary.js';
import { findInexactNumber } from './exact-numbers.js';

test.each([
  ['12345678901234567891', '12345678901234567891'],
  ['{"a":[1,-9007199254740993,2]}', '-9007199254740993'],
  ['{"9007199254740993":1}', null],
  [String.raw`["\"9007199254740993", "\\"]`, null],
  [String.raw`["\\",9007199254740993]`, '9007199254740993'],
  ['9007199254740992', null],
  ['[1e21, 0.1, -0, 1.5e-7, 9007199254740993.0]', null],
  ['""', null],
])('%s: %s', (text, found) => {
  expect(findInexactNumber(text)).toBe(found);
});

test('finds nothing in what was written from doubles, and one number that was not wherever it stands', () => {
  const document = fc.oneof(json, fc.array(json));
  fc.assert(
    fc.property(document, document, (before, after) => {
      const whole = (value: unknown) =>
        JSON.stringify(value, (_, one) => (typeof one === 'number' && Math.abs(one) > 2 ** 53 ? 1 : one));
      const [left, right] = [whole(before), whole(after)];
      expect(findInexactNumber(`[${left},${right}]`)).toBe(null);
      expect(findInexactNumber(`[${left},9007199254740993,${right}]`)).toBe('9007199254740993');
    }),
  );
});
