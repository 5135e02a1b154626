import { resolve } from 'node:path';
import type { Loader, Runner, StrictFault } from '@tracecore/runner';
import type { Artifact } from '@tracecore/spec';
import type { RunStore } from '@tracecore/store';
import type { TaskFolder } from '@tracecore/tasks';
import type { Deps, RunnerModule } from './deps.js';
import { CliError } from './error.js';
import { findTask, isTaskPath, openTasks, reportFaults } from './find-task.js';
import { budgetsFor, type Plan, type RunSettings } from './plan.js';
import { bareWarning } from './render/isolation.js';
import { printable } from './render/printable.js';
import { withStore } from './with-index.js';
import { confinementOf, isThere, type Workspace } from './workspace.js';

/** A finished episode: sealed, written, and checked if strict spec was asked for. */
export interface Played {
  artifact: Artifact;
  /** The run file, absolute. */
  file: string;
  strict: readonly StrictFault[] | null;
  /** Whether the task came from a folder and not from the registry. */
  fromFolder: boolean;
}

/** Everything that is opened once to run any number of episodes. */
export interface Bench {
  /** Runs one episode and writes its artifact. Whatever is wrong with the plan throws before anything is written. */
  play(plan: Plan): Promise<Played>;
}

/** Agents that no isolate can run. */
const NEEDS_A_PROCESS = /^cmd:|\.py$/;

/**
 * Opens a bench for `body` and ends its worker processes afterwards, whatever happens.
 * @param firstAgent what plays first, as it was typed: the worker that it needs is started ahead.
 * @throws {CliError} INTERRUPTED on Ctrl-C; an episode that was running is then not written. USAGE for a variable of
 * `--env` that is not set.
 */
export async function withBench<T>(
  deps: Deps,
  workspace: Workspace,
  settings: RunSettings,
  body: (bench: Bench) => Promise<T>,
  firstAgent = '',
): Promise<T> {
  const env = readEnvironment(deps, settings.env);
  const { createLoader, createRunner, checkStrictSpec } = await deps.load.runner();
  const runner = createRunner({ quickStart: settings.quickStart, ...confinementOf(workspace) });
  const loaderFor = ({ dir }: TaskFolder) =>
    createLoader({
      workspaceRoot: workspace.root,
      cacheDir: workspace.cacheDir,
      env,
      read: workspace.config.isolation.read,
      hide: [workspace.home, ...workspace.config.taskRoots, dir],
    });
  const warn = warnOnce(deps);
  let interrupted = false;
  let removeListener = (): void => undefined;
  const interruption = new Promise<never>((_, reject) => {
    removeListener = deps.io.onInterrupt(() => {
      interrupted = true;
      reject(new CliError('INTERRUPTED', 'interrupted; the running episode was not recorded'));
    });
  });
  // Only now: a worker that is there before anyone listens would outlive an early Ctrl-C.
  const host = settings.isolation ?? (NEEDS_A_PROCESS.test(firstAgent) ? 'process' : 'isolate');
  if (host !== 'inline') runner.warm(host);
  const requireRunning = () => {
    if (interrupted) throw new CliError('INTERRUPTED', 'interrupted');
  };
  try {
    const benchOn = (store: RunStore): Bench => ({
      play: (plan: Plan) =>
        play(deps, workspace, settings, { runner, loaderFor, checkStrictSpec, requireRunning, warn, store }, plan),
    });
    const played = withStore(deps, workspace, (store) => body(benchOn(store)));
    return await Promise.race([played, interruption]);
  } finally {
    removeListener();
    await runner.close();
  }
}

export function warnOnce({ io }: Deps): Tools['warn'] {
  const warned = new Set<string>();
  return (text) => {
    if (text === null || warned.has(text)) return;
    warned.add(text);
    io.stderr(`tracecore: ${printable(text)}\n`);
  };
}

interface Tools {
  runner: Runner;
  /** A loader whose agents cannot see into the task that they are to play. */
  loaderFor(task: TaskFolder): Loader;
  checkStrictSpec: RunnerModule['checkStrictSpec'];
  store: RunStore;
  requireRunning(): void;
  /** Says it on stderr, once. */
  warn(text: string | null): void;
}

async function play(
  deps: Deps,
  workspace: Workspace,
  settings: RunSettings,
  tools: Tools,
  plan: Plan,
): Promise<Played> {
  const registry = await openTasks(deps, workspace);
  const folder = await findTask(deps, registry, plan.task);
  reportFaults(deps, registry);
  const budgets = budgetsFor(plan, folder.manifest);
  const { isolation } = settings;
  const asked = { cwd: plan.commandFolder ?? deps.io.cwd, ...(isolation === null ? {} : { isolation }) };
  const loader = tools.loaderFor(folder);
  const [agent, task] = await Promise.all([loader.agent(await findAgent(plan), asked), loader.task(folder)]);
  tools.warn(agent.notice ?? null);
  tools.requireRunning();
  const { minimum } = workspace.config.isolation;
  const artifact = await tools.runner.run({
    agent,
    task,
    seed: plan.seed,
    budgets,
    ...(isolation === null ? {} : { isolation }),
    ...(settings.strictSpec ? { minimumLevel: minimum } : {}),
    ...(plan.tools === undefined ? {} : { tools: plan.tools }),
    ...(plan.configMeta === undefined ? {} : { configMeta: plan.configMeta }),
    ...(plan.limits === undefined ? {} : { limits: plan.limits }),
    ...(plan.fork === undefined ? {} : { fork: plan.fork }),
  });
  tools.requireRunning();
  const file = await tools.store.put(artifact);
  const strict = settings.strictSpec ? tools.checkStrictSpec(artifact, { minimum }) : null;
  if (strict === null) tools.warn(bareWarning(artifact));
  return { artifact, file, strict, fromFolder: isTaskPath(plan.task) };
}

/** The agent's absolute path in the first folder that has it; in the first folder when none has, for the loader to refuse. */
export async function findAgent({ agent, agentFolders }: Pick<Plan, 'agent' | 'agentFolders'>): Promise<string> {
  if (agent.startsWith('cmd:')) return agent;
  const candidates = agentFolders.map((folder) => resolve(folder, agent));
  for (const candidate of candidates) if (await isThere(candidate)) return candidate;
  return candidates[0] ?? resolve(agent);
}

/** The variables of `--env`, as this process has them. */
export function readEnvironment({ io }: Deps, names: readonly string[]): Record<string, string> {
  const entries = names.map((name) => {
    const value = io.env[name];
    if (value !== undefined) return [name, value] as const;
    throw new CliError('USAGE', `--env ${name}: the variable ${name} is not set; set it, or leave the option out`);
  });
  return Object.fromEntries(entries);
}
