import { isJsonObject, type Json, type JsonObject } from '@tracecore/spec';
import { pointerTo } from '../pointer.js';
import type { Draft, Source } from './draft.js';
import { traceOf } from './fill-budgets.js';
import { fillTime } from './fill-identity.js';

/** What a step has before it, and what it costs. */
interface StepBudget {
  before: JsonObject;
  delta: JsonObject;
  after: JsonObject;
  source: Source;
}

/** The fields of every step that later versions demand; totals and limits are filled by then. */
export function fillTrace(draft: Draft): void {
  const trace = traceOf(draft);
  const budgets = budgetsOf(draft, trace.length);
  for (const [index, object] of trace.entries()) {
    const entry = draft.at(pointerTo('/action_trace', index), object);
    if (entry.get('step', true) === undefined) entry.set('step', index + 1, 'said');
    if (entry.get('action_ts', true) === undefined) entry.set('action_ts', draft.get('started_at') as Json, 'assumed');
    else fillTime(entry, 'action_ts');
    const budget = budgets[index] as StepBudget;
    fillObservation(entry, draft.get('task_id') as Json, budget);
    // That the file lists no touch does not say that there was none.
    if (entry.get('io_audit', true) === undefined) entry.set('io_audit', [], 'assumed');
    if (entry.get('budget_delta', true) === undefined) entry.set('budget_delta', budget.delta, 'said');
    if (entry.get('budget_after_step', true) === undefined) entry.set('budget_after_step', budget.after, budget.source);
  }
}

function fillObservation(entry: Draft, task: Json, { before, source }: StepBudget): void {
  const step = entry.get('step') as Json;
  const seen = entry.get('observation', true);
  if (seen === undefined) {
    entry.set('observation', { step, task: { id: task }, budget_remaining: before }, 'assumed');
    return;
  }
  if (!isJsonObject(seen)) return;
  const observation = entry.at(pointerTo(entry.pointer, 'observation'), seen);
  if (observation.get('step', true) === undefined) observation.set('step', step, 'said');
  const named = observation.get('task', true);
  // Older runtimes named the task by its id alone.
  if (named === undefined || named === task) observation.set('task', { id: task }, 'said');
  if (observation.get('budget_remaining', true) === undefined) observation.set('budget_remaining', before, source);
}

/** A step costs one and one; the last may have cost no tool call, which the total tells. */
function budgetsOf(draft: Draft, steps: number): StepBudget[] {
  const limits = draft.get('budgets') as { steps: number; tool_calls: number };
  const calls = draft.get('tool_calls_used') as number;
  const source: Source = draft.isAssumed('/budgets') ? 'assumed' : 'said';
  return Array.from({ length: steps }, (_, index) => {
    const call = index === steps - 1 && calls === index ? 0 : 1;
    const left = (used: number, counter: 'steps' | 'tool_calls') => Math.max(0, limits[counter] - used);
    return {
      before: { steps: left(index, 'steps'), tool_calls: left(index, 'tool_calls') },
      delta: { steps: 1, tool_calls: call },
      after: { steps: left(index + 1, 'steps'), tool_calls: left(index + call, 'tool_calls') },
      source,
    };
  });
}
