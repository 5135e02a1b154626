// What a queue costs: memory of a waiting episode and of a waiting result, episodes a second that one server, one submitter
// and one worker pass through when playing costs nothing, and real episodes over it against the same workers without it.
// Starts a redis-server of its own on the loopback. One line of JSON.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { createQueueEngine, startWorker } from '../packages/queue/dist/index.js';
import { batchJob, createRunner } from '../packages/runner/dist/index.js';
import { play, runtime, task, twentySteps } from './stage.mjs';

const EPISODES = 2_000;
const REAL_EPISODES = 300;
/** Different episodes; jobs repeat them under ids of their own. */
const SEEDS = 64;
const LANES = 2;
const ROUNDS = 3;
const idle = new AbortController().signal;

const folder = mkdtempSync(join(tmpdir(), 'tracecore-queue-bench-'));
const port = await freePort();
const server = spawn(
  'redis-server',
  [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
    ...['--appendonly', 'yes', '--appendfsync', 'everysec'],
  ],
  { stdio: 'ignore' },
);
const url = `redis://127.0.0.1:${port}`;
const runner = createRunner({ runtime, workers: LANES });
let batches = 0;
try {
  while (!(await answers())) await sleep(20);
  const agent = await twentySteps();
  const sample = await play(runner, agent, 1);
  const json = JSON.stringify(sample);
  const fields = { agent: sample.agent_ref, agent_hash: agent.hash, task_ref: task.ref, task_hash: task.hash };
  const seeds = Array.from({ length: SEEDS }, (_, seed) => batchJob({ ...fields, seed, budgets: {} }));
  const jobs = (count) =>
    Array.from({ length: count }, (_, at) => ({ ...seeds[at % SEEDS], id: `${'0'.repeat(24)}${at}` }));
  const real = { accept: async () => null, play: (job) => play(runner, agent, job.seed) };
  // What is handed in must be of the job, so each gets an artifact of its own; played before anything is timed.
  const played = new Map();
  for (const { seed } of seeds) played.set(seed, await play(runner, agent, seed));
  const free = { accept: async () => null, play: async ({ seed }) => played.get(seed) };

  const memory = await memoryOf(jobs(EPISODES), free);
  const rates = { queue: [], local: [], overhead: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.local.push(
      await rateOf(REAL_EPISODES, () => inLanes(jobs(REAL_EPISODES), (job) => play(runner, agent, job.seed))),
    );
    rates.queue.push(await rateOf(REAL_EPISODES, () => overQueue(jobs(REAL_EPISODES), real, LANES)));
    rates.overhead.push(await rateOf(EPISODES, () => overQueue(jobs(EPISODES), free, LANES)));
  }
  const best = (values) => Math.round(Math.max(...values));
  console.log(
    JSON.stringify({
      artifact_bytes: json.length,
      artifact_gzip_bytes: gzipSync(json).length,
      ...memory,
      local_per_second: best(rates.local),
      queue_per_second: best(rates.queue),
      queue_share: best(rates.queue) / best(rates.local),
      free_episodes_per_second: best(rates.overhead),
    }),
  );
} finally {
  await runner.close();
  server.kill('SIGKILL');
  await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
}

/** Bytes of the server's memory for each episode that waits, and for each result that waits to be collected. */
async function memoryOf(jobs, player) {
  const before = await usedMemory();
  const abort = new AbortController();
  const batchId = `memory-${batches++}`;
  const options = { url, batchId, runtime, window: jobs.length };
  let stuck = () => undefined;
  const hold = new Promise((resolve) => {
    stuck = resolve;
  });
  // The submitter takes one result and is busy with it for ever; the others wait in the server.
  const running = createQueueEngine(options).run(jobs, () => hold, abort.signal);
  await sleep(3_000);
  const queued = (await usedMemory()) - before;
  const worker = await startWorker({ url, runtime, player, concurrency: LANES });
  await until(async () => Number(await ask('XLEN', `tracecore:batch:${batchId}:results`)) >= jobs.length);
  const waiting = (await usedMemory()) - before;
  stuck();
  await running;
  await worker.stop();
  return { queued_bytes: Math.round(queued / jobs.length), waiting_bytes: Math.round(waiting / jobs.length) };
}

async function overQueue(jobs, player, concurrency) {
  const worker = await startWorker({ url, runtime, player, concurrency });
  const engine = createQueueEngine({ url, batchId: `rate-${batches++}`, runtime });
  const report = async ({ outcome }) => {
    if (outcome.kind !== 'artifact') throw new Error(`${outcome.code}: ${outcome.message}`);
  };
  await engine.run(jobs, report, idle);
  await worker.stop();
}

async function inLanes(jobs, action) {
  const left = jobs.values();
  const lane = async () => {
    for (const job of left) await action(job);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function rateOf(count, action) {
  const began = performance.now();
  await action();
  return (count / (performance.now() - began)) * 1_000;
}

async function usedMemory() {
  return Number(/used_memory:(\d+)/.exec(await ask('INFO', 'memory'))?.[1]);
}

/** One command in the server's plain form; its answer up to the end of the stream. */
async function ask(...words) {
  const socket = connect(port, '127.0.0.1');
  socket.end(`${words.join(' ')}\r\nQUIT\r\n`);
  let text = '';
  for await (const part of socket) text += part;
  return words[0] === 'XLEN' ? text.slice(1).split('\r')[0] : text;
}

async function until(holds) {
  while (!(await holds())) await sleep(100);
}

async function answers() {
  try {
    return (await ask('PING')).startsWith('+PONG');
  } catch {
    return false;
  }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: found } = probe.address();
  probe.close();
  await once(probe, 'close');
  return found;
}
