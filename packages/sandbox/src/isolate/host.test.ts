import type { Json, JsonObject } from '@tracecore/spec';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SandboxError } from '../error.js';
import type { Host } from '../host.js';
import {
  bundleOf,
  evaluate,
  faultOf,
  LIMITS,
  open,
  openFault,
  outcomeOf,
  run,
  scopeOf,
  valueIn,
} from '../testing/hosts.js';
import { createIsolateHost } from './host.js';

let host: Host;
beforeAll(async () => {
  host = await createIsolateHost();
});
afterAll(() => host.close());

const programOf = (code: string) => host.prepare(bundleOf(code), LIMITS);

describe('the host', () => {
  test('says what it holds, and names its engine by digest', () => {
    expect(host.name).toBe('isolate');
    expect(host.guarantees).toEqual({
      secrecy: 'wasm',
      clock: 'enforced',
      network: 'blocked',
      hardKill: true,
      memoryCap: true,
      freshPerEpisode: true,
    });
    expect(host.engine.name).toBe('quickjs-emscripten');
    expect(host.engine.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test('is HOST_UNAVAILABLE without its engine', async () => {
    const missing = createIsolateHost({ wasmFile: '/nowhere/engine.wasm' });
    await expect(missing).rejects.toBeInstanceOf(SandboxError);
    await expect(missing).rejects.toMatchObject({ code: 'HOST_UNAVAILABLE' });
  });
});

describe('a call', () => {
  test.each([
    ['a sync method', 'run: (params) => ({ got: params.x })'],
    ['an async method', 'run: async (params) => { await null; return { got: params.x }; }'],
    ['a method that returns a promise', 'run: (params) => Promise.resolve({ got: params.x })'],
    ['a method that returns a thenable', 'run: (params) => ({ then: (done) => done({ got: params.x }) })'],
    ['a generator driven inside', 'run: (params) => [...(function* () { yield { got: params.x }; })()][0]'],
  ])('of %s gives its value', async (_what, method) => {
    const session = await open(await programOf(`export const program = { ${method} };`));
    expect(await run(session, { x: [1, 'a'] })).toEqual({ value: { got: [1, 'a'] } });
  });

  test('[REQ-LIFE-04] gives back what it got, for every JSON value', async () => {
    const session = await open(await programOf('export const program = { run: (params) => params };'));
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 5 }), fc.string({ unit: 'binary' }), async (value, text) => {
        const params = { value: value as Json, text: text.toWellFormed() };
        const outcome = await run(session, params);
        expect(JSON.stringify(valueIn(outcome))).toBe(JSON.stringify(params));
      }),
      { numRuns: 150 },
    );
  });

  test('[REQ-LIFE-04] leaves the caller its own params', async () => {
    const params = { list: [1] };
    expect(await evaluate(host, 'params.list.push(2); return params.list;', params)).toEqual([1, 2]);
    expect(params).toEqual({ list: [1] });
  });

  test('keeps state between calls of one episode', async () => {
    const session = await open(await programOf('let n = 0; export const program = { run: () => ++n };'));
    expect([await run(session), await run(session)]).toEqual([{ value: 1 }, { value: 2 }]);
  });

  test.each([
    [
      'returns a promise that can never settle',
      'await new Promise(() => {});',
      'run returned a promise that can never settle',
    ],
    ['throws', 'throw new Error("boom");', 'boom'],
    ['throws another error', 'null.x;', 'TypeError: '],
    ['throws text', 'throw "text";', 'threw text'],
    ['throws nothing', 'throw undefined;', 'threw undefined'],
    ['throws a symbol', 'throw Symbol("s");', 'threw Symbol(s)'],
    ['throws an object', 'throw { message: "from an object" };', 'from an object'],
    ['throws what throws', 'throw { get message() { throw 1; } };', ''],
    ['throws a very long message', 'throw new Error("x".repeat(5_000_000));', 'xxxx'],
    ['returns what throws when it is read', 'return { get a() { throw new Error("read"); } };', 'read'],
  ])('that %s is a throw', async (_what, body, message) => {
    const fault = faultOf(await outcomeOf(host, body));
    expect(fault).toMatchObject({ kind: 'throw', deterministic: true });
    expect(fault.message).toContain(message);
    expect(fault.message.length).toBeLessThanOrEqual(2_000);
  });

  test.each(['nothing', 'toString', '__proto__', 'constructor'])('of no method %s is a throw', async (method) => {
    const session = await open(await programOf('export const program = { run: () => 1 };'));
    const outcome = await session.call(method, {}, { deadline: null, virtualNow: 0 });
    expect(faultOf(outcome)).toMatchObject({ kind: 'throw', message: `the program has no method ${method}` });
  });

  test.each([
    ['nothing', 'return;', '', 'is undefined'],
    ['NaN', 'return { a: [NaN] };', '/a/0', 'is NaN'],
    ['a date', 'return { at: new Date() };', '/at', 'is an instance of Date, not a plain object'],
    ['a function', 'return [() => 1];', '/0', 'is a function'],
    ['a cycle', 'const a = {}; a.a = a; return a;', '/a', 'refers back to an object that contains it'],
    ['a lone surrogate', 'return { t: "\\ud800" };', '/t', 'is text with a lone surrogate'],
    ['a map', 'return new Map();', '', 'is an instance of Map, not a plain object'],
    [
      'what is too deep',
      'let v = 0; for (let i = 0; i < 129; i++) v = [v]; return v;',
      '/0'.repeat(128),
      'nested deeper',
    ],
    [
      'a class with a broken name',
      'class A { static name = "\\ud800" + "x".repeat(9e5); } return new A();',
      '',
      'is an instance of \ufffdxxx',
    ],
    [
      'something below a long key',
      'return { ["k".repeat(5000)]: NaN };',
      `/${'k'.repeat(1_999)}`,
      'returned what JSON cannot hold',
    ],
    ['what is too long', 'return "x".repeat(2_000_000);', '', 'is longer than 1048576 characters'],
  ])('that returns %s is a protocol fault with its place', async (_what, body, pointer, message) => {
    const fault = faultOf(await outcomeOf(host, body));
    expect(fault).toMatchObject({ kind: 'protocol', deterministic: true, pointer });
    expect(fault.message).toContain(message);
    expect(fault.message.isWellFormed()).toBe(true);
    expect(fault.message.length).toBeLessThanOrEqual(2_000);
  });
});

describe('loading', () => {
  test('may await what settles', async () => {
    const session = await open(
      await programOf('const x = await Promise.resolve(7); export const program = { run: () => x };'),
    );
    expect(await run(session)).toEqual({ value: 7 });
  });

  test.each([
    ['throws', 'throw new Error("at load"); export const program = {};', 'at load'],
    ['throws text', 'throw "text"; export const program = {};', 'text'],
    [
      'throws after it awaited',
      'await null; throw new TypeError("late"); export const program = {};',
      'TypeError: late',
    ],
    ['awaits for ever', 'await new Promise(() => {}); export const program = {};', 'promise that can never settle'],
    ['is no module', 'export const = 1;', 'SyntaxError'],
    ['imports what is not there', 'import "./other.js"; export const program = {};', 'other.js'],
  ])('a module that %s is a throw', async (_what, code, message) => {
    const fault = await openFault(await programOf(code));
    expect(fault).toMatchObject({ kind: 'throw', deterministic: true });
    expect(fault.message).toContain(message);
  });

  test('a module without a program opens, and has no methods', async () => {
    const session = await open(await programOf('export const other = 1;'));
    expect(faultOf(await run(session)).message).toBe('the program has no method run');
  });
});

describe('services', () => {
  const echo = scopeOf({ services: (method, params) => ({ method, params }) });

  test('answer with a value', async () => {
    const value = await evaluate(host, 'return call("world.read_file", { path: "/a\\0é😀" });', {}, echo);
    expect(value).toEqual({ method: 'world.read_file', params: { path: '/a\0é😀' } });
  });

  test('[REQ-LIFE-04] answer with a copy', async () => {
    const held: JsonObject = { list: [1] };
    const scope = scopeOf({ services: () => held });
    expect(
      await evaluate(host, 'const v = call("x", {}); v.list.push(2); return [v, call("x", {})];', {}, scope),
    ).toEqual([{ list: [1, 2] }, { list: [1] }]);
    expect(held).toEqual({ list: [1] });
  });

  test('refuse with an Error whose message is the code', async () => {
    const scope = scopeOf({
      services: () => {
        throw new Error('file_not_found');
      },
    });
    const body = 'try { call("x", {}); } catch (e) { return [e.constructor === Error, e.message, Object.keys(e)]; }';
    expect(await evaluate(host, body, {}, scope)).toEqual([true, 'file_not_found', []]);
  });

  test.each([
    ['{ n: NaN }', 'invalid_params: /n is NaN'],
    ['{ f() {} }', 'invalid_params: /f is a function'],
    ['{ n: JSON.parse("1e999") }', 'invalid_params: /n is Infinity'],
    ['{ t: "x".repeat(2_000_000) }', 'message_too_long'],
    ['5', 'invalid_params: must be an object'],
    ['[1]', 'invalid_params: must be an object'],
    ['"text"', 'invalid_params: must be an object'],
  ])('are not asked with %s', async (params, message) => {
    const asked: string[] = [];
    const scope = scopeOf({ services: (method) => asked.push(method) });
    expect(await evaluate(host, `try { call("x", ${params}); } catch (e) { return e.message; }`, {}, scope)).toBe(
      message,
    );
    expect(asked).toEqual([]);
  });

  test('are asked with an empty object when there are no params', async () => {
    expect(await evaluate(host, 'return call("x");', {}, echo)).toEqual({ method: 'x', params: {} });
  });

  test('cannot be reached while a module loads', async () => {
    const code = `const seen = [typeof call, typeof bindings, typeof globalThis.call, typeof begin];
      export const program = { run: () => seen };`;
    const asked: string[] = [];
    const session = await open(await programOf(code), scopeOf({ services: (method) => asked.push(method) }));
    expect(await run(session)).toEqual({ value: ['undefined', 'undefined', 'undefined', 'undefined'] });
    expect(asked).toEqual([]);
  });

  test('can be asked through a call that the program kept', async () => {
    const code = 'let kept; export const program = { run: (p, call) => { kept ??= call; return kept("x").method; } };';
    const session = await open(await programOf(code), echo);
    expect([await run(session), await run(session)]).toEqual([{ value: 'x' }, { value: 'x' }]);
  });
});

describe('the console', () => {
  test('writes lines to the log, cut to two thousand characters', async () => {
    const scope = scopeOf();
    const body =
      'console.log("a", 1, null, { b: [1] }, undefined, Symbol("s")); console.error("e"); console.warn(); ' +
      'console.info("x".repeat(5000)); console.debug({ toJSON() { throw 1; } }, Object.create(null)); return 0;';
    await evaluate(host, body, {}, scope);
    expect(scope.lines.slice(0, 3)).toEqual(['a 1 null {"b":[1]} undefined Symbol(s)', 'e', '']);
    expect(scope.lines[3]).toBe('x'.repeat(2_000));
    expect(scope.lines[4]).toBe('[unprintable] {}');
  });

  test('writes well-formed text', async () => {
    const scope = scopeOf();
    await evaluate(host, 'console.log("x".repeat(1999) + "😀"); console.log("\\ud800"); return 0;', {}, scope);
    for (const line of scope.lines) expect(line.isWellFormed()).toBe(true);
  });
});
