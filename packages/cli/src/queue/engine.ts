import { resolve } from 'node:path';
import type { AgentCode } from '@tracecore/runner';
import type { BatchPlan } from '@tracecore/spec';
import type { OpenedEngine } from '../batch/engine.js';
import type { Loaded } from '../batch/load-batch.js';
import { warnOnce } from '../bench.js';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError } from '../error.js';
import { passedOn } from '../passed-on.js';
import { isThere, type Workspace } from '../workspace.js';
import { readQueue } from './address.js';

export interface Queued {
  loaded: Loaded;
  retries: number;
  plan: BatchPlan;
}

/** @throws {CliError} USAGE for options that do not go together. */
export function requireQueueOptions(input: CommandInput): void {
  if (input.has('queue')) {
    if (!input.has('workers')) return;
    throw new CliError('USAGE', '--workers is of this machine; how much a queue plays at once, its workers say');
  }
  const option = ['provider', 'send-agent'].find((one) => input.has(one));
  if (option !== undefined) throw new CliError('USAGE', `--${option} goes with --queue`);
}

/** The engine of a queue: the batch is played by its workers, and a resume takes what they have played meanwhile. */
export async function openQueueEngine(
  deps: Deps,
  workspace: Workspace,
  input: CommandInput,
  { loaded, retries, plan }: Queued,
): Promise<OpenedEngine> {
  const { isolation, env, strict_spec } = plan.options;
  if (isolation === 'inline') {
    throw new CliError('USAGE', '--isolation inline is for debugging on this machine; no worker plays it');
  }
  const address = readQueue(deps.io, input);
  const queue = await deps.load.queue();
  const provider = input.text('provider');
  const engine = queue.createQueueEngine({
    ...address,
    batchId: plan.batch_id,
    settings: { isolation, minimum: strict_spec ? workspace.config.isolation.minimum : null, env },
    maxAttempts: retries + 1,
    ...(provider === undefined ? {} : { provider }),
    ...(input.has('send-agent') ? { code: await codeOf(deps, workspace, loaded) } : {}),
    onNotice: warnOnce(deps),
  });
  const shown = passedOn('queue', queue.shownAddress(address));
  return { engine, close: async () => undefined, resumeWith: `${shown}${passedOn('provider', provider)}` };
}

/** The code of the workspace's own agents; those of the runtime are wherever the runtime is. */
async function codeOf(deps: Deps, workspace: Workspace, { agents }: Loaded): Promise<Map<string, AgentCode>> {
  const { packAgent } = await deps.load.runner();
  const code = new Map<string, AgentCode>();
  for (const [name, agent] of agents) {
    const file = resolve(workspace.root, name);
    if (name.startsWith('cmd:') || !(await isThere(file))) continue;
    code.set(agent.hash, await packAgent(file, agent));
  }
  return code;
}
