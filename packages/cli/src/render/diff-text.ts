import type { ArtifactDiff, StepDiff, ValueChange } from '@tracecore/artifact';
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

const VALUE_WIDTH = 200;

/** The comparison for logs: one line for each difference, the same wherever it is printed. */
export function renderDiffText(view: DiffView): string {
  const blocks = view.compared.map(({ side, diff }) => lines(view, side, diff).join('\n'));
  return `${overview(view)}${blocks.join('\n\n')}\n`;
}

function lines(view: DiffView, side: Side, diff: ArtifactDiff): string[] {
  const { first_divergence: first, budget_drift: drift } = diff;
  const outcome = taxonomyText(diff);
  const [steps, more] = firstOf('steps', diff.steps, view);
  return [
    `A: ${printable(view.baseline.file)}`,
    `${side.label}: ${printable(side.file)}`,
    `status: ${diff.status}`,
    ...(first ? [`first divergence: ${placeOf(diff)}: ${changeText(first)}`] : []),
    ...diff.summary.map((change) => `summary: ${change.field}: ${changeText(change)}`),
    ...(drift
      ? [`budget drift: limits: ${countsText(drift.limits)}`, `budget drift: used: ${countsText(drift.used)}`]
      : []),
    ...driftLines(view, diff),
    ...(outcome ? [`taxonomy: ${outcome}`] : []),
    ...diff.validator.map((change) => `validator: ${changeText(change)}`),
    ...diff.other.map((change) => `other: ${changeText(change)}`),
    ...steps.flatMap((step) => stepLines(view, step)),
    ...(more > 0 ? [`steps: ${more} more differ; --steps shows them`] : []),
  ];
}

function driftLines(view: DiffView, { budget_drift: drift }: ArtifactDiff): string[] {
  const [steps, more] = firstOf('steps', drift?.steps ?? [], view);
  const shown = steps.map(({ step, consumed, remaining }) => {
    return `budget drift: step ${step}: consumed ${countsText(consumed)}; remaining ${countsText(remaining)}`;
  });
  return more > 0 ? [...shown, `budget drift: ${more} more steps; --steps shows them`] : shown;
}

function stepLines(view: DiffView, step: StepDiff): string[] {
  if (step.in !== 'both') return [`step ${step.step}: only in ${step.in === 'a' ? 'the baseline' : 'the other'}`];
  const [changes, more] = firstOf('changes', changesOf(step), view);
  const shown = changes.map(({ place, ...change }) => `step ${step.step}: ${place}: ${changeText(change)}`);
  return more > 0 ? [...shown, `step ${step.step}: ${more} more changes; --steps shows them`] : shown;
}

/** A change in one line, its values cut around the place where they part. */
export function changeText({ pointer, a, b }: ValueChange): string {
  if (a === undefined && b === undefined) return printable(pointer);
  const [left, right] = cutPair(valueText(a), valueText(b), VALUE_WIDTH);
  return `${printable(pointer)} ${left} -> ${right}`;
}
