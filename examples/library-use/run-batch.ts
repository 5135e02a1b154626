// Plays one episode, then a batch of ten with a journal, from a program of your own.
// Its arguments: the folder that holds tasks/ and agents/, the folder to keep runs in, and the kit's two built texts.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  batchJob,
  createLoader,
  createLocalEngine,
  createRunner,
  planHash,
  runBatch,
  runEpisode,
} from '@tracecore/runner';
import { newBatchId, openBatches, openStore } from '@tracecore/store';
import { readTaskFolder } from '@tracecore/tasks';

const [builtinRoot, home, kit, guest] = process.argv.slice(2) as [string, string, string, string];
const runtime = { name: 'library-use', version: '1.0.0', gitSha: null };

// Programs are bundled once. What they import of the kit is handed in as text, so that nothing else reaches an isolate.
const loader = createLoader({
  workspaceRoot: process.cwd(),
  builtinRoot,
  cacheDir: null,
  modules: {
    '@tracecore/kit': await readFile(kit, 'utf8'),
    '@tracecore/kit/guest': await readFile(guest, 'utf8'),
  },
});
const task = await loader.task(await readTaskFolder(join(builtinRoot, 'tasks', 'filesystem_hidden_config')));
const agent = await loader.agent(join(builtinRoot, 'agents', 'toy_agent.ts'));

// One episode. How it ends is in the artifact and never an exception.
const store = openStore(home);
const artifact = await runEpisode({ agent, task, seed: 7 }, { runtime });
await store.put(artifact);
console.log(`${artifact.termination_reason} in ${artifact.steps_used} steps`);

// A batch: jobs are plain JSON that names programs; `play` is what makes an episode of one.
const jobs = Array.from({ length: 10 }, (_, seed) =>
  batchJob({
    agent: agent.ref,
    agent_hash: agent.hash,
    task_ref: task.ref,
    task_hash: task.hash,
    seed,
    budgets: { wall_clock_seconds: 30 },
  }),
);
const now = new Date();
const batch = await openBatches(home, store).create({
  batch_version: 1,
  batch_id: newBatchId(now),
  created_at: now.toISOString(),
  plan_hash: planHash(jobs),
  shard: null,
  options: { isolation: null, env: [], strict_spec: false, minimum: 'permissions', runtime: runtime.version },
  jobs,
});
const runner = createRunner({ workers: 2, runtime });
try {
  const engine = createLocalEngine({
    workers: 2,
    play: ({ seed, budgets }) => runner.run({ agent, task, seed, budgets }),
  });
  const { summary } = await runBatch({ id: batch.plan.batch_id, jobs }, { engine, keeper: batch });
  console.log(`${summary.passed} of ${summary.total} passed`);
} finally {
  await runner.close();
  await batch.close();
}
const kept = await store.get(artifact.run_id);
console.log(kept.artifact.artifact_hash === artifact.artifact_hash ? 'kept as it was' : 'changed');
