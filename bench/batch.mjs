// Batches on this machine with a journal and artifacts on the disk: an even mix of four pairings on two workers and on one,
// Node programs in processes of their own against the bare exchange, and the memory of the coordinator. One line of JSON.
// node bench/batch.mjs [--memory] [--episodes 1200]
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { batchJob, createLocalEngine, createRunner, planHash, runBatch } from '../packages/runner/dist/index.js';
import { newBatchId, openBatches, openStore } from '../packages/store/dist/index.js';
import { readTaskFolder } from '../packages/tasks/dist/index.js';
import { median } from './measure.mjs';
import { linesOf, loader, play, root, runtime, scratch, task, twentySteps } from './stage.mjs';

const MIX = ['filesystem_hidden_config', 'rate_limited_api', 'log_stream_monitor', 'rate_limited_chain'];
const ROUNDS = 3;
const PROCESS_EPISODES = 40;

const { values } = parseArgs({
  options: {
    episodes: { type: 'string', default: '1200' },
    memory: { type: 'boolean', default: false },
    alone: { type: 'string' },
  },
});
const episodes = Number(values.episodes);

if (values.alone) {
  // A process of its own, since the peak of a process never goes down.
  await batch(Number(values.alone), 2, await mix());
  console.log(process.resourceUsage().maxRSS / 1024);
} else {
  const programs = await mix();
  const rates = { one: [], two: [] };
  await batch(200, 2, programs);
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.two.push(await batch(episodes, 2, programs));
    rates.one.push(await batch(episodes / 2, 1, programs));
  }
  const ratios = rates.two.map((rate, round) => rate / rates.one[round]);
  const results = { per_second: median(rates.two), one_per_second: median(rates.one), scaling: median(ratios), rates };
  results.process = await processes();
  if (values.memory) results.peak_mib = { thousand: peakOf(1_000), ten_thousand: peakOf(10_000) };
  console.log(JSON.stringify(results));
}

async function mix() {
  const { pairings } = JSON.parse(readFileSync(join(root, 'agents', 'pairings.json'), 'utf8'));
  return Promise.all(
    MIX.map(async (name) => {
      const { agent } = pairings.find((pairing) => pairing.name === name);
      const folder = await readTaskFolder(join(root, 'tasks', name));
      return { agent: await loader.agent(join(root, agent)), task: await loader.task(folder) };
    }),
  );
}

/** Plays a batch as `run batch` does and gives its episodes a second; every one of them must pass. */
async function batch(count, workers, programs) {
  const jobs = Array.from({ length: count }, (_, place) => {
    const { agent, task } = programs[place % programs.length];
    const code = { agent: agent.ref, agent_hash: agent.hash, task_ref: task.ref, task_hash: task.hash };
    return batchJob({ ...code, seed: Math.floor(place / programs.length), budgets: {} });
  });
  const home = join(scratch, 'batches', String(performance.now()));
  mkdirSync(home, { recursive: true });
  const now = new Date();
  const kept = await openBatches(home, openStore(home)).create({
    ...{ batch_version: 1, batch_id: newBatchId(now), created_at: now.toISOString(), plan_hash: planHash(jobs) },
    ...{
      shard: null,
      options: { isolation: null, env: [], strict_spec: false, minimum: 'permissions', runtime: '0.0.0' },
      jobs,
    },
  });
  const byName = new Map(programs.map((one) => [`${one.agent.ref} ${one.task.ref}`, one]));
  const runner = createRunner({ workers, runtime });
  const playJob = ({ agent, task_ref, seed, budgets }) =>
    runner.run({ ...byName.get(`${agent} ${task_ref}`), seed, budgets });
  const engine = createLocalEngine({ play: playJob, workers, retries: 0 });
  try {
    const start = performance.now();
    const { summary } = await runBatch({ id: kept.plan.batch_id, jobs }, { engine, keeper: kept });
    const seconds = (performance.now() - start) / 1_000;
    if (summary.passed !== count) throw new Error(`expected ${count} passed, got ${JSON.stringify(summary)}`);
    return count / seconds;
  } finally {
    await kept.close();
    await runner.close();
  }
}

/** Twenty-step episodes of a Node program, two at a time in a batch, against as many bare exchanges two at a time. */
async function processes() {
  const agent = await twentySteps({ isolation: 'process' });
  const runner = createRunner({ workers: 1, runtime });
  const { requests, answers } = linesOf(await play(runner, agent, 1));
  await runner.close();
  writeFileSync(join(scratch, 'answers.json'), JSON.stringify(answers));
  writeFileSync(join(scratch, 'bare.cjs'), readFileSync(new URL('bare.cjs', import.meta.url)));
  const rates = { batch: [], bare: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.batch.push(await batch(PROCESS_EPISODES, 2, [{ agent, task }]));
    const start = performance.now();
    const lane = async () => {
      for (let done = 0; done < PROCESS_EPISODES / 2; done += 1) await exchange(requests);
    };
    await Promise.all([lane(), lane()]);
    rates.bare.push(PROCESS_EPISODES / ((performance.now() - start) / 1_000));
  }
  const shares = rates.batch.map((rate, round) => rate / rates.bare[round]);
  return { per_second: median(rates.batch), bare_per_second: median(rates.bare), share: median(shares) };
}

function exchange(requests) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['bare.cjs'], { cwd: scratch, env: {}, stdio: ['pipe', 'pipe', 'inherit'] });
    let sent = 0;
    const next = () => sent < requests.length && child.stdin.write(`${requests[sent++]}\n`);
    createInterface({ input: child.stdout }).on('line', next);
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`bare.cjs exited with ${code}`))));
    next();
  });
}

function peakOf(count) {
  const argv = [fileURLToPath(import.meta.url), '--alone', String(count)];
  const { status, stdout } = spawnSync(process.execPath, argv, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`a batch of ${count} exited with ${status}`);
  return Number(stdout);
}
