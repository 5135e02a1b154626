import { dirname, resolve } from 'node:path';
import { parseEpisodeConfig } from '@tracecore/spec';
import { type Bench, withBench } from '../bench.js';
import type { CommandInput } from '../command.js';
import type { WorkspaceConfig } from '../config.js';
import type { Deps } from '../deps.js';
import { CliError } from '../error.js';
import { type Plan, readLimits, readSettings } from '../plan.js';
import { printable } from '../render/printable.js';
import { showRun } from '../show-run.js';
import { findWorkspace } from '../workspace.js';
import { readRecording, record } from './record.js';
import { isReplay, runReplay } from './replay.js';

/** Options whose value a config file gives. */
const CONFIG_OPTIONS = ['agent', 'task', 'seed', 'timeout', 'steps', 'tool-calls'];

/** `run`: one episode of an agent on a task, from options or from a config file. */
export async function run(deps: Deps, input: CommandInput): Promise<number> {
  if (isReplay(input)) return runReplay(deps, input);
  requireReplay(input);
  const recording = readRecording(deps.io, input);
  const workspace = await findWorkspace(deps.io, input.text('root'));
  const file = input.text('from-config');
  const { plan, strictSpec } =
    file === undefined
      ? fromOptions(deps, input, workspace.config)
      : await fromConfig(deps, input, file, workspace.config);
  const settings = readSettings(input, strictSpec);
  if (recording) return record(deps, workspace, { plan, settings, root: input.text('root') });
  const playAndShow = async (bench: Bench) => {
    const played = await bench.play(plan);
    return showRun(deps, played, { settings, root: input.text('root'), task: plan.task });
  };
  return withBench(deps, workspace, settings, playAndShow, plan.agent);
}

/** Options that compare with a baseline say nothing without one. */
function requireReplay(input: CommandInput): void {
  const option = ['strict', 'key', 'trust'].find((one) => input.has(one));
  if (option === undefined) return;
  const meant = option === 'strict' ? '; to check the artifact against the spec use --strict-spec' : '';
  throw new CliError('USAGE', `--${option} goes with --replay or --replay-bundle${meant}`);
}

interface Asked {
  plan: Plan;
  strictSpec: boolean;
}

function fromOptions({ io, builtinRoot }: Deps, input: CommandInput, config: WorkspaceConfig): Asked {
  const [agent, task] = [input.text('agent'), input.text('task')];
  if (agent === undefined || task === undefined) {
    const missing = agent === undefined ? (task === undefined ? '--agent and --task' : '--agent') : '--task';
    throw new CliError('USAGE', `run needs ${missing} (or --from-config, or: tracecore run pairing NAME)`);
  }
  const plan = { agent, agentFolders: [io.cwd, builtinRoot], task, ...readLimits(input, config) };
  return { plan, strictSpec: input.has('strict-spec') };
}

async function fromConfig(deps: Deps, input: CommandInput, file: string, config: WorkspaceConfig): Promise<Asked> {
  const clash = CONFIG_OPTIONS.find((option) => input.has(option));
  if (clash !== undefined) {
    throw new CliError('USAGE', `--${clash} and --from-config exclude each other: set it in the config file`);
  }
  const path = resolve(deps.io.cwd, file);
  const { value } = await (await deps.load.artifact()).readJsonFile(path);
  const asked = parseEpisodeConfig(value);
  if (asked.model !== undefined) {
    deps.io.stderr(`tracecore: note: model "${printable(asked.model)}" is not used: no built-in host calls models\n`);
  }
  const { max_steps: steps, max_tool_calls: toolCalls, max_wall_clock_s: wallClock } = asked.budgets ?? {};
  const plan: Plan = {
    agent: asked.agent,
    agentFolders: [dirname(path), deps.io.cwd, deps.builtinRoot],
    task: asked.task_ref,
    ...readLimits(input, config),
    budgets: {
      ...(steps === undefined ? {} : { steps }),
      ...(toolCalls === undefined ? {} : { tool_calls: toolCalls }),
      ...(wallClock === undefined ? {} : { wall_clock_seconds: wallClock }),
    },
    ...(asked.seed === undefined ? {} : { seed: asked.seed }),
    ...(asked.tools === undefined ? {} : { tools: asked.tools }),
    ...(asked.metadata === undefined ? {} : { configMeta: asked.metadata }),
  };
  return { plan, strictSpec: asked.strict_spec === true || input.has('strict-spec') };
}
