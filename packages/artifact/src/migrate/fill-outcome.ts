import { failureTypeOf, isTerminationReason, TERMINATION_REASONS, type TerminationReason } from '@tracecore/spec';
import type { Draft } from './draft.js';
import { Refusal } from './types.js';

/** How the episode ended: two of the three fields follow from the third where it leaves no choice. */
export function fillOutcome(draft: Draft): void {
  const reason = reasonOf(draft);
  if (draft.get('termination_reason', true) === undefined) draft.set('termination_reason', reason, 'said');
  if (draft.get('success', true) === undefined) draft.set('success', reason === 'success', 'said');
  if (typeof draft.get('success') !== 'boolean') throw unknown('/success', 'expected true or false');
  const type = draft.get('failure_type');
  const derived = failureTypeOf(reason);
  if (type === undefined || (type === null && derived !== null)) draft.set('failure_type', derived, 'said');
  // No validator decided as far as the file says; null says the same and no more.
  if (draft.get('validator') === undefined) draft.set('validator', null, 'assumed');
}

function reasonOf(draft: Draft): TerminationReason {
  const said = draft.get('termination_reason', true);
  if (isTerminationReason(said)) return said;
  if (said !== undefined) {
    throw unknown('/termination_reason', `expected a reason of the taxonomy, got ${JSON.stringify(said)}`);
  }
  const type = draft.get('failure_type', true);
  const success = draft.get('success', true);
  const possible = TERMINATION_REASONS.filter((reason) =>
    success === true ? reason === 'success' : type !== undefined && failureTypeOf(reason) === type,
  );
  const [only] = possible;
  if (only !== undefined && possible.length === 1) return only;
  throw unknown('/termination_reason', 'expected a reason, and nothing else in the file tells which it was');
}

function unknown(pointer: string, message: string): Refusal {
  return new Refusal('OUTCOME_UNKNOWN', pointer, `${pointer}: ${message}`);
}
