import type { EpisodeInputs, Isolation } from '@tracecore/runner';
import { type BudgetRequest, type Json, resolveBudgets } from '@tracecore/spec';
import type { TaskManifest } from '@tracecore/tasks';
import { parseCount, parseSeed } from './argv.js';
import type { CommandInput } from './command.js';
import type { WorkspaceConfig } from './config.js';
import { CliError } from './error.js';

/** One episode as asked for, before anything is loaded. */
export interface Plan {
  /** The agent's path, and the folders it is looked up in, in their order. */
  agent: string;
  agentFolders: readonly string[];
  /** What paths in a `cmd:` agent are relative to, if not the working folder. */
  commandFolder?: string;
  /** `id@version`, `id`, or the path of a task folder. */
  task: string;
  seed: number;
  budgets: BudgetRequest;
  /** The workspace's own wall clock, which gives way to a lower one of the manifest. */
  defaultTimeout?: number;
  tools?: string[];
  configMeta?: Json;
  /** What an earlier episode's programs could use; absent means the runtime's defaults. */
  limits?: EpisodeInputs['limits'];
  /** The episode that this one branches off. */
  fork?: EpisodeInputs['fork'];
}

/** How episodes are to be run and shown. */
export interface RunSettings {
  /** The host that was asked for; null leaves it to the agent. */
  isolation: Isolation | null;
  /** Names of the variables that an agent's process is given. */
  env: readonly string[];
  strictSpec: boolean;
  json: boolean;
  /** One episode and no more: its worker starts sooner and plays slower. */
  quickStart: boolean;
}

/**
 * Reads the options that every form of `run` shares.
 * @throws {CliError} USAGE, also for strict spec on a host that keeps nothing apart.
 */
export function readSettings(input: CommandInput, strictSpec = input.has('strict-spec')): RunSettings {
  const isolation = input.text('isolation') ?? null;
  if (isolation !== null && !isIsolation(isolation)) {
    throw new CliError('USAGE', `--isolation must be isolate, process or inline, got "${isolation}"`);
  }
  if (strictSpec && isolation === 'inline') {
    throw new CliError(
      'USAGE',
      '--strict-spec needs --isolation isolate: inline does not keep the agent from the referee',
    );
  }
  const env = input.list('env');
  return { isolation, env, strictSpec, json: input.has('json'), quickStart: !input.has('all') };
}

function isIsolation(text: string): text is Isolation {
  return text === 'isolate' || text === 'process' || text === 'inline';
}

/** The seed and budgets of the options, with the workspace's defaults where nothing was said. */
export function readLimits(
  input: CommandInput,
  config: WorkspaceConfig,
): Pick<Plan, 'seed' | 'budgets' | 'defaultTimeout'> {
  const { defaults } = config;
  const seed = input.text('seed');
  const count = (option: string, unit: string) => {
    const text = input.text(option);
    return text === undefined ? undefined : parseCount(option, unit, text);
  };
  const [steps, toolCalls, timeout] = [
    count('steps', 'steps'),
    count('tool-calls', 'tool calls'),
    count('timeout', 'seconds'),
  ];
  return {
    seed: seed === undefined ? (defaults.seed ?? 0) : parseSeed(seed),
    budgets: {
      ...(steps === undefined ? {} : { steps }),
      ...(toolCalls === undefined ? {} : { tool_calls: toolCalls }),
      ...(timeout === undefined ? {} : { wall_clock_seconds: timeout }),
    },
    ...(defaults.timeout === undefined ? {} : { defaultTimeout: defaults.timeout }),
  };
}

/**
 * The budgets to ask the runner for.
 * @throws {SpecError} BUDGET_ABOVE_MANIFEST, before anything is loaded.
 */
export function budgetsFor(plan: Plan, manifest: TaskManifest): BudgetRequest {
  const budgets = { ...plan.budgets };
  if (budgets.wall_clock_seconds === undefined && plan.defaultTimeout !== undefined) {
    budgets.wall_clock_seconds = Math.min(
      plan.defaultTimeout,
      manifest.budgets.wall_clock_seconds ?? Number.POSITIVE_INFINITY,
    );
  }
  resolveBudgets(manifest.budgets, budgets);
  return budgets;
}
