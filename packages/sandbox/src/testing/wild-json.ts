import * as fc from 'fast-check';

/** Names that objects of JavaScript treat oddly, that look like an index, or that pointers have to escape. */
export const ODD_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toJSON',
  'then',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  '0',
  '1',
  '-1',
  '01',
  '1e3',
  '4294967294',
  '4294967295',
  '9007199254740993',
  'length',
  '',
  ' ',
  'a/b',
  '~',
  '~1',
  'é',
  '😀',
  '\u2028',
  '\0',
  '\ufeff',
  'jsonrpc',
  'id',
  'result',
  'error',
  'type',
  'args',
];

/** Spellings of strings, quotes included: what JSON takes, what it takes and an artifact must not, and what it refuses. */
const STRINGS = [
  '""',
  '"x"',
  '"\\u0000"',
  '"\\u2028\\u2029"',
  '"\u2028"',
  '"\\ud83d\\ude00"',
  '"😀"',
  '"\\/"',
  '"e\u0301"',
  '"\\uFEFF"',
  '"\\ud800"',
  '"\\udc00x"',
  '"\\ude00\\ud83d"',
  '"\ud800"',
  '"\ufffd"',
  '"/app/x"',
  '"2.0"',
  '"\\"\\\\"',
];
const BROKEN_STRINGS = ['"\0"', '"\t"', '"\\x41"', '"\\u12"', "'x'", '"x', '"\\'];

/** Spellings of numbers: the edges of doubles, what overflows, and what other parsers take. */
const NUMBERS = [
  '0',
  '-0',
  '-0.0',
  '1',
  '1.0',
  '1e0',
  '-1',
  '0.1',
  '1e21',
  '5e-324',
  '1e-999',
  '1.7976931348623157e308',
  '9007199254740993',
  '123456789012345678901234567890',
  '1e999',
  '-1e999',
  '1E+400',
  `1${'0'.repeat(400)}`,
];
const BROKEN_NUMBERS = ['NaN', 'Infinity', '-Infinity', '01', '+1', '.5', '1.', '0x10', '1_000', '1n', '--1', '1e'];

const SPACES = ['', '', '', '', ' ', '\t', '\r', ' \r'];
const JUNK = ['\ufeff', '\0', '\u2028', ',', '}', ']', '{', '"', '//', '\r', 'undefined', '\ud800', ' '];

const anyString = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...STRINGS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3_000 }).map((count) => `"${'long '.repeat(count)}"`) },
);
const keyText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ODD_KEYS).map((key) => JSON.stringify(key)) },
  { weight: 1, arbitrary: anyString },
);
const scalar = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('null', 'true', 'false') },
  { weight: 4, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 4, arbitrary: anyString },
);
const deep = fc
  .tuple(fc.constantFrom(2, 100, 126, 127, 128, 129, 200, 5_000), fc.boolean())
  .map(([depth, named]) =>
    named ? `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}` : `${'['.repeat(depth)}${']'.repeat(depth)}`,
  );

/** JSON text that `JSON.parse` takes: any member, any nesting, keys twice, every spelling of a number. */
export const wildText: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 10, arbitrary: scalar },
    { weight: 4, arbitrary: fc.array(fc.tuple(keyText, tie('node')), { maxLength: 4 }).chain(spell) },
    { weight: 3, arbitrary: fc.array(tie('node'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`) },
    { weight: 1, arbitrary: deep },
  ),
})).node;

/** Text that is nearly JSON: cut short, with something between, or with a spelling that only other parsers take. */
export function broken(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const at = fc.double({ min: 0, max: 1, noNaN: true });
  return fc.oneof(
    fc.tuple(text, at).map(([whole, cut]) => whole.slice(0, Math.floor(cut * whole.length))),
    fc
      .tuple(text, at, fc.constantFrom(...JUNK, ...BROKEN_NUMBERS))
      .map(([whole, cut, junk]) => insert(whole, Math.floor(cut * (whole.length + 1)), junk)),
    fc.constantFrom(...BROKEN_NUMBERS, ...BROKEN_STRINGS).map((value) => `{"jsonrpc":"2.0","id":1,"result":${value}}`),
  );
}

/** An object's text from its members' texts, most of the time as given, else reordered, spaced, doubled or thinned out. */
export function spelledObject(members: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> {
  const given = fc.tuple(
    ...Object.entries(members).map(([key, text]) => text.map((value) => [JSON.stringify(key), value] as const)),
  );
  const extra = fc.array(fc.tuple(keyText, wildText), { maxLength: 2 });
  return fc.oneof(
    { weight: 5, arbitrary: given.map((list) => spellPlainly(list)) },
    { weight: 2, arbitrary: fc.tuple(given, extra).chain(([list, more]) => spell([...list, ...more])) },
    { weight: 1, arbitrary: given.chain((list) => fc.subarray([...list])).chain((list) => spell(list)) },
    {
      weight: 1,
      arbitrary: given.chain((list) => fc.shuffledSubarray([...list, ...list])).chain((list) => spell(list)),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(given, fc.nat(), wildText).map(([list, at, value]) => spellPlainly(changed(list, at, value))),
    },
  );
}

type Member = readonly [key: string, value: string];

function spell(members: readonly Member[]): fc.Arbitrary<string> {
  return fc
    .constantFrom(...SPACES)
    .map(
      (space) =>
        `${space}{${members.map(([key, value]) => `${space}${key}${space}:${space}${value}`).join(',')}${space}}`,
    );
}

function spellPlainly(members: readonly Member[]): string {
  return `{${members.map(([key, value]) => `${key}:${value}`).join(',')}}`;
}

function changed(members: readonly Member[], at: number, value: string): Member[] {
  return members.map(([key, old], i) => [key, i === at % members.length ? value : old]);
}

function insert(text: string, at: number, junk: string): string {
  return text.slice(0, at) + junk + text.slice(at);
}
