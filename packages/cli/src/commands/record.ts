import { diffArtifacts } from '@tracecore/artifact';
import { type Played, withBench } from '../bench.js';
import type { CommandInput } from '../command.js';
import type { Deps, Io } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import type { Plan, RunSettings } from '../plan.js';
import { colorsFor } from '../render/color.js';
import { type RecordFailure, renderRecorded, renderRecordFailure } from '../render/record.js';
import { sealRun } from '../seal-run.js';
import { showRun } from '../show-run.js';
import type { Workspace } from '../workspace.js';

/** Values of `CI` that say no. */
const OFF = new Set(['', '0', 'false', 'no', 'off']);

/**
 * Whether the run is to be recorded.
 * @throws {CliError} USAGE in CI, where a bundle would be sealed that nobody looked at, unless that was asked for.
 */
export function readRecording({ env }: Io, input: CommandInput): boolean {
  const asked = input.has('record');
  if (!asked && input.has('allow-ci')) throw new CliError('USAGE', '--allow-ci goes with --record; give both');
  if (!asked) return false;
  if (input.text('isolation') === 'inline') {
    throw new CliError('USAGE', '--record plays each run in a fresh host, which inline is not; leave --isolation out');
  }
  if (!OFF.has((env.CI ?? '').toLowerCase()) && !input.has('allow-ci')) {
    throw new CliError(
      'USAGE',
      `CI is set to "${env.CI}": record a baseline where somebody looks at it, or give --allow-ci; to check one use --replay`,
    );
  }
  return true;
}

/** `run --record`: plays the episode twice and seals the second run if both succeeded and are the same. */
export async function record(
  deps: Deps,
  workspace: Workspace,
  { plan, settings, root }: { plan: Plan; settings: RunSettings; root: string | undefined },
): Promise<number> {
  const playTwice = async ({ play }: { play(plan: Plan): Promise<Played> }) =>
    [await play(plan), await play(plan)] as const;
  const [first, second] = await withBench(deps, workspace, settings, playTwice, plan.agent);
  const failure = failureOf(first, second);
  // What record says goes where the artifact does not.
  const say = settings.json ? deps.io.stderr : deps.io.stdout;
  const colors = colorsFor(settings.json ? { ...deps.io, isTTY: false } : deps.io);
  if (failure !== null) {
    if (settings.json) deps.io.stdout(`${JSON.stringify(second.artifact, null, 2)}\n`);
    say(renderRecordFailure(failure, { first: first.artifact, second: second.artifact, root }, colors));
    return EXIT.failed;
  }
  const sealed = await sealRun(deps, workspace, second.file);
  showRun(deps, second, { settings, root, task: plan.task, next: false });
  say(renderRecorded(sealed, { first: first.artifact, root, task: second.fromFolder ? plan.task : undefined }, colors));
  return EXIT.ok;
}

/** Why there is nothing to seal; null when there is. */
function failureOf(first: Played, second: Played): RecordFailure | null {
  const diff = diffArtifacts(first.artifact, second.artifact);
  if (diff.first_divergence !== null) return { kind: 'NonDeterministic', diff };
  if (!second.artifact.success) return { kind: 'NotSuccessful' };
  const faults = [...(first.strict ?? []), ...(second.strict ?? [])];
  return faults.length > 0 ? { kind: 'StrictSpec', faults } : null;
}
