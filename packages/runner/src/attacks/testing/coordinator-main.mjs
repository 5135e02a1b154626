// The process that an attack is out for: it holds a runner, plays what it is asked to, and knows nothing of canaries but
// the one in its environment and the one it is told to keep in mind.

import { readFileSync } from 'node:fs';
import { readTaskFolder } from '@tracecore/tasks';
import { createLoader, createRunner, verifyArtifact } from '../../../dist/index.js';

const GUARD_BYTES = 4_096;
const SMALLEST_STACK = 1_048_576;

const { modules, workspace, cache, mark, runnerOptions } = await new Promise((resolve) => {
  process.once('message', resolve);
});
const runtime = { name: 'tracecore-ts', version: '0.0.0-attacks', gitSha: null };
const runner = createRunner({ runtime, ...runnerOptions });
const loader = createLoader({
  workspaceRoot: workspace,
  builtinRoot: workspace,
  cacheDir: cache,
  modules,
  env: { TRACECORE_ATTACK: mark },
});

async function play({ agent, isolation, task, request }) {
  // The inline host takes what was loaded for an isolate.
  const options = isolation === 'inline' ? {} : { isolation };
  return runner.run({
    agent: await loader.agent(agent, options),
    task: await loader.task(await readTaskFolder(task)),
    seed: 7,
    ...(isolation === 'inline' ? { isolation } : {}),
    ...request,
  });
}

/** What is wrong with an artifact; its score is derived again only where `score` says so. */
async function verify({ artifact, task, score }) {
  const loaded = await loader.task(await readTaskFolder(task));
  const dependencies = {
    registry: { get: async () => loaded },
    loader: { task: async () => loaded },
    runner: score ? runner : null,
  };
  const { checks } = await verifyArtifact(artifact, JSON.stringify(artifact), dependencies);
  const failed = checks.filter(({ check, status }) => status === 'fail' && (score || check !== 're-derivation'));
  return failed.map(({ message }) => message);
}

const answers = {
  play,
  verify,
  remember: ({ canary }) => {
    globalThis.kept = `kept in mind: ${canary}`;
  },
  /** Garbage is given back to the system a little after it was found, so it is looked for more than once. */
  rss: async () => {
    for (let i = 0; i < 5; i += 1) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return process.memoryUsage().rss - residentStacks();
  },
  close: () => runner.close(),
};

process.on('message', async ({ id, method, params }) => {
  try {
    process.send({ id, value: (await answers[method](params)) ?? null });
  } catch (error) {
    process.send({ id, error: { code: error.code ?? error.name, message: error.message } });
  }
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });

/**
 * The resident bytes of thread stacks. One that is read from outside, as some attacks do, is resident as a whole from then
 * on and holds no more than before. A stack lies directly above its guard page and is far larger than it.
 */
function residentStacks() {
  let maps;
  try {
    maps = readFileSync('/proc/self/smaps', 'utf8');
  } catch {
    return 0;
  }
  let [guardEnd, isStack, bytes] = ['', false, 0];
  for (const line of maps.split('\n')) {
    const [, start, end, access] = /^([0-9a-f]+)-([0-9a-f]+) (\S+) /.exec(line) ?? [];
    if (start !== undefined) {
      const size = Number.parseInt(end, 16) - Number.parseInt(start, 16);
      isStack = access === 'rw-p' && start === guardEnd && size > SMALLEST_STACK;
      guardEnd = access === '---p' && size === GUARD_BYTES ? end : '';
    } else if (isStack && line.startsWith('Rss:')) bytes += Number.parseInt(line.slice(4), 10) * 1024;
  }
  return bytes;
}
