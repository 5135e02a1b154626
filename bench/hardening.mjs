// What it costs to keep programs from the machine: honest episodes under everything that this machine has, against the
// same under nothing. Both take turns in the same run. Prints one line of JSON.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLoader, createRunner } from '../packages/runner/dist/index.js';
import { NO_MACHINE, probeMachine } from '../packages/sandbox/dist/confine.js';
import { readTaskFolder } from '../packages/tasks/dist/index.js';
import { median } from './measure.mjs';

const ROUNDS = 9;
/** Episodes between two turns, and before the first: bundles need many for the engine to be warm. */
const BUNDLES = { batch: 40, warmUp: 80 };
const PROCESSES = { batch: 6, warmUp: 3 };
const PYTHON_AGENT = `class Agent:
    def reset(self, task):
        self.step = 0

    def observe(self, observation):
        self.step += 1

    def act(self):
        return ACTIONS[self.step - 1]
`;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const scratch = mkdtempSync(join(tmpdir(), 'tracecore-bench-'));
const kit = (file) => readFileSync(join(root, 'apps', 'tracecore', 'dist', file), 'utf8');
const loader = createLoader({
  workspaceRoot: scratch,
  builtinRoot: root,
  cacheDir: null,
  modules: { '@tracecore/kit': kit('kit.js'), '@tracecore/kit/guest': kit('kit-guest.js') },
});
const task = await loader.task(await readTaskFolder(join(root, 'tasks', 'rate_limited_api')));
const seed = 1;
const runtime = { name: 'tracecore-bench', version: '0.0.0', gitSha: null };
const machine = await probeMachine();
const runners = {
  hardened: createRunner({ workers: 1, runtime, machine }),
  bare: createRunner({ workers: 1, runtime, machine: NO_MACHINE }),
};

try {
  const file = join(root, 'bench', 'agents', 'twenty_steps_agent.ts');
  const bundle = await loader.agent(file);
  const results = { isolate: await compare(bundle, BUNDLES) };
  results.node = await compare(await loader.agent(file, { isolation: 'process' }), PROCESSES);
  const python = await pythonAgent(await runners.bare.run({ agent: bundle, task, seed }));
  if (python) results.python = await compare(python, PROCESSES);
  console.log(JSON.stringify(results));
} finally {
  for (const runner of Object.values(runners)) await runner.close();
  rmSync(scratch, { recursive: true, force: true });
}

/** Time of an episode, in ms, on each side, and what the hardening adds. */
async function compare(agent, { batch, warmUp }) {
  const mechanism = {};
  const times = { hardened: [], bare: [] };
  for (const side of Object.keys(times)) {
    const { isolation } = await runners[side].run({ agent, task, seed });
    mechanism[side] = isolation.mechanism;
    await timeOf(runners[side], agent, warmUp);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    // Whoever goes second finds the machine warmer.
    const turns = round % 2 === 0 ? ['hardened', 'bare'] : ['bare', 'hardened'];
    for (const side of turns) times[side].push(await timeOf(runners[side], agent, batch));
  }
  // Of each round by itself, so that a slow moment of the machine falls on both.
  const rounds = times.hardened.map((hardened, round) => ({ hardened, bare: times.bare[round] }));
  return {
    mechanism,
    hardened_ms: median(times.hardened),
    bare_ms: median(times.bare),
    added_ms: median(rounds.map(({ hardened, bare }) => hardened - bare)),
    overhead: median(rounds.map(({ hardened, bare }) => hardened / bare - 1)),
  };
}

async function timeOf(runner, agent, count) {
  const start = performance.now();
  for (let played = 0; played < count; played += 1) {
    const { success, steps_used, failure_reason } = await runner.run({ agent, task, seed });
    if (!success || steps_used !== 20) throw new Error(`expected 20 steps, got ${steps_used}: ${failure_reason}`);
  }
  return (performance.now() - start) / count;
}

/** The same actions by a Python agent; null where there is no python3. */
async function pythonAgent({ action_trace: entries }) {
  const file = join(scratch, 'agent.py');
  const actions = JSON.stringify(JSON.stringify(entries.map(({ action }) => action)));
  writeFileSync(file, `import json\n\nACTIONS = json.loads(${actions})\n\n\n${PYTHON_AGENT}`);
  try {
    return await loader.agent(file);
  } catch (error) {
    if (error.code === 'PYTHON_MISSING') return null;
    throw error;
  }
}
