import { isJsonObject, type Json, type JsonObject } from '@tracecore/spec';
import type { Draft } from './draft.js';
import { Refusal } from './types.js';

const COUNTERS = ['steps', 'tool_calls'] as const;
type Counter = (typeof COUNTERS)[number];

/** Reasons under which a step may have been counted and not traced. */
const MAYBE_UNTRACED: readonly Json[] = ['tool_calls_exhausted', 'agent_exception', 'timeout'];

/**
 * The totals and the limits. A limit that the file tells nowhere is set to what was used, the least it can have been, and
 * is listed as assumed.
 */
export function fillBudgets(draft: Draft): void {
  const trace = traceOf(draft);
  for (const counter of COUNTERS) fillTotal(draft, trace, counter);
  const said = draft.get('budgets', true);
  if (said === undefined) {
    const limits = COUNTERS.map((counter) => [counter, limitOf(draft, trace, counter)] as const);
    const known = limits.every(([, { source }]) => source === 'said');
    draft.set(
      'budgets',
      Object.fromEntries(limits.map(([counter, { value }]) => [counter, value])),
      known ? 'said' : 'assumed',
    );
    return;
  }
  if (!isJsonObject(said)) throw new Refusal('FIELD_UNKNOWN', '/budgets', '/budgets: expected an object');
  const budgets = draft.at('/budgets', said);
  for (const counter of COUNTERS) {
    if (budgets.get(counter, true) !== undefined) continue;
    const { value, source } = limitOf(draft, trace, counter);
    budgets.set(counter, value, source);
  }
}

/** The trace, each entry of it with an action and a result. */
export function traceOf(draft: Draft): JsonObject[] {
  const trace = draft.get('action_trace');
  if (!Array.isArray(trace)) throw new Refusal('TRACE_UNKNOWN', '/action_trace', '/action_trace: expected a list');
  for (const [index, entry] of trace.entries()) {
    for (const field of ['action', 'result']) {
      if (isJsonObject(entry) && isJsonObject(entry[field])) continue;
      const pointer = `/action_trace/${index}/${field}`;
      throw new Refusal('TRACE_UNKNOWN', pointer, `${pointer}: expected an object, so that the step can be told`);
    }
  }
  return trace as JsonObject[];
}

function fillTotal(draft: Draft, trace: readonly JsonObject[], counter: Counter): void {
  const field = `${counter}_used`;
  if (draft.get(field, true) !== undefined) return;
  const metrics = draft.get('metrics');
  const told = isJsonObject(metrics) ? metrics[field] : undefined;
  if (Number.isSafeInteger(told)) {
    draft.set(field, told as number, 'said');
    return;
  }
  const reason = draft.get('termination_reason') as Json;
  const refused = reason === 'invalid_action' || reason === 'sandbox_violation';
  const certain = counter === 'steps' ? !MAYBE_UNTRACED.includes(reason) : !refused;
  if (!certain) {
    throw new Refusal('FIELD_UNKNOWN', `/${field}`, `/${field}: expected a count; ${reason} leaves two that it can be`);
  }
  draft.set(field, trace.length, 'said');
}

function limitOf(
  draft: Draft,
  trace: readonly JsonObject[],
  counter: Counter,
): { value: number; source: 'said' | 'assumed' } {
  const used = draft.get(`${counter}_used`) as number;
  const seen = trace[0]?.observation;
  const remaining =
    isJsonObject(seen) && isJsonObject(seen.budget_remaining) ? seen.budget_remaining[counter] : undefined;
  if (Number.isSafeInteger(remaining)) return { value: remaining as number, source: 'said' };
  // An exhausted budget was used up to the last.
  const exhausted = draft.get('termination_reason') === `${counter}_exhausted`;
  return { value: used, source: exhausted ? 'said' : 'assumed' };
}
