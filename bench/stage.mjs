// What the benchmarks of episodes share: a task, a loader, and agents that play it in exactly twenty steps.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLoader } from '../packages/runner/dist/index.js';
import { readTaskFolder } from '../packages/tasks/dist/index.js';

const STEPS = 20;
const PYTHON_AGENT = `class Agent:
    def reset(self, task):
        self.step = 0

    def observe(self, observation):
        self.step += 1

    def act(self):
        return ACTIONS[self.step - 1]
`;

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const kit = (file) => readFileSync(join(root, 'apps', 'tracecore', 'dist', file), 'utf8');

export const runtime = { name: 'tracecore-bench', version: '0.0.0', gitSha: null };
/** A folder of the benchmark's own, gone when it ends. */
export const scratch = mkdtempSync(join(tmpdir(), 'tracecore-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

export const loader = createLoader({
  workspaceRoot: scratch,
  builtinRoot: root,
  cacheDir: null,
  modules: { '@tracecore/kit': kit('kit.js'), '@tracecore/kit/guest': kit('kit-guest.js') },
});
export const task = await loader.task(await readTaskFolder(join(root, 'tasks', 'rate_limited_api')));

/** The agent in TypeScript: as a bundle, or with `isolation: 'process'` as a program. */
export const twentySteps = (options) => loader.agent(join(root, 'bench', 'agents', 'twenty_steps_agent.ts'), options);

/** An agent in Python that does again what an artifact's agent did; null where there is no python3. */
export async function pythonTwin({ action_trace: entries }) {
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

/** Plays one episode and gives its artifact; a benchmark of episodes that fail would say nothing. */
export async function play(runner, agent, seed) {
  const artifact = await runner.run({ agent, task, seed });
  const { success, steps_used, failure_reason } = artifact;
  if (success && steps_used === STEPS) return artifact;
  throw new Error(`expected a success in ${STEPS} steps, got ${steps_used} (seed ${seed}): ${failure_reason}`);
}

/** The lines of an episode, as both sides write them. */
export function linesOf({ action_trace: entries }) {
  const request = (id, method, params) => JSON.stringify({ jsonrpc: '2.0', id, method, params });
  const answer = (id, result) => JSON.stringify({ jsonrpc: '2.0', id, result });
  const requests = [
    request(1, 'initialize', { protocol: 'tracecore-agent-protocol-v1', role: 'agent', seed_random: '1' }),
    request(2, 'reset', { task: task.manifest }),
    ...entries.map(({ observation }, i) => request(i + 3, 'act', { observation })),
    request(entries.length + 3, 'shutdown', {}),
  ];
  const answers = [
    answer(1, { protocol: 'tracecore-agent-protocol-v1' }),
    answer(2, null),
    ...entries.map(({ action }, i) => answer(i + 3, action)),
    answer(entries.length + 3, null),
  ];
  return { requests, answers };
}
