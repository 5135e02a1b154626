import { parseCount } from '../argv.js';
import { type Bench, withBench } from '../bench.js';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError } from '../error.js';
import { findBaseline, taskOf } from '../find-baseline.js';
import { type Plan, readSettings } from '../plan.js';
import { printable } from '../render/printable.js';
import { showRun } from '../show-run.js';
import { findWorkspace } from '../workspace.js';

/** `fork`: the first steps of a recorded run as they were, then another agent. */
export async function fork(deps: Deps, input: CommandInput): Promise<number> {
  const { io, builtinRoot } = deps;
  const [ref] = input.args;
  const [at, agent] = [input.text('at'), input.text('agent')];
  if (ref === undefined || at === undefined || agent === undefined) {
    const missing =
      ref === undefined ? 'a run: its id, latest or a file' : at === undefined ? '--at K' : '--agent FILE';
    throw new CliError('USAGE', `fork needs ${missing}, as in: tracecore fork RUN --at K --agent FILE`);
  }
  const step = parseCount('at', 'steps', at);
  const settings = readSettings(input);
  const workspace = await findWorkspace(io, input.text('root'));
  const parent = await findBaseline(deps, workspace, ref);
  const { forkOf, inputsOf } = await deps.load.runner();
  const origin = forkOf(parent.artifact, step);
  const task = await taskOf(deps, parent, input.text('task'));
  const agentFolders = [io.cwd, builtinRoot];
  const plan: Plan = { agent, agentFolders, task, ...inputsOf(parent.artifact), fork: origin };
  if (plan.limits === undefined) {
    io.stderr(`tracecore: note: ${printable(parent.shown)} gives no limits that hold here; the defaults do\n`);
  }
  const playAndShow = async (bench: Bench) => {
    const played = await bench.play(plan);
    if (played.artifact.task_hash !== parent.artifact.task_hash) {
      io.stderr('tracecore: note: the task is not as it was for the parent, though the frozen steps came out alike\n');
    }
    return showRun(deps, played, { settings, root: input.text('root'), task });
  };
  return withBench(deps, workspace, settings, playAndShow, agent);
}
