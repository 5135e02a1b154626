import type { ArtifactDiff, StepDiff, ValueChange } from '@tracecore/artifact';
import type { Artifact, Json } from '@tracecore/spec';
import { printable } from './printable.js';
import { renderTable } from './table.js';

/** Steps that are shown unless all are asked for, and changes in each of them. */
const SHOWN_STEPS = 5;
const SHOWN_CHANGES = 8;

/** One of the artifacts that are compared. */
export interface Side {
  /** A for the baseline, then B, C and so on. */
  label: string;
  /** The file as the reader would type it. */
  file: string;
  artifact: Artifact;
}

/** What there is to show: each of `compared` against the baseline. */
export interface DiffView {
  baseline: Side;
  compared: readonly { side: Side; diff: ArtifactDiff }[];
  /** Whether every step and change is shown. JSON always has them all. */
  allSteps: boolean;
}

/** One difference within a step; `place` is the part of the step that it is in. */
export interface StepChange extends ValueChange {
  place: string;
}

/** The gravest status among the comparisons. */
export function statusOf({ compared }: DiffView): ArtifactDiff['status'] {
  const statuses = compared.map(({ diff }) => diff.status);
  if (statuses.includes('incompatible')) return 'incompatible';
  return statuses.includes('different') ? 'different' : 'identical';
}

/** The report as JSON; its form is docs/diff.md. */
export function diffJson(view: DiffView): string {
  const naming = ({ file, artifact }: Side) => ({ file, run_id: artifact.run_id });
  const compared = view.compared.map(({ side, diff }) => ({ ...naming(side), diff }));
  const report = { diff_version: 1, status: statusOf(view), baseline: naming(view.baseline), compared };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** One line for each artifact; empty when only two are compared. */
export function overview({ baseline, compared }: DiffView): string {
  if (compared.length === 1) return '';
  const row = ({ label, file, artifact }: Side, status: string, first: string) => [
    label,
    printable(file),
    status,
    first,
    printable(artifact.termination_reason),
    String(artifact.steps_used),
  ];
  const rows = compared.map(({ side, diff }) => row(side, diff.status, placeOf(diff)));
  const head = ['', 'file', 'status', 'first divergence', 'outcome', 'steps'];
  return `${renderTable(head, [row(baseline, 'baseline', ''), ...rows])}\n`;
}

/** Where two episodes part first, in words; empty when nowhere. */
export function placeOf({ first_divergence: first }: ArtifactDiff): string {
  if (first === null) return '';
  if (first.step !== null) return `step ${first.step}, ${first.where}`;
  return first.where === 'end' ? 'end' : 'outside of the episode';
}

/** The changes within a step, in the order they came about. */
export function changesOf(step: StepDiff): StepChange[] {
  const { added, removed, reordered } = step.io_audit;
  const at = (place: string, changes: readonly ValueChange[]) => changes.map((change) => ({ place, ...change }));
  const order = { place: 'io_audit reordered', pointer: `/action_trace/${step.step - 1}/io_audit` };
  return [
    ...at('observation', step.observation),
    ...at('action', step.action),
    ...at('result', step.result),
    ...removed.map(({ pointer, entry }) => ({ place: 'io_audit removed', pointer, a: entry })),
    ...added.map(({ pointer, entry }) => ({ place: 'io_audit added', pointer, b: entry })),
    ...(reordered ? [order] : []),
    ...at('budget', step.budget),
    ...at('other', step.other),
  ];
}

/** The first of many, and how many more there are. */
export function firstOf<T>(kind: 'steps' | 'changes', all: readonly T[], { allSteps }: DiffView): [T[], more: number] {
  const count = allSteps ? all.length : kind === 'steps' ? SHOWN_STEPS : SHOWN_CHANGES;
  return [all.slice(0, count), Math.max(0, all.length - count)];
}

/** A value on one line; a side without one has nothing there. */
export function valueText(value: Json | undefined): string {
  return value === undefined ? '(nothing)' : printable(JSON.stringify(value));
}

/** `steps +2, tool calls -1`, counted from A to B. */
export function countsText({ steps, tool_calls: calls }: { steps: number; tool_calls: number }): string {
  const signed = (count: number) => (count > 0 ? `+${count}` : String(count));
  return `steps ${signed(steps)}, tool calls ${signed(calls)}`;
}

/** How an outcome changed, in one line; empty when it did not. */
export function taxonomyText({ taxonomy }: ArtifactDiff): string {
  if (taxonomy === null) return '';
  const [a, b] = [taxonomy.a, taxonomy.b].map(({ termination_reason: reason, failure_type: type }) =>
    printable(type === null || type === reason ? reason : `${reason} (${type})`),
  );
  return `${taxonomy.change}: ${a} -> ${b}`;
}
