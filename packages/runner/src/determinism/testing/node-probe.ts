import { AsyncLocalStorage } from 'node:async_hooks';
import * as nodeCrypto from 'node:crypto';
import { readFile } from 'node:fs';
import os from 'node:os';
import { relative } from 'node:path';
import { performance as nodePerformance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { defineAgent } from '@tracecore/kit';
import { dates, language, names, order, stackOf } from './shared.js';

const born = [Math.random(), Date.now()];
const words = ['b', 'a', 'ä', 'B'];

/** The order in which timers and other work come, and the time they take. */
async function timers(): Promise<unknown> {
  const seen: string[] = [];
  const note = (name: string) => () => void seen.push(name);
  const context = new AsyncLocalStorage<string>();
  setTimeout(note('20 ms'), 20);
  setTimeout(note('10 ms'), 10);
  context.run('a context', () => setTimeout(() => note(`10 ms too, in ${context.getStore()}`)(), 10));
  const ticking = setInterval(note('every 7 ms'), 7);
  setTimeout(note('unheard'), 1_000_000).unref();
  clearTimeout(setTimeout(note('cleared'), 1));
  setImmediate(note('immediate'));
  const began = Date.now();
  await promisify(readFile)(new URL(import.meta.url));
  seen.push('read');
  const late = AbortSignal.timeout(40);
  await promisify(setTimeout)(50);
  clearInterval(ticking);
  await sleep(3_600_000);
  return [seen, late.reason.name, Date.now() - began];
}

async function chance(): Promise<unknown> {
  const { randomBytes, randomFillSync, randomInt, randomUUID, webcrypto } = nodeCrypto;
  const later = await promisify(randomBytes)(4);
  const bytes = [randomBytes(4), later, randomFillSync(Buffer.alloc(4), 1, 2)].map((each) => each.toString('hex'));
  const numbers = [randomInt(1_000), randomInt(5, 9), ...crypto.getRandomValues(new Uint16Array(2))];
  return [bytes, numbers, randomUUID(), crypto.randomUUID(), [...webcrypto.getRandomValues(new Uint8Array(2))]];
}

function times(): unknown {
  performance.mark('a');
  const { duration, startTime } = performance.measure('b', 'a');
  const since = process.hrtime();
  const instant = [process.hrtime(since), String(process.hrtime.bigint()), process.uptime(), os.uptime()];
  const format = new Intl.DateTimeFormat('de-DE', { dateStyle: 'full', timeStyle: 'long' });
  const cloned = structuredClone(new Date());
  return [
    [performance.now(), nodePerformance.timeOrigin, duration, startTime, new Event('x').timeStamp, ...instant],
    [format.format(), format.format(cloned), cloned instanceof Date, cloned.constructor === Date],
    [Intl.DateTimeFormat().resolvedOptions().timeZone, Intl.NumberFormat().resolvedOptions().locale],
  ];
}

function machine(): unknown {
  const { pid, ppid, version, versions, argv, execArgv, execPath, title, env, release } = process;
  const used = [process.memoryUsage(), process.memoryUsage.rss(), process.cpuUsage(), process.resourceUsage()];
  const place = relative(process.cwd(), new URL(import.meta.url).pathname);
  const system = [os.hostname(), os.loadavg(), os.freemem(), os.totalmem(), os.cpus(), os.networkInterfaces()];
  const user = [os.userInfo(), os.homedir(), os.tmpdir(), process.getuid?.()];
  const process_ = [pid, ppid, version, { ...versions }, argv, execArgv, execPath, title, { ...env }, release];
  return [process_, used, place, system, user, Buffer.allocUnsafe(4_096).every((byte) => byte === 0)];
}

/** Notes everything around it that could differ from machine to machine, in the arguments of its actions. */
export default defineAgent(() => ({
  async act() {
    const shared = { born, random: [Math.random(), Math.random()], dates: dates(), language: language() };
    const stack = stackOf(() => {
      throw new TypeError('here');
    });
    const kept = {};
    const own = {
      order: await order(),
      names: names(),
      locale: [(1234567.891).toLocaleString(), words.sort((a, b) => a.localeCompare(b)), 'I'.toLowerCase()],
      weak: new WeakRef(kept).deref() === kept,
      stack,
      times: times(),
      chance: await chance(),
      machine: machine(),
      timers: await timers(),
    };
    return { type: 'mixed', args: { x: { shared, own } } };
  },
}));
