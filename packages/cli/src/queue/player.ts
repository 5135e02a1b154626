import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { AgentCode, JobPlayer, JobSettings, LoadedAgent, Refusal } from '@tracecore/runner';
import type { BatchJob } from '@tracecore/spec';
import type { LoadedTask, TaskFolder } from '@tracecore/tasks';
import { readEnvironment } from '../bench.js';
import type { Deps } from '../deps.js';
import { openTasks, reportFaults } from '../find-task.js';
import { confinementOf, isThere, type Workspace } from '../workspace.js';

export interface QueuePlayerOptions {
  /** Episodes at once. */
  concurrency: number;
  /** Whether code that comes with a batch is played. */
  acceptCode: boolean;
  /** Whether programs that a batch names are run. */
  acceptCommands: boolean;
  /** Names of variables that an agent's process may be given. */
  env: readonly string[];
  say: (text: string) => void;
}

/** An agent and a task that hash to what was asked for. */
interface Ready {
  agent: LoadedAgent;
  task: LoadedTask;
}

/** How long a refusal holds before it is looked again, in ms: files may have come. */
const REFUSED_MS = 5_000;
/** Pairs of agent and task that are kept ready. */
const MOST_READY = 64;

/**
 * What a worker plays jobs with. Whoever writes to the queue is a stranger: paths stay below the workspace and the runtime's
 * own folder, hashes must agree, and code and commands from outside are taken only when the worker was told to.
 * @throws {CliError} USAGE for a variable that is not set.
 */
export async function openQueuePlayer(
  deps: Deps,
  workspace: Workspace,
  options: QueuePlayerOptions,
): Promise<JobPlayer & { close(): Promise<void> }> {
  const env = readEnvironment(deps, options.env);
  const module = await deps.load.runner();
  const { concurrency: workers } = options;
  const runner = module.createRunner({ quickStart: false, workers, ...confinementOf(workspace) });
  const registry = await openTasks(deps, workspace);
  reportFaults(deps, registry);
  const ready = new Map<string, Ready>();
  const refused = new Map<string, { refusal: Refusal; at: number }>();
  const scratch: string[] = [];
  runner.warm('isolate');

  async function findTask({ task_ref, task_dir }: BatchJob): Promise<TaskFolder> {
    if (task_dir === undefined) return registry.get(task_ref);
    const { readTaskFolder } = await deps.load.tasks();
    return readTaskFolder(resolve(workspace.root, requireInside(task_dir)));
  }

  const loaderFor = (task: TaskFolder, root: string, cacheDir: string | null) =>
    module.createLoader({
      ...{ workspaceRoot: root, cacheDir, env, read: workspace.config.isolation.read },
      hide: [workspace.home, ...workspace.config.taskRoots, task.dir],
    });

  async function findAgent(job: BatchJob, task: TaskFolder, settings: JobSettings): Promise<LoadedAgent> {
    const asked = { cwd: workspace.root, ...(settings.isolation === null ? {} : { isolation: settings.isolation }) };
    const loader = loaderFor(task, workspace.root, workspace.cacheDir);
    if (job.agent.startsWith('cmd:')) {
      if (options.acceptCommands) return loader.agent(job.agent, asked);
      throw new Error('a program that a queue names is run only by a worker with --accept-commands');
    }
    const path = requireInside(job.agent);
    const own = resolve(workspace.root, path);
    return loader.agent((await isThere(own)) ? own : resolve(deps.builtinRoot, path), asked);
  }

  async function unpack(code: AgentCode, task: TaskFolder): Promise<LoadedAgent> {
    const dir = await mkdtemp(join(tmpdir(), 'tracecore-agent-'));
    scratch.push(dir);
    const file = await module.unpackAgent(code, dir);
    return loaderFor(task, dir, null).agent(file, { isolation: 'isolate' });
  }

  async function agentFor(
    job: BatchJob,
    task: TaskFolder,
    settings: JobSettings,
    code: () => Promise<AgentCode | null>,
  ): Promise<LoadedAgent | Refusal> {
    let here: string;
    try {
      const agent = await findAgent(job, task, settings);
      if (agent.hash === job.agent_hash) return agent;
      here = `${job.agent} is ${agent.hash} here, ${job.agent_hash} is wanted`;
    } catch (error) {
      here = `${job.agent} cannot be had here: ${messageOf(error)}; ${job.agent_hash} is wanted`;
    }
    const travels = await code();
    if (travels === null) return { code: 'AGENT_DIFFERS', message: here };
    if (!options.acceptCode) {
      return { code: 'AGENT_DIFFERS', message: `${here}; a worker with --accept-code takes the code of the batch` };
    }
    try {
      const agent = await unpack(travels, task);
      if (agent.hash === job.agent_hash) return agent;
      return { code: 'AGENT_DIFFERS', message: `the code that travels is ${agent.hash}, ${job.agent_hash} is wanted` };
    } catch (error) {
      return { code: 'AGENT_DIFFERS', message: `the code that travels cannot be loaded: ${messageOf(error)}` };
    }
  }

  async function prepare(
    job: BatchJob,
    settings: JobSettings,
    code: () => Promise<AgentCode | null>,
  ): Promise<Ready | Refusal> {
    const missing = settings.env.filter((name) => !options.env.includes(name));
    if (missing.length > 0) {
      const message = `the agent needs ${missing.join(', ')}; give a worker --env for each`;
      return { code: 'SETTINGS_DIFFER', message };
    }
    if (settings.isolation === 'inline') {
      return { code: 'SETTINGS_DIFFER', message: 'inline isolation is for debugging; no worker plays it' };
    }
    let task: LoadedTask;
    try {
      const folder = await findTask(job);
      if (folder.hash !== job.task_hash) {
        const message = `${job.task_ref} is ${folder.hash} here, ${job.task_hash} is wanted`;
        return { code: 'TASK_DIFFERS', message };
      }
      task = await loaderFor(folder, workspace.root, workspace.cacheDir).task(folder);
    } catch (error) {
      return { code: 'TASK_DIFFERS', message: `${job.task_ref} cannot be had here: ${messageOf(error)}` };
    }
    const agent = await agentFor(job, task, settings, code);
    if ('code' in agent) return agent;
    if (agent.notice !== undefined) options.say(agent.notice);
    return { agent, task };
  }

  return {
    async accept(job, settings, code) {
      const key = keyOf(job, settings);
      if (ready.has(key)) return null;
      const known = refused.get(key);
      if (known !== undefined && performance.now() - known.at < REFUSED_MS) return known.refusal;
      const found = await prepare(job, settings, code);
      if ('code' in found) {
        refused.set(key, { refusal: found, at: performance.now() });
        return found;
      }
      const [oldest] = ready.keys();
      if (ready.size >= MOST_READY && oldest !== undefined) ready.delete(oldest);
      ready.set(key, found);
      return null;
    },
    async play(job, settings, signal) {
      const found = ready.get(keyOf(job, settings));
      if (found === undefined) throw new Error('this job was not accepted, or long ago');
      const { isolation, minimum } = settings;
      const playing = runner.run({
        ...{ ...found, seed: job.seed, budgets: job.budgets },
        ...(isolation === null ? {} : { isolation }),
        ...(minimum === null ? {} : { minimumLevel: minimum }),
      });
      return endedBy(signal, playing);
    },
    async close() {
      await runner.close();
      await Promise.all(scratch.map((dir) => rm(dir, { recursive: true, force: true })));
    },
  };
}

/** What is played ends with the runner; nobody waits for it after `signal`. */
async function endedBy<T>(signal: AbortSignal, playing: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let removeListener = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const listener = () => reject(signal.reason);
    signal.addEventListener('abort', listener);
    removeListener = () => signal.removeEventListener('abort', listener);
  });
  try {
    return await Promise.race([playing, aborted]);
  } finally {
    removeListener();
    playing.catch(() => undefined);
  }
}

/** @throws for a path that leads anywhere but below the folder it is taken from. */
function requireInside(path: string): string {
  const parts = path.split(/[\\/]/);
  if (!isAbsolute(path) && !parts.includes('..') && !path.includes('\\')) return path;
  throw new Error('a path that comes from a queue must stay below the workspace');
}

function keyOf({ id: _, seed: __, ...group }: BatchJob, { isolation, env }: JobSettings): string {
  return JSON.stringify([
    group.agent,
    group.agent_hash,
    group.task_ref,
    group.task_hash,
    group.task_dir,
    isolation,
    env,
  ]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
