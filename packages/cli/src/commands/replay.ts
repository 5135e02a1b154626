import { type Bench, type Played, withBench } from '../bench.js';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { agentOf, type Baseline, baselineInBundle, findBaseline, taskOf } from '../find-baseline.js';
import { type Plan, readSettings } from '../plan.js';
import { colorsFor } from '../render/color.js';
import { renderReplay, replayJson } from '../render/replay.js';
import { renderStrict } from '../render/run.js';
import { findWorkspace, shownPath, type Workspace } from '../workspace.js';
import { replayActions } from './replay-actions.js';

/** Options that say something of an episode that a baseline says already. */
const OF_BASELINE = ['task', 'from-config', 'seed', 'steps', 'tool-calls', 'timeout'];
/** Options that say how an agent is to be played. */
const OF_AGENT = ['agent', 'strict', 'strict-spec', 'isolation', 'env'];

/** `replay`: a recorded episode played again, with its agent or, for `--actions`, without. */
export async function replay(deps: Deps, input: CommandInput): Promise<number> {
  const [ref] = input.args;
  const bundle = input.text('bundle');
  requireOneBaseline(ref, bundle, 'replay takes a run or file, or --bundle');
  requireBundleForTrust(input, bundle);
  const workspace = await findWorkspace(deps.io, input.text('root'));
  const clash = input.has('actions') ? OF_AGENT.find((option) => input.has(option)) : undefined;
  if (clash !== undefined) throw new CliError('USAGE', `--actions asks no agent, so --${clash} says nothing; give one`);
  const baseline = await baselineOf(deps, workspace, input, ref, bundle);
  const task = await taskOf(deps, baseline, input.text('task'));
  if (input.has('actions')) return replayActions(deps, workspace, { baseline, task, json: input.has('json') });
  return playAndCompare(deps, workspace, input, { baseline, task });
}

/** Whether `run` was asked to replay. */
export function isReplay(input: CommandInput): boolean {
  return input.has('replay') || input.has('replay-bundle');
}

/** `run --replay` and `run --replay-bundle`. */
export async function runReplay(deps: Deps, input: CommandInput): Promise<number> {
  const [ref, bundle] = [input.text('replay'), input.text('replay-bundle')];
  const way = ref === undefined ? '--replay-bundle' : '--replay';
  requireOneBaseline(ref, bundle, 'run takes --replay or --replay-bundle');
  if (input.has('record') || input.has('allow-ci')) {
    throw new CliError('USAGE', `--record and ${way} exclude each other: record makes a baseline, ${way} checks one`);
  }
  const clash = OF_BASELINE.find((option) => input.has(option));
  if (clash !== undefined) {
    const other = clash === 'task' ? '; where the task is a folder: tracecore replay REF --task DIR' : '';
    throw new CliError('USAGE', `--${clash} and ${way} exclude each other: the baseline says it${other}`);
  }
  requireBundleForTrust(input, bundle);
  const workspace = await findWorkspace(deps.io, input.text('root'));
  const baseline = await baselineOf(deps, workspace, input, ref, bundle);
  return playAndCompare(deps, workspace, input, { baseline, task: baseline.artifact.task_ref });
}

function requireOneBaseline(ref: string | undefined, bundle: string | undefined, takes: string): void {
  if (ref !== undefined && bundle !== undefined) throw new CliError('USAGE', `${takes}, one of them`);
}

function requireBundleForTrust(input: CommandInput, bundle: string | undefined): void {
  const option = ['key', 'trust'].find((one) => input.has(one));
  if (option === undefined || bundle !== undefined) return;
  throw new CliError(
    'USAGE',
    `--${option} tells whose signature on a bundle counts; it goes with the bundle to replay`,
  );
}

async function baselineOf(
  deps: Deps,
  workspace: Workspace,
  input: CommandInput,
  ref: string | undefined,
  bundle: string | undefined,
): Promise<Baseline> {
  if (bundle === undefined) return findBaseline(deps, workspace, ref ?? 'latest');
  return baselineInBundle(deps, workspace, bundle, { keys: input.list('key'), folder: input.text('trust') });
}

async function playAndCompare(
  deps: Deps,
  workspace: Workspace,
  input: CommandInput,
  { baseline, task }: { baseline: Baseline; task: string },
): Promise<number> {
  const { io, builtinRoot } = deps;
  const settings = readSettings(input);
  const typed = input.text('agent');
  const agent =
    typed === undefined
      ? await agentOf(deps, workspace, baseline)
      : { agent: typed, agentFolders: [io.cwd, builtinRoot] };
  const { compareReplay, inputsOf } = await deps.load.runner();
  const plan: Plan = { ...agent, task, ...inputsOf(baseline.artifact) };
  const play = ({ play: playOne }: Bench): Promise<Played> => playOne(plan);
  const played = await withBench(deps, workspace, settings, play, plan.agent);
  const report = compareReplay(baseline.artifact, played.artifact, { strict: input.has('strict') });
  const view = { baseline, played: { artifact: played.artifact, shown: shownPath(played.file, io.cwd) }, report };
  if (settings.json) io.stdout(replayJson(view));
  else io.stdout(renderReplay(view, colorsFor(io)));
  if (played.strict !== null) {
    const say = settings.json ? io.stderr : io.stdout;
    say(renderStrict(played.strict, colorsFor(settings.json ? { ...io, isTTY: false } : io)));
  }
  return report.ok && (played.strict ?? []).length === 0 ? EXIT.ok : EXIT.failed;
}
