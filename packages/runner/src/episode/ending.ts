import type { Fault } from '@tracecore/sandbox';
import {
  type FailureType,
  failureTypeOf,
  isFailureType,
  isTerminationReason,
  type TerminationReason,
  type Validation,
} from '@tracecore/spec';

/** Why an episode is over. */
export interface Ending {
  reason: TerminationReason;
  failureReason: string | null;
  failureType: FailureType | null;
  /** The validation that decided it, when one did. */
  validation?: Validation;
}

export function endWith(reason: TerminationReason, failureReason: string | null = null): Ending {
  return { reason, failureReason, failureType: failureTypeOf(reason) };
}

/** How the episode ends when a program gave no value: fuel and deadlines are timeouts, the rest is an exception. */
export function endOfFault(fault: Fault, method: string, exception: 'agent_exception' | 'action_exception'): Ending {
  const where = fault.location ? ` (${fault.location})` : '';
  if (fault.kind === 'fuel' || fault.kind === 'deadline')
    return endWith('timeout', `${method} ${fault.message}${where}`);
  return endWith(exception, `${method}: ${fault.message}${where}`);
}

/** How the episode ends after a validation, or null when it goes on. */
export function endOfValidation(validation: Validation): Ending | null {
  if (validation.ok) return { ...endWith('success'), validation };
  if (!validation.terminal) return null;
  const { termination_reason: reason, failure_type: type } = validation;
  const reasons: unknown[] = [validation.failure_reason, validation.error, validation.message];
  const failureReason = reasons.find(isText) ?? 'logic_failure';
  // A validator may name its own ending, but only a whole one of the taxonomy, and never a success.
  if (isTerminationReason(reason) && reason !== 'success' && isFailureType(type)) {
    return { reason, failureType: type, failureReason, validation };
  }
  return { ...endWith('logic_failure', failureReason), validation };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
