import * as fc from 'fast-check';

/** The seed of a run: `TRACECORE_FUZZ_SEED` repeats one, else the time gives a new one. */
export function fuzzSeed(): number {
  const given = process.env.TRACECORE_FUZZ_SEED;
  return (given === undefined ? Date.now() : Number(given)) | 0;
}

/** The names that every object, array and function of this process inherits. */
export function inheritedNames(): PropertyKey[][] {
  return [Object, Array, Function, String, Promise].map((made) => Reflect.ownKeys(made.prototype));
}

const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toJSON',
  'then',
  'toString',
  '0',
  '-1',
  '',
  'a/b~c',
  'é😀',
  '\u2028',
  '\0',
  'ok',
  'type',
];
const SCALARS = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '0.5',
  '1e21',
  '1e999',
  '-1e999',
  '9007199254740993',
  '""',
  '"x"',
  '"\\u0000"',
  '"\\ud800"',
  '"\\ud83d\\ude00"',
  '"\u2028"',
  '"__proto__"',
  '"success"',
  '"timeout"',
  '"logic_failure"',
];
const LIVE = [
  'undefined',
  'NaN',
  '10n',
  'Symbol("s")',
  '() => 1',
  'new Date(0)',
  'new Map()',
  '[,]',
  'new Error("no")',
  'Object.create(null)',
  'Object.create({ ok: true })',
  '{ toJSON: () => ({ ok: true }) }',
  '{ get ok() { return true; } }',
  '{ get ok() { throw new Error("read"); } }',
  '{ then: 1 }',
  '{ then(done) { done({ ok: true }); } }',
  '{ then() { throw 1; } }',
  'Promise.reject({ ok: true })',
  '(() => { const o = {}; o.self = o; return o; })()',
  '(() => { throw new TypeError("\\ud800"); })()',
  '(() => { throw null; })()',
  '(() => { let l = []; for (let i = 0; i < 126; i++) l = [l]; return l; })()',
  '(() => { let l = 1; for (let i = 0; i < 400; i++) l = { l }; return l; })()',
  'new Proxy({}, { ownKeys() { throw new RangeError("keys"); } })',
  '"x".repeat(20000)',
  '{ ["k".repeat(5000)]: NaN }',
  '{ ["~/".repeat(3000)]: "\\ud800" }',
  '(() => { Object.prototype.polluted = 1; Object.prototype.ok = true; return {}; })()',
  '(() => { Object.prototype.toJSON = () => ({ ok: true }); return { a: 1 }; })()',
];

/** JSON text that `JSON.parse` takes, with the members, numbers and strings that are odd. */
export const wildText: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 20, arbitrary: fc.constantFrom(...SCALARS) },
    { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }).map((text) => JSON.stringify(text)) },
    {
      weight: 8,
      arbitrary: fc.array(fc.tuple(fc.constantFrom(...KEYS), tie('node')), { maxLength: 3 }).map(objectText),
    },
    { weight: 6, arbitrary: fc.array(tie('node'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(100, 126, 127, 128, 129, 300).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
    },
  ),
})).node;

/** An expression of JavaScript for JSON, most of the time, or for a value that is none. */
export const wildExpression = fc.oneof(
  { weight: 3, arbitrary: wildText.map((text) => `JSON.parse(${JSON.stringify(text)})`) },
  { weight: 2, arbitrary: fc.constantFrom(...LIVE) },
);

/** An object's expression: some of its members as they should be, the others wild or absent. */
export function wildObject(
  members: Readonly<Record<string, string>>,
  extra: readonly string[] = [],
): fc.Arbitrary<string> {
  const names = [...Object.keys(members), ...extra];
  const member = (name: string) => {
    const right = Object.hasOwn(members, name) ? members[name] : undefined;
    return right === undefined
      ? fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: wildExpression })
      : fc.oneof(
          { weight: 30, arbitrary: fc.constant(right) },
          { weight: 1, arbitrary: wildExpression },
          { weight: 1, arbitrary: fc.constant(null) },
        );
  };
  return fc
    .tuple(...names.map(member))
    .map((values) => values.flatMap((value, i) => (value === null ? [] : [`[${JSON.stringify(names[i])}]: ${value}`])))
    .map((written) => `{ ${written.join(', ')} }`);
}

function objectText(members: [string, string][]): string {
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}
