import type { Json } from '@tracecore/spec';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findResidues } from './find-residues.js';

const pointersIn = (document: Json, values: Json[], redacted: string[] = []) =>
  findResidues(document, values, new Set(redacted)).map(({ pointer }) => pointer);

test('a text is found as a whole, within another, and in the name of a member', () => {
  const document = { a: 'secret', b: ['a secret here'], c: { secrets: 1, other: 2 }, d: 'secre' };
  expect(pointersIn(document, ['secret'])).toEqual(['/a', '/b/0', '/c']);
  expect(pointersIn(document, ['secret'], ['/a', '/c'])).toEqual(['/b/0']);
});

test('ids and times are not looked at, whatever digits they have', () => {
  const document = {
    run_id: '2026',
    started_at: '2026-01-01',
    action_trace: [{ action_ts: '2026-01-01', note: '2026' }],
  };
  expect(pointersIn(document, [2026])).toEqual(['/action_trace/0/note']);
});

test('any text of any length is found in any text that has it, and only there', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 45 });
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 6 }), fc.array(letters, { maxLength: 6 }), (values, texts) => {
      const sought = values.filter((text) => text.length >= 4);
      const expected = texts.flatMap((text, index) => (sought.some((one) => text.includes(one)) ? [`/${index}`] : []));
      expect(pointersIn(texts, values)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
