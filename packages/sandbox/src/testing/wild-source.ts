import * as fc from 'fast-check';
import { ODD_KEYS, wildText } from './wild-json.js';

/** Expressions of JavaScript whose values a program may return, most of them no JSON. They touch nothing outside. */
const LEAVES = [
  'undefined',
  'null',
  '-0',
  'NaN',
  'Infinity',
  '1e308 * 10',
  '10n',
  'Symbol("s")',
  'Symbol.iterator',
  '() => 1',
  'class A {}',
  '"\\ud800"',
  '"\\u2028\\0"',
  '"x".repeat(5000)',
  'new Date(0)',
  'new Map([[1, 2]])',
  'new Set([1])',
  '/x/g',
  'new Error("no")',
  'new (class Odd { a = 1 })()',
  'new (class extends Array {})()',
  'new String("boxed")',
  'new Number(1)',
  'new Boolean(false)',
  'new Uint8Array(3)',
  'new ArrayBuffer(8)',
  '[,]',
  '[1, , 2]',
  'Object.assign([1], { extra: NaN })',
  'arguments => 1',
  'Object.create(null)',
  'Object.create({ inherited: 1 })',
  'Object.freeze({ a: [1] })',
  'Object.create({ toJSON: () => 1 })',
  'JSON.parse(\'{"__proto__":{"polluted":1}}\')',
  '{ __proto__: { polluted: 1 } }',
  '{ ["__proto__"]: 1, constructor: { prototype: 1 } }',
  '{ toJSON: () => ({ forged: 1 }) }',
  '{ toJSON: 1 }',
  '{ then: 1 }',
  '{ get g() { return 1; } }',
  '{ get g() { return this; } }',
  '{ get g() { throw new Error("read"); } }',
  '{ get then() { return undefined; } }',
  '{ [Symbol("k")]: 1, a: undefined }',
  '(() => { const o = {}; o.self = o; return o; })()',
  '(() => { const l = []; l.push([l]); return l; })()',
  '(() => { const s = { a: 1 }; return [s, s]; })()',
  '(() => { let l = []; for (let i = 0; i < 126; i++) l = [l]; return l; })()',
  '(() => { let l = 1; for (let i = 0; i < 3000; i++) l = { l }; return l; })()',
  '(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()',
  'new Proxy({ a: 1 }, {})',
  'new Proxy([], { get: (_, k) => (k === "length" ? 2 : 7) })',
  'new Proxy({}, { ownKeys: () => ["a"], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get: () => 5 })',
  'new Proxy({}, { ownKeys() { throw new RangeError("keys"); } })',
  'new Proxy({}, { getPrototypeOf: () => Array.prototype })',
  'Object.fromEntries(Array.from({ length: 300 }, (_, i) => [i * 7, i]))',
  '"\\ud83d" + "\\ude00"',
];

/** What answers otherwise when it is read again, or spoils the ground it stands on for whoever reads it. */
const TREACHEROUS = [
  '(() => { let n = 0; return { get g() { return n++ ? NaN : 1; } }; })()',
  '(() => { let n = 0; return { get g() { return n++ % 2 ? [n] : { n }; } }; })()',
  '(() => { const l = [1]; l.push({ get g() { l.length = 0; l.push("gone"); return l; } }); return l; })()',
  '(() => { const o = { a: 1, get b() { delete o.c; o.d = o; return 2; }, c: 3 }; return o; })()',
  '(() => { let n = 0; return new Proxy({}, { ownKeys: () => ["k" + n++], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get: () => n }); })()',
  '(() => { let n = 0; return new Proxy([], { get: (t, k) => (k === "length" ? n++ : "x") }); })()',
  '(() => { Object.prototype.toJSON = () => "forged"; Array.prototype.toJSON = () => "forged"; return [{ a: 1 }]; })()',
  '(() => { Object.prototype.text = "1"; Object.prototype.fault = 1; Object.prototype.value = 2; return { get a() { return undefined; } }; })()',
  '(() => { Object.defineProperty(Array.prototype, 0, { set() {}, get: () => 7, configurable: true }); return [[1], [new Date()]]; })()',
  '(() => { Promise.prototype.then = (f) => f({ error: 1 }); return Promise.resolve({ a: 1 }); })()',
  '(() => { String.prototype.replaceAll = () => "/forged"; Function.prototype.call = Function.prototype.apply = () => "x"; return { "a/b": 1n }; })()',
  '(() => { JSON.stringify = () => "{}"; JSON.parse = () => ({ error: 1 }); Object.keys = () => ["x"]; Array.isArray = () => true; return { a: [NaN] }; })()',
  '(() => { Error.prototype.toString = () => { throw 1; }; Object.defineProperty(Error.prototype, "stack", { get() { throw 2; } }); throw new Error("x"); })()',
  '(() => { throw { get name() { return "InternalError"; }, message: "out of memory", stack: "program.js:1:1" }; })()',
  '(() => { throw { name: "\\ud800", message: "x".repeat(50000), stack: "program.js:999999999:1\\n".repeat(500) }; })()',
  '(() => { throw new Proxy({}, { get() { throw this; } }); })()',
  '(() => { throw { toString: 1 }; })()',
  '(() => { throw Symbol("s"); })()',
  '(() => { throw undefined; })()',
  '(() => { throw { toString() { throw 1; } }; })()',
];

/** What a program may return where it stands: a promise settles first. */
const OUTER = [
  (source: string) => source,
  (source: string) => source,
  (source: string) => source,
  (source: string) => `Promise.resolve(${source})`,
  (source: string) => `(async () => (${source}))()`,
  (source: string) => `{ then(done) { done(${source}); } }`,
  (source: string) => `{ then(done, fail) { fail(${source}); } }`,
  (source: string) => `{ then() { throw ${source}; } }`,
  (source: string) => `(() => { throw (${source}); })()`,
];

const key = fc
  .constantFrom(...ODD_KEYS.filter((name) => name.isWellFormed()))
  .map((name) => `[${JSON.stringify(name)}]`);
/** The stack inside an isolate is too small to parse the deepest ones. */
const shallow = wildText.filter((text) => text.length < 10_000);
const leaf = fc.oneof(
  // More values than the quick way of writing JSON takes.
  { weight: 1, arbitrary: fc.constant('Array.from({ length: 10001 }, (_, i) => i)') },
  { weight: 1_500, arbitrary: fc.constantFrom(...LEAVES) },
  { weight: 1_000, arbitrary: shallow.map((text) => `JSON.parse(${JSON.stringify(text)})`) },
  { weight: 1_500, arbitrary: fc.constantFrom('1', '"x"', 'true', 'null', '"/app/x"', '[]', '{}') },
);

/** An expression of JavaScript for a value out of JSON and of what is none. */
const wildValue: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 3, arbitrary: leaf },
    { weight: 2, arbitrary: fc.array(tie('node'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`) },
    { weight: 2, arbitrary: membersOf(tie('node')) },
  ),
})).node;

/** The same, as an agent or a task gives it: at once, by a promise, by something like one, or thrown. */
export const wildReturn: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...OUTER), wildValue)
  .map(([around, source]) => around(source));

/** One of those, bare or inside something plain. */
export const treacherous: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...TREACHEROUS), fc.constantFrom(...OUTER), fc.boolean())
  .map(([source, around, inside]) => around(inside ? `[{ a: ${source} }]` : source));

function membersOf(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(key, value), { maxLength: 3 })
    .map((members) => `{ ${members.map(([name, source]) => `${name}: ${source}`).join(', ')} }`);
}
