import type { Artifact, JsonObject } from '@tracecore/spec';
import { stablePayload } from '../stable-payload.js';
import { budgetDrift } from './budget-drift.js';
import { diffStep, divergenceOf } from './diff-step.js';
import type {
  ArtifactDiff,
  Divergence,
  Outcome,
  StepDiff,
  SummaryChange,
  SummaryField,
  TaxonomyChange,
} from './types.js';
import { memberChanges, namesOf } from './value-changes.js';

/** The fields of the summary as the artifact names them, in the order they are told. */
const SUMMARY: readonly [SummaryField, string][] = [
  ['agent', 'agent_ref'],
  ['agent_hash', 'agent_hash'],
  ['task', 'task_ref'],
  ['task_hash', 'task_hash'],
  ['seed', 'seed'],
  ['success', 'success'],
  ['termination_reason', 'termination_reason'],
  ['failure_type', 'failure_type'],
  ['failure_reason', 'failure_reason'],
  ['steps_used', 'steps_used'],
  ['tool_calls_used', 'tool_calls_used'],
];
/** The summary from here on tells how an episode ended; before it, what it was given. */
const FIRST_OF_END = SUMMARY.findIndex(([field]) => field === 'success');
const TOLD: ReadonlySet<string> = new Set([...SUMMARY.map(([, name]) => name), 'action_trace', 'validator']);

/**
 * Compares two artifacts, whichever runtime wrote them; steps by their place in the trace. Volatile fields do not count:
 * the status is `identical` exactly when recomputed hashes agree, and the hashes written in the artifacts play no part.
 * Linear in the size of both. Exchanging A and B changes neither the status nor the place of the first divergence.
 */
export function diffArtifacts(a: Artifact, b: Artifact): ArtifactDiff {
  const [left, right] = [stablePayload(a), stablePayload(b)];
  const summary = SUMMARY.flatMap(([field, name]): SummaryChange[] =>
    memberChanges(left, right, [name], '').map((change) => ({ field, ...change })),
  );
  const diff: ArtifactDiff = {
    diff_version: 1,
    status: 'incompatible',
    first_divergence: null,
    summary,
    budget_drift: null,
    taxonomy: null,
    steps: [],
    validator: [],
    other: [],
  };
  if (a.task_ref !== b.task_ref) return diff;
  diff.steps = diffSteps(left, right);
  diff.validator = memberChanges(left, right, ['validator'], '');
  const others = namesOf(left, right).filter((name) => !TOLD.has(name));
  diff.other = memberChanges(left, right, others, '');
  diff.budget_drift = budgetDrift(a, b, diff.steps);
  diff.taxonomy = taxonomyChange(outcomeOf(a), outcomeOf(b));
  diff.first_divergence = firstDivergence(diff, left, right);
  diff.status = diff.first_divergence === null ? 'identical' : 'different';
  return diff;
}

function diffSteps(a: JsonObject, b: JsonObject): StepDiff[] {
  const [left, right] = [traceOf(a), traceOf(b)];
  const steps: StepDiff[] = [];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const step = diffStep(left[index], right[index], index);
    if (step) steps.push(step);
  }
  return steps;
}

/** Steps first, then how the episodes ended, then everything else. */
function firstDivergence(diff: ArtifactDiff, a: JsonObject, b: JsonObject): Divergence | null {
  const [step] = diff.steps;
  if (step) return divergenceOf(step, traceOf(a)[step.step - 1], traceOf(b)[step.step - 1]);
  const ending = new Set(SUMMARY.slice(FIRST_OF_END).map(([field]) => field));
  const [end] = [...diff.summary.filter(({ field }) => ending.has(field)), ...diff.validator];
  if (end) return placed('end', end);
  const [other] = [...diff.summary, ...diff.other];
  return other ? placed('other', other) : null;
}

function placed(where: 'end' | 'other', change: Omit<Divergence, 'step' | 'where'> & { field?: string }): Divergence {
  const { field: _, ...value } = change;
  return { step: null, where, ...value };
}

function taxonomyChange(a: Outcome, b: Outcome): TaxonomyChange | null {
  if (a.success !== b.success) return { change: a.success ? 'regressed' : 'recovered', a, b };
  const isSame = a.termination_reason === b.termination_reason && a.failure_type === b.failure_type;
  return isSame ? null : { change: 'changed', a, b };
}

function outcomeOf({ success, termination_reason, failure_type }: Artifact): Outcome {
  return { success, termination_reason, failure_type };
}

function traceOf({ action_trace: trace }: JsonObject): JsonObject[] {
  return trace as JsonObject[];
}
