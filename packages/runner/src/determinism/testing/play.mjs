// Plays one episode and prints its hash and actions: `node play.mjs WORKSPACE AGENT HOST`, where the workspace holds
// `counter/`, a task, and `modules.json`, the kit's modules.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTaskFolder } from '@tracecore/tasks';
import { createLoader, createRunner } from '../../../dist/index.js';

const [workspaceRoot, file, isolation] = process.argv.slice(2);
const modules = JSON.parse(readFileSync(join(workspaceRoot, 'modules.json'), 'utf8'));
const loader = createLoader({ workspaceRoot, builtinRoot: workspaceRoot, cacheDir: null, modules });
const runner = createRunner({ runtime: { name: 'test', version: '0', gitSha: null } });
try {
  const [agent, task] = await Promise.all([
    loader.agent(file, { isolation }),
    loader.task(await readTaskFolder(join(workspaceRoot, 'counter'))),
  ]);
  const artifact = await runner.run({ agent, task, seed: 7, budgets: { tool_calls: 2 } });
  const { artifact_hash: hash, failure_reason: failure, action_trace: trace } = artifact;
  process.stdout.write(JSON.stringify({ hash, failure, actions: trace.map(({ action }) => action) }));
} finally {
  await runner.close();
}
