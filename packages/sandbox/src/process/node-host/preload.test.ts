import { fileURLToPath } from 'node:url';
import type { Json } from '@tracecore/spec';
import { expect, test } from 'vitest';
import type { CallOutcome } from '../../host.js';
import { LIMITS, open, START, scopeOf, valueIn } from '../../testing/hosts.js';
import { commandOf } from '../../testing/programs.js';
import { createProcessHost } from '../host.js';

const HOST_FILE = fileURLToPath(new URL('../../../dist/process/node-host.cjs', import.meta.url));
const host = createProcessHost();

/** What `act` of a program gives, in a process of its own. */
async function outcomeOf(file: string, code: string, randomSeed = '7'): Promise<CallOutcome> {
  const command = commandOf([process.execPath, HOST_FILE, file], { files: { [file]: code } });
  const session = await open(await host.prepare(command, LIMITS), scopeOf({ randomSeed }));
  try {
    return await session.call('act', {}, { deadline: null, virtualNow: START });
  } finally {
    await session.close();
  }
}
const required = (body: string) => `'use strict'; module.exports = { program: { act: async () => { ${body} } } };`;
const evaluate = async (body: string, seed?: string): Promise<Json> =>
  valueIn(await outcomeOf('program.cjs', required(body), seed));
const faultOf = async (body: string) => {
  const outcome = await outcomeOf('program.cjs', required(body));
  return 'fault' in outcome ? outcome.fault : outcome;
};

test('[REQ-DET-03] timers run in the order of their time, and the clock moves to it at once', async () => {
  const body = `const seen = [], at = (name) => () => seen.push(name + ' ' + Date.now() % 1e6);
    setTimeout(at('late'), 86_400_000); setTimeout(at('b'), 10); setTimeout(at('a'), 5); setTimeout(at('b too'), 10);
    setTimeout(at('at once')); setImmediate(() => seen.push('immediate')); queueMicrotask(() => seen.push('microtask'));
    await new Promise((done) => setTimeout(done, 86_400_001));
    return seen;`;
  const dayAndStart = (START + 86_400_000) % 1e6;
  expect(await evaluate(body)).toEqual([
    'microtask',
    'immediate',
    ...['at once 800001', 'a 800005', 'b 800010', 'b too 800011', `late ${dayAndStart}`],
  ]);
});

test('a timer waits for work that is under way, however short it is', async () => {
  const body = `const { readFile } = require('node:fs/promises');
    const read = (async () => { for (let i = 0; i < 20; i += 1) await readFile(__filename); return 'read'; })();
    return Promise.race([read, new Promise((done) => setTimeout(done, 1, 'timer'))]);`;
  expect(await evaluate(body)).toBe('read');
});

test('timers are cleared, refreshed and let go as those of Node', async () => {
  const body = `const seen = [], note = (...args) => seen.push(args.join());
    const [one, two, three] = [1, 2, 3].map((n) => setTimeout(note, n, 'timer', n));
    clearTimeout(one); clearTimeout(+two); clearTimeout(undefined); clearTimeout('x');
    three.refresh(); setTimeout(note, 4, 'before the second'); setTimeout(() => three.refresh(), 2);
    let n = 0; const every = setInterval(() => { if ((n += 1) === 3) clearInterval(every); }, 1);
    setTimeout(note, 50, 'held by none').unref();
    await require('timers/promises').setTimeout(20);
    return [seen, n, three.hasRef(), one.unref().hasRef()];`;
  expect(await evaluate(body)).toEqual([['before the second', 'timer,3'], 3, true, false]);
  expect(await faultOf('await new Promise((done) => setTimeout(done, 1).unref());')).toMatchObject({
    message: 'act returned a promise that can never settle',
  });
  expect(await faultOf('setTimeout("text", 1);')).toMatchObject({ message: expect.stringContaining('callback') });
});

test('[REQ-DET-04] all chance follows the seed, and bytes do not move the numbers', async () => {
  const numbers = 'return [Math.random(), Math.random()];';
  const bytes = `const c = require('crypto'); const id = c.randomUUID(); c.randomBytes(9); crypto.getRandomValues(new Uint8Array(9));
    if (!/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)) throw new Error(id);`;
  const first = await evaluate(numbers);
  expect(await evaluate(bytes + numbers)).toEqual(first);
  expect(await evaluate(numbers, '8')).not.toEqual(first);
  const drawn = `const c = require('crypto'); return [c.randomBytes(3).toString('hex'), c.randomInt(1e6), crypto.randomUUID()];`;
  expect(await evaluate(drawn)).toEqual(await evaluate(drawn));
  expect(await evaluate(drawn, '8')).not.toEqual(await evaluate(drawn));
});

test('random functions take what those of Node take, and refuse what they refuse', async () => {
  const body = `const c = require('crypto'), said = (run) => { try { return run(); } catch (e) { return e.name; } };
    const filled = c.randomFillSync(new Uint16Array(4), 1, 2);
    const many = Array.from({ length: 300 }, () => c.randomInt(-2, 2));
    return [filled[0], filled[3], filled[1] + filled[2] > 0, Math.min(...many), Math.max(...many),
      await new Promise((done) => c.randomInt(5, 6, (error, n) => done([error, n]))),
      await new Promise((done) => c.randomFill(Buffer.alloc(2), (error, b) => done(b.length))),
      said(() => c.randomInt(2, 2)), said(() => c.randomInt(0.5)), said(() => c.randomFillSync(Buffer.alloc(2), 1, 2)),
      said(() => crypto.getRandomValues(new Float32Array(1))), said(() => crypto.getRandomValues(new Uint8Array(65537)))];`;
  expect(await evaluate(body)).toEqual([
    ...[0, 0, true, -2, 1, [null, 5], 2],
    ...['RangeError', 'TypeError', 'RangeError', 'TypeMismatchError', 'QuotaExceededError'],
  ]);
});

test('[REQ-DET-03] dates are real ones in all their forms, and tell the virtual time', async () => {
  const body = `const d = new Date(), clone = structuredClone(d), { isDate } = require('util').types;
    class Own extends Date { twice() { return this * 2; } }
    return [[d, new Own()].map(isDate), clone.getTime() === d.getTime(), clone.constructor === Date, new Own(4).twice(),
      new Date(new Date(7)).getTime(), Date.parse('5 Jan 2001'), Date.parse('noon'), new Date(undefined).getTime(),
      new Intl.DateTimeFormat('en-US').format(), new Date(0).toLocaleDateString('en-US', { month: 'long' })]
      .map((value) => Number.isNaN(value) ? 'NaN' : value);`;
  const parsed = [8, 7, Date.UTC(2001, 0, 5), 'NaN', 'NaN'];
  expect(await evaluate(body)).toEqual([[true, true], true, true, ...parsed, '1/1/2000', 'January']);
});

test('built-in modules are changed however a program comes by them', async () => {
  const names = `[os.hostname(), os.cpus().length, typeof sleep, performance.timeOrigin]`;
  const seen = ['localhost', 1, 'function', START];
  const body = `const os = require('OS'), { setTimeout: sleep } = require('timers/promises'); await sleep(1e6); return ${names};`;
  for (const os of ['os', 'node:os']) expect(await evaluate(body.replace('OS', os))).toEqual(seen);
  expect(
    await evaluate(`const os = process.getBuiltinModule('node:os'), sleep = setTimeout; return ${names};`),
  ).toEqual(seen);
  expect(await evaluate(`const os = await import('os'), sleep = setTimeout; return ${names};`)).toEqual(seen);
  const imported = `import os from 'node:os'; import { setTimeout as sleep } from 'timers/promises'; import { performance } from 'perf_hooks';
    await sleep(1e6); export const program = { act: () => ${names} };`;
  expect(valueIn(await outcomeOf('program.mjs', imported))).toEqual(seen);
});

test('stacks name the program alone, and nothing of where it lies', async () => {
  const stack = (await evaluate(`return [3].map(function inner() { return new TypeError('x').stack; })[0];`)) as string;
  expect(stack).toMatch(/^TypeError: x\n {4}at inner \(program\.js:1:\d+\)\n {4}at act \(program\.js:1:\d+\)$/);
});

test('process tells of the same small machine everywhere', async () => {
  const body = `const { pid, ppid, title, version, versions, execArgv, execPath, env } = process;
    return [pid, ppid, title, version === 'v' + versions.node, execArgv, execPath, { ...env }, process.memoryUsage.rss() === process.memoryUsage().rss];`;
  const env = { TZ: 'UTC', LANG: 'C' };
  expect(await evaluate(body)).toEqual([2, 1, 'node', true, [], '/usr/bin/node', env, true]);
});

test('a program that ends itself by its number ends no other', async () => {
  expect(await faultOf(`process.kill(process.pid, 'SIGKILL'); for (;;);`)).toMatchObject({
    kind: 'crash',
    message: 'was ended by SIGKILL before it answered act',
  });
});

test('[REQ-DET-05] nothing tells when memory is collected, or what it held', async () => {
  const body = `const held = {}; const ref = new WeakRef(held), registry = new FinalizationRegistry(() => {});
    registry.register(held, 1, held);
    const said = [() => new WeakRef(1), () => new FinalizationRegistry(1), () => registry.register(1)].map((run) => { try { run(); return ''; } catch (e) { return e.name; } });
    return [ref.deref() === held, ref + '', registry.unregister(held), registry.unregister(held), said, WeakRef.name,
      Buffer.allocUnsafe(8192).some(Boolean), typeof gc];`;
  const thrown = ['TypeError', 'TypeError', 'TypeError'];
  expect(await evaluate(body)).toEqual([true, '[object WeakRef]', true, false, thrown, 'WeakRef', false, 'undefined']);
});
