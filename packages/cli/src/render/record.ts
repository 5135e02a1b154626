import type { ArtifactDiff } from '@tracecore/artifact';
import type { SealedBundle } from '@tracecore/bundle';
import type { StrictFault } from '@tracecore/runner';
import type { Artifact } from '@tracecore/spec';
import { passedOn } from '../passed-on.js';
import type { Colors } from './color.js';
import { changeText } from './diff-text.js';
import { placeOf } from './diff-view.js';
import { renderFields } from './fields.js';
import { printable } from './printable.js';
import { outcomeOf, renderStrict } from './run.js';

/** Why a recording sealed nothing. */
export type RecordFailure =
  | { kind: 'NonDeterministic'; diff: ArtifactDiff }
  | { kind: 'NotSuccessful' }
  | { kind: 'StrictSpec'; faults: readonly StrictFault[] };

/** The verdict, what it rests on, and how to see more. */
export function renderRecordFailure(
  failure: RecordFailure,
  { first, second, root }: { first: Artifact; second: Artifact; root: string | undefined },
  colors: Colors,
): string {
  const verdict = colors.red(`[RECORD FAILED: ${failure.kind}]`);
  const [one, other] = [printable(first.run_id), printable(second.run_id)];
  const next = (command: string) => `\n${colors.dim('Next:')}\n  tracecore ${command}${passedOn('root', root)}\n`;
  const none = 'no bundle was sealed\n';
  if (failure.kind === 'NotSuccessful') {
    return `${verdict} both runs ended alike: ${outcomeOf(second, colors)}\n${none}${next(`inspect --run ${other}`)}`;
  }
  if (failure.kind === 'StrictSpec') {
    return `${verdict} both runs succeeded alike\n${renderStrict(failure.faults, colors)}${none}`;
  }
  const change = failure.diff.first_divergence;
  const place = change === null ? '' : `${placeOf(failure.diff)}\n${changeText(change)}\n`;
  return `${verdict} the two runs part: ${place}${none}${next(`diff ${one} ${other}`)}`;
}

/** The bundle of a recording that held. */
export function renderRecorded(
  { dir, run_id }: SealedBundle,
  { first, root, task }: { first: Artifact; root: string | undefined; task: string | undefined },
  colors: Colors,
): string {
  const rows = [
    ['first run', printable(first.run_id)],
    ['second run', run_id],
    ['bundle', printable(dir)],
  ] as const;
  const options = passedOn('root', root);
  return [
    `\n${colors.green('[RECORD OK]')} both runs succeeded, and every field that artifact_hash covers is equal\n`,
    renderFields(rows, colors),
    `\n${colors.dim('Next:')}\n`,
    `  tracecore bundle verify ${run_id}${options}\n`,
    `  tracecore replay ${run_id} --strict${passedOn('task', task)}${options}\n`,
  ].join('');
}
