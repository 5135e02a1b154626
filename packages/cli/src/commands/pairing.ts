import type { Artifact } from '@tracecore/spec';
import { type Bench, withBench } from '../bench.js';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, describeError, EXIT, isCoded } from '../error.js';
import { didYouMean } from '../nearest.js';
import { type Pairing, readPairings } from '../pairings.js';
import { type Plan, readLimits, readSettings } from '../plan.js';
import { printable } from '../render/printable.js';
import { isVerified } from '../render/run.js';
import { renderTable } from '../render/table.js';
import { showRun } from '../show-run.js';
import { findWorkspace, type Workspace } from '../workspace.js';
import { readRecording, record } from './record.js';

/** `run pairing`: a built-in agent on its task; `--list` names them and `--all` runs each. */
export async function pairing(deps: Deps, input: CommandInput): Promise<number> {
  const [name] = input.args;
  const pairings = await readPairings(deps.builtinRoot);
  requireOneForm(name, input, pairings);
  const recording = readRecording(deps.io, input);
  if (input.has('list')) return list(deps, input, pairings);
  const workspace = await findWorkspace(deps.io, input.text('root'));
  if (input.has('all')) return runAll(deps, workspace, input, pairings);
  const found = findPairing(name as string, pairings);
  const settings = readSettings(input);
  const plan = planOf(deps, workspace, input, found);
  if (recording) return record(deps, workspace, { plan, settings, root: input.text('root') });
  return withBench(deps, workspace, settings, async (bench) =>
    showRun(deps, await bench.play(plan), { settings, root: input.text('root'), task: plan.task }),
  );
}

function requireOneForm(name: string | undefined, input: CommandInput, pairings: readonly Pairing[]): void {
  const forms = [name !== undefined, input.has('list'), input.has('all')].filter(Boolean).length;
  if (forms === 1 && input.has('record') && name === undefined) {
    throw new CliError('USAGE', 'run pairing records one pairing at a time: give its name with --record');
  }
  if (forms === 1) return;
  const names = pairings.map((one) => one.name).join(', ');
  throw new CliError('USAGE', `run pairing takes one name (${names}), or --list, or --all`);
}

function findPairing(name: string, pairings: readonly Pairing[]): Pairing {
  const found = pairings.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = pairings.map((one) => one.name);
  const hint = didYouMean(name, names) || `; expected one of ${names.join(', ')}`;
  throw new CliError('USAGE', `there is no pairing "${name}"${hint}`);
}

function list({ io }: Deps, input: CommandInput, pairings: readonly Pairing[]): number {
  const rows = pairings.map(({ name, task, agent, description }) => [name, task, agent, description]);
  const table = renderTable(['pairing', 'task', 'agent', 'what the agent does'], rows);
  io.stdout(input.has('json') ? `${JSON.stringify(pairings, null, 2)}\n` : table);
  return EXIT.ok;
}

function planOf(deps: Deps, workspace: Workspace, input: CommandInput, { task, agent }: Pairing): Plan {
  return { agent, agentFolders: [deps.builtinRoot], task, ...readLimits(input, workspace.config) };
}

interface Row {
  cells: string[];
  passed: boolean;
  artifact: Artifact | null;
}

async function runAll(
  deps: Deps,
  workspace: Workspace,
  input: CommandInput,
  pairings: readonly Pairing[],
): Promise<number> {
  const settings = readSettings(input);
  const rows = await withBench(deps, workspace, settings, async (bench) => {
    const done: Row[] = [];
    for (const one of pairings) done.push(await playOne(deps, bench, one.name, planOf(deps, workspace, input, one)));
    return done;
  });
  const passed = rows.filter((row) => row.passed).length;
  if (settings.json) {
    deps.io.stdout(
      `${JSON.stringify(
        rows.flatMap(({ artifact }) => artifact ?? []),
        null,
        2,
      )}\n`,
    );
  } else {
    deps.io.stdout(
      renderTable(
        ['pairing', 'outcome', 'steps', 'tool calls', 'seconds', 'run'],
        rows.map(({ cells }) => cells),
      ),
    );
    deps.io.stdout(`\n${passed} of ${rows.length} passed\n`);
  }
  return passed === rows.length ? EXIT.ok : EXIT.failed;
}

/** One pairing of `--all`; what keeps it from running is its own row and does not stop the others. */
async function playOne(deps: Deps, bench: Bench, name: string, plan: Plan): Promise<Row> {
  try {
    const played = await bench.play(plan);
    const { artifact, strict } = played;
    const passed = isVerified(played);
    for (const { code, pointer, message } of strict ?? []) {
      deps.io.stderr(`tracecore: ${name}: strict-spec: ${code} ${pointer} ${printable(message)}\n`);
    }
    const outcome = artifact.success && !passed ? 'strict-spec failed' : artifact.termination_reason;
    const { steps_used: steps, tool_calls_used: calls, budgets, wall_clock_elapsed_s: seconds } = artifact;
    const cells = [
      name,
      printable(outcome),
      `${steps}/${budgets.steps}`,
      `${calls}/${budgets.tool_calls}`,
      seconds?.toFixed(3) ?? '-',
      artifact.run_id,
    ];
    return { cells, passed, artifact };
  } catch (error) {
    if (!isCoded(error)) throw error;
    deps.io.stderr(`tracecore: ${name}: ${printable(describeError(error, false))}\n`);
    return { cells: [name, `not run: ${error.code}`, '-', '-', '-', '-'], passed: false, artifact: null };
  }
}
