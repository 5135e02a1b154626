import type { ArtifactDiff, StepDiff, ValueChange } from '@tracecore/artifact';
import type { Colors } from './color.js';
import { cutPair } from './cut-pair.js';
import {
  changesOf,
  countsText,
  type DiffView,
  firstOf,
  overview,
  placeOf,
  type Side,
  taxonomyText,
  valueText,
} from './diff-view.js';
import { printable } from './printable.js';

/** The share of the width that pointers may take. */
const POINTER_SHARE = 0.4;

interface Page {
  view: DiffView;
  side: Side;
  colors: Colors;
  /** Columns of the terminal. */
  width: number;
}

/** The comparison for a reader: where the episodes part first, then part by part, A and the other side by side. */
export function renderDiffPretty(view: DiffView, colors: Colors, width: number): string {
  const blocks = view.compared.map(({ side, diff }) => renderOne({ view, side, colors, width }, diff));
  return `${overview(view)}${blocks.join('\n')}`;
}

function renderOne(page: Page, diff: ArtifactDiff): string {
  const { view, side, colors } = page;
  const names = [view.baseline, side].map(({ label, file }) => `${colors.dim(label)}  ${printable(file)}\n`);
  const { first_divergence: first } = diff;
  const outcome = taxonomyText(diff);
  const sections = [
    `${headline(page, diff)}\n${first ? changeTable(page, [first]) : ''}`,
    section(
      page,
      'summary',
      changeTable(
        page,
        diff.summary.map((change) => ({ ...change, pointer: change.field })),
      ),
    ),
    section(page, 'budget drift', driftLines(page, diff)),
    section(page, 'outcome', outcome && `  ${outcome}\n`),
    section(page, 'validator', changeTable(page, diff.validator)),
    section(page, 'steps', stepsText(page, diff)),
    section(page, 'other fields', changeTable(page, diff.other)),
  ];
  return [names.join(''), ...sections.filter((text) => text !== '')].join('\n');
}

function headline({ view, side, colors }: Page, diff: ArtifactDiff): string {
  if (diff.status === 'identical') return `${colors.green('identical')}: every field that the hash covers is equal`;
  if (diff.status === 'different') return `${colors.yellow('different')}: first divergence at ${placeOf(diff)}`;
  const [a, b] = [view.baseline, side].map(({ artifact }) => printable(artifact.task_ref));
  return `${colors.red('incompatible')}: another task, ${b} against ${a}`;
}

function section({ colors }: Page, title: string, text: string): string {
  return text === '' ? '' : `${colors.bold(title)}\n${text}`;
}

function driftLines({ view }: Page, { budget_drift: drift }: ArtifactDiff): string {
  if (drift === null) return '';
  const [steps, more] = firstOf('steps', drift.steps, view);
  const rows = [
    ['limits', countsText(drift.limits)],
    ['used', countsText(drift.used)],
    ...steps.map(({ step, consumed, remaining }) => [
      `step ${step}`,
      `consumed ${countsText(consumed)}; remaining ${countsText(remaining)}`,
    ]),
    ...(more > 0 ? [['', `${more} more steps; --steps shows them`]] : []),
  ] as [string, string][];
  return rows.map(([label, text]) => `  ${label.padEnd(10)}  ${text}\n`).join('');
}

function stepsText(page: Page, { steps }: ArtifactDiff): string {
  const [shown, more] = firstOf('steps', steps, page.view);
  const tail = more > 0 ? `  ${more} more steps differ; --steps shows them\n` : '';
  return shown.map((step) => stepText(page, step)).join('') + tail;
}

function stepText(page: Page, step: StepDiff): string {
  const { view, side, colors } = page;
  const title = `  ${colors.dim(`step ${step.step}`)}`;
  if (step.in !== 'both') return `${title}  only in ${step.in === 'a' ? view.baseline.label : side.label}\n`;
  const [changes, more] = firstOf('changes', changesOf(step), view);
  // The entry's own pointer is left out: the step stands above.
  const prefix = `/action_trace/${step.step - 1}/`;
  const rows = changes.map(({ place, pointer, ...values }) => ({
    ...values,
    pointer: pointer.slice(prefix.length) + place.replace(/^(io_audit|\S+)/, ''),
  }));
  const tail = more > 0 ? `    ${more} more changes; --steps shows them\n` : '';
  return `${title}\n${changeTable(page, rows, '    ')}${tail}`;
}

/** A row for each change: its pointer, A's value, the other's value; long ones cut around the place where they part. */
function changeTable({ colors, width }: Page, changes: readonly ValueChange[], indent = '  '): string {
  const most = Math.floor(width * POINTER_SHARE);
  const pointers = changes.map(({ pointer }) => cutPointer(printable(pointer), most));
  const column = Math.max(0, ...pointers.map((pointer) => pointer.length));
  const room = Math.floor((width - indent.length - column - 4) / 2);
  const pairs = changes.map(({ a, b }) => cutPair(valueText(a), valueText(b), room));
  const left = Math.max(0, ...pairs.map(([a]) => a.length));
  return changes
    .map((change, index) => {
      const [a, b] = pairs[index] as [string, string];
      const pointer = pointers[index] as string;
      if (change.a === undefined && change.b === undefined) return `${indent}${pointer}\n`;
      return `${indent}${pointer.padEnd(column)}  ${colors.red(a)}${' '.repeat(left - a.length)}  ${colors.green(b)}\n`;
    })
    .join('');
}

/** The end of a pointer tells more than its beginning. */
function cutPointer(pointer: string, most: number): string {
  return pointer.length <= most ? pointer : `…${pointer.slice(1 - most)}`;
}
