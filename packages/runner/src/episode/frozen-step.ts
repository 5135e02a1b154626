import { type Difference, firstDifference } from '@tracecore/artifact';
import type { Json, TraceEntry } from '@tracecore/spec';
import { RunnerError } from '../error.js';
import { shownJson } from '../shown-json.js';

/** What a task gives again when it is given the same actions. */
const FIELDS = ['step', 'action', 'observation', 'result', 'io_audit', 'budget_delta', 'budget_after_step'] as const;

/** A step of an earlier episode that a fork repeats before its own agent is asked. */
export type FrozenStep = Pick<TraceEntry, (typeof FIELDS)[number]>;

export function freezeStep(entry: TraceEntry): FrozenStep {
  return Object.fromEntries(FIELDS.map((field) => [field, entry[field]])) as FrozenStep;
}

/** Where a step that was played again parts from the one that was recorded; null when it does not. */
export function differenceOfStep(frozen: FrozenStep, played: FrozenStep): Difference | null {
  for (const field of FIELDS) {
    const pointer = `/action_trace/${frozen.step - 1}/${field}`;
    const difference = firstDifference(frozen[field] as Json, played[field] as Json, pointer);
    if (difference) return difference;
  }
  return null;
}

/**
 * Refuses to go on from a step that did not come out as it was recorded.
 * @throws {RunnerError} FORK_DIFFERS
 */
export function requireSameStep(frozen: FrozenStep | undefined, played: FrozenStep): void {
  const difference = frozen && differenceOfStep(frozen, played);
  if (!difference) return;
  const { pointer, expected, actual } = difference;
  throw new RunnerError(
    'FORK_DIFFERS',
    `step ${played.step} does not come out as it was recorded: ${pointer} was ${shownJson(expected)} and is ${shownJson(actual)}; is the task another one, or does it depend on more than its seed?`,
  );
}
