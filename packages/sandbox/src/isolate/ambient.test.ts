import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host } from '../host.js';
import {
  bundleOf,
  evaluate,
  faultOf,
  LIMITS,
  open,
  outcomeOf,
  run,
  START,
  scopeOf,
  valueIn,
} from '../testing/hosts.js';
import { createIsolateHost } from './host.js';

/** Younger than the oldest Node that this runs on, and the engine's own error. */
const YOUNG_OR_OWN = new Set(['Iterator', 'Float16Array', 'InternalError']);

let host: Host;
beforeAll(async () => {
  host = await createIsolateHost();
});
afterAll(() => host.close());

describe('inside an isolate', () => {
  test.each([
    ...[
      'process',
      'require',
      'module',
      'exports',
      'Buffer',
      'global',
      'window',
      'self',
      'fetch',
      'XMLHttpRequest',
      'WebSocket',
    ],
    ...[
      'navigator',
      'location',
      'setTimeout',
      'setInterval',
      'setImmediate',
      'requestAnimationFrame',
      'performance',
      'crypto',
    ],
    ...[
      'WeakRef',
      'FinalizationRegistry',
      'Atomics',
      'SharedArrayBuffer',
      'WebAssembly',
      'Intl',
      'TextEncoder',
      'Worker',
    ],
    ...[
      'Deno',
      'Bun',
      'std',
      'os',
      'print',
      'gc',
      'load',
      'read',
      'scriptArgs',
      '__loadScript',
      'Temporal',
      'ShadowRealm',
    ],
  ])('[REQ-DET-05] there is no %s', async (name) => {
    const body = `return [typeof globalThis[params.name], typeof (0, eval)("typeof ${name} === 'undefined' ? undefined : ${name}")];`;
    expect(await evaluate(host, body, { name })).toEqual(['undefined', 'undefined']);
  });

  test('[REQ-DET-05] the globals are those of the language', async () => {
    const names = (await evaluate(host, 'return Object.getOwnPropertyNames(globalThis);')) as string[];
    const foreign = names.filter((name) => !Object.hasOwn(globalThis, name));
    expect(foreign.filter((name) => !YOUNG_OR_OWN.has(name))).toEqual([]);
    expect(names).toEqual(
      expect.arrayContaining(['Object', 'Map', 'Promise', 'Proxy', 'BigInt', 'RegExp', 'Date', 'console']),
    );
  });

  test.each([
    'node:fs',
    'fs',
    './other.js',
    '../x.js',
    '/etc/passwd',
    'https://example.com/x.js',
    'data:text/javascript,1',
    'std',
    'os',
  ])('[REQ-DET-05] import(%j) rejects', async (name) => {
    const body = `try { await import(${JSON.stringify(name)}); return 'came'; } catch (e) { return e instanceof Error; }`;
    expect(await evaluate(host, body)).toBe(true);
  });

  test.each([
    ['Function', '(() => {}).constructor("return this")()'],
    ['an async function', 'await (async () => {}).constructor("return this")()'],
    ['a generator', '(function* () {}).constructor("yield this")().next().value'],
    ['a method of a builtin', 'JSON.parse.constructor("return this")()'],
    ['the console', 'console.log.constructor("return this")()'],
    ['Math.random', 'Math.random.constructor("return this")()'],
    ['Date', 'Date.now.constructor("return this")()'],
    ['the door to the referee', 'call.constructor("return this")()'],
    ['what the referee answers', 'call("x").list.constructor.constructor("return this")()'],
    [
      'an error of the referee',
      '(() => { try { call("bad"); } catch (e) { return e.constructor.constructor("return this")(); } })()',
    ],
    ['the params', 'params.constructor.constructor("return this")()'],
    ['eval', '(0, eval)("this")'],
  ])('[REQ-DET-05] %s leads to its own global only', async (_what, expression) => {
    const scope = scopeOf({
      services: (method) => {
        if (method === 'bad') throw new Error('refused');
        return { list: [1] };
      },
    });
    expect(
      await evaluate(host, `const g = ${expression}; return [g === globalThis, typeof g.process];`, {}, scope),
    ).toEqual([true, 'undefined']);
  });

  test('stacks name no file of the machine', async () => {
    const stack = (await evaluate(host, 'return new Error("x").stack;')) as string;
    expect(stack).toContain('program.js');
    expect(stack).not.toMatch(/node_modules|file:|\/[a-z]+\//);
  });
});

describe('the clock', () => {
  test('[REQ-DET-03] starts where the call says, gains 1 ms with each reading, and never goes back', async () => {
    const session = await open(
      await host.prepare(
        bundleOf('export const program = { run: () => [Date.now(), +new Date(), Date.now()] };'),
        LIMITS,
      ),
    );
    const at = async (virtualNow: number) => valueIn(await run(session, {}, { virtualNow }));
    expect(await at(START)).toEqual([START, START + 1, START + 2]);
    expect(await at(START)).toEqual([START + 3, START + 4, START + 5]);
    expect(await at(START + 1000)).toEqual([START + 1000, START + 1001, START + 1002]);
    expect(await at(START + 500)).toEqual([START + 1003, START + 1004, START + 1005]);
  });

  test('[REQ-DET-03] begins at 2000-01-01 UTC and tells one time in all its forms', async () => {
    const body = `const d = new Date(); return [d.toISOString(), Date(), d.getTimezoneOffset(), d.getHours(),
      Date.UTC(2000, 0, 1), new Date(2000, 0, 1).getTime(), Date.parse("2000-01-01T00:00:00"), Date.name, d instanceof Date,
      Object.prototype.toString.call(d), d.toLocaleString("de")];`;
    expect(await evaluate(host, body)).toEqual([
      '2000-01-01T00:00:00.000Z',
      'Sat Jan 01 2000 00:00:00 GMT+0000 (Coordinated Universal Time)',
      0,
      0,
      START,
      START,
      START,
      'Date',
      true,
      '[object Date]',
      '1/1/2000, 12:00:00 AM',
    ]);
  });

  test('[REQ-DET-03] leads to no other', async () => {
    const body = `const D = new Date().constructor; const other = Reflect.construct(Object, [], Date).constructor;
      return [D === Date, other === Date, (0, eval)("Date") === Date, Object.getPrototypeOf(Date) === Function.prototype];`;
    expect(await evaluate(host, body)).toEqual([true, true, true, true]);
  });

  test('[REQ-DET-03] stands behind subclasses and what is made without new', async () => {
    const body = `class Own extends Date { twice() { return this * 2; } }
      const d = new Date(7); d.setMonth(13);
      return [new Own(4).twice(), new Own().getTime(), new Own() instanceof Date, Reflect.construct(Date, [7], Own) instanceof Own,
        typeof Date(), new Date(new Date(5)).getTime(), d.getFullYear(), Object.keys(d)];`;
    expect(await evaluate(host, body)).toEqual([8, START, true, true, 'string', 5, 1971, []]);
  });

  test('can be replaced like any global', async () => {
    expect(await evaluate(host, 'globalThis.Date = class Mine {}; return [Date.name, typeof Date.now];')).toEqual([
      'Mine',
      'undefined',
    ]);
  });
});

test("[REQ-DET-04] Math.random gives the scope's numbers", async () => {
  const numbers = [0, 0.1, 1 - 2 ** -53, 2 ** -53];
  const left = [...numbers];
  const scope = scopeOf({ random: () => left.shift() ?? Number.NaN });
  expect(
    await evaluate(host, 'return [Math.random(), Math.random(), Math.random(), Math.random()];', {}, scope),
  ).toEqual(numbers);
  expect(await evaluate(host, 'return [Math.random.length, Object.keys(Math)];')).toEqual([0, []]);
});

describe('what engines are free to do is done one way', () => {
  test('[REQ-DET-05] promises, awaits and thenables go on in the order of the language', async () => {
    const body = `const seen = [], note = (name) => () => { seen.push(name); };
      const waits = (async () => { await null; seen.push('await'); await null; seen.push('await again'); })();
      Promise.resolve().then(note('then')).then(note('then again'));
      await Promise.all([waits, Promise.resolve({ then: (done) => done() }).then(note('thenable')), Promise.reject(1).catch(note('catch'))]);
      return seen;`;
    const expected = ['await', 'then', 'catch', 'await again', 'then again', 'thenable'];
    expect(await evaluate(host, body)).toEqual(expected);
  });

  test('[REQ-DET-05] keys keep their order, and sorting is stable', async () => {
    const body = `const rows = Array.from({ length: 1000 }, (_, at) => ({ at, key: at * 7 % 5 }));
      const sorted = rows.sort((a, b) => a.key - b.key), set = new Set([3, 1]); set.delete(3); set.add(3);
      return [Object.keys({ b: 1, 10: 1, a: 1, 9: 1, [-1]: 1 }), [...set],
        sorted.every((row, i) => i === 0 || sorted[i - 1].key < row.key || sorted[i - 1].at < row.at)];`;
    expect(await evaluate(host, body)).toEqual([['9', '10', 'b', 'a', '-1'], [1, 3], true]);
  });

  test('[REQ-DET-05] no locale changes a text', async () => {
    const body = `return [(1234567.891).toLocaleString('de'), (12n).toLocaleString('de'), [1.5, 2].toLocaleString('de'), 'I'.toLocaleLowerCase('tr'),
      'i'.toLocaleUpperCase('tr'), ['ä', 'b', 'B', 'a'].sort((a, b) => a.localeCompare(b, 'de'))];`;
    expect(await evaluate(host, body)).toEqual(['1234567.891', '12', '1.5,2', 'i', 'I', ['B', 'a', 'b', 'ä']]);
  });
});

describe('a program that replaces what answers are made with', () => {
  test.each([
    'JSON.stringify = () => "1"; JSON.parse = () => ({ value: "forged" });',
    'Object.keys = Object.getPrototypeOf = Array.isArray = Number.isFinite = () => { throw 1; };',
    'Promise.resolve = Promise.prototype.then = globalThis.Promise = null;',
    'Reflect.apply = Function.prototype.call = Function.prototype.apply = null;',
    'String.prototype.isWellFormed = String.prototype.slice = null; Object.hasOwn = () => true;',
    'Object.defineProperty(Array.prototype, 1, { set() {}, configurable: true });',
    'globalThis.eval = null; Object.defineProperty = null;',
    'Object.defineProperty(Object.prototype, "value", { get: () => "forged", configurable: true });',
  ])('spoils nothing with %s', async (code) => {
    const scope = scopeOf({ services: () => ({ a: [1, 2] }) });
    const program = await host.prepare(
      bundleOf(`export const program = { run: (params, call) => { ${code} return { got: call("x", {}), params }; } };`),
      LIMITS,
    );
    expect(await run(await open(program, scope), { p: [1, [2]] })).toEqual({
      value: { got: { a: [1, 2] }, params: { p: [1, [2]] } },
    });
  });

  test.each([
    ['Object.prototype.toJSON = () => ({ x: 1 }); throw new Error("boom");'],
    ['Object.prototype.toJSON = () => ({ notJson: null }); throw new Error("boom");'],
    ['Object.prototype.toJSON = () => ({ notJson: { pointer: 1, message: {} } }); throw new Error("boom");'],
    ['Object.prototype.toJSON = () => ({ error: null }); throw new Error("boom");'],
    ['Object.prototype.toJSON = () => ({ error: 5 }); throw new Error("boom");'],
    ['Object.prototype.toJSON = () => [1]; throw new Error("boom");'],
    ['Object.prototype.toJSON = () => undefined; throw new Error("boom");'],
    ['Object.prototype.toJSON = () => { throw 1; }; throw new Error("boom");'],
  ])('spoils only its own answer with %s', async (body) => {
    const fault = faultOf(await outcomeOf(host, body));
    expect(['throw', 'protocol']).toContain(fault.kind);
    expect(fault).toMatchObject({ deterministic: true, message: expect.any(String) });
    if ('pointer' in fault) expect(fault.pointer).toEqual(expect.any(String));
    expect(await evaluate(host, 'return "fine";')).toBe('fine');
  });
});
