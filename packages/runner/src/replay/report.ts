import { type Difference, firstDifference } from '@tracecore/artifact';
import type { Artifact, Json } from '@tracecore/spec';
import { shownJson } from '../shown-json.js';

export type ReplayCheckName =
  | 'inputs'
  | 'limits'
  | 'actions'
  | 'results'
  | 'io_audit'
  | 'steps'
  | 'success'
  | 'termination_reason'
  | 'failure_type'
  | 'sandbox'
  | 'steps_used'
  | 'tool_calls_used'
  | 'task_hash'
  | 'agent_hash';

export type ReplayCode =
  | 'OK'
  | 'INPUTS_DIFFER'
  | 'LIMITS_DIFFER'
  | 'LIMITS_MISSING'
  | 'ACTION_DIFFERS'
  | 'RESULT_DIFFERS'
  | 'IO_AUDIT_DIFFERS'
  | 'STEP_COUNT_DIFFERS'
  | 'SUCCESS_DIFFERS'
  | 'TERMINATION_REASON_DIFFERS'
  | 'FAILURE_TYPE_DIFFERS'
  | 'SANDBOX_DIFFERS'
  | 'STEPS_ABOVE_BASELINE'
  | 'TOOL_CALLS_ABOVE_BASELINE'
  | 'TASK_HASH_DIFFERS'
  | 'TASK_HASH_FOREIGN'
  | 'AGENT_HASH_DIFFERS'
  | 'AGENT_HASH_MISSING';

/** Where a replay parts from its baseline. A side that has nothing there lacks its member; null is a value. */
export interface ReplayDifference {
  pointer: string;
  /** Counted from 1; null outside of the steps. */
  step: number | null;
  /** What the baseline has. */
  expected?: Json;
  actual?: Json;
}

/** One line of a replay's report. */
export interface ReplayCheck {
  check: ReplayCheckName;
  status: 'ok' | 'fail' | 'skip';
  code: ReplayCode;
  message: string;
  /** What the check is about; null when it passed. */
  difference: ReplayDifference | null;
}

export interface ReplayReport {
  /** No check failed. */
  ok: boolean;
  strict: boolean;
  /** The earliest disagreement: in the inputs, then step by step, then in how the episodes ended. */
  first: ReplayCheck | null;
  checks: ReplayCheck[];
}

/** What two artifacts have in a field of the top level, where it differs. */
export function differenceAt(baseline: Artifact, replayed: Artifact, field: string): Difference | null {
  const [expected, actual] = [memberOf(baseline, field), memberOf(replayed, field)];
  if (expected === undefined && actual === undefined) return null;
  if (expected === undefined || actual === undefined) return { pointer: `/${field}`, expected, actual };
  return firstDifference(expected, actual, `/${field}`);
}

/** A check that fails where something differs. */
export function judged(
  check: ReplayCheckName,
  code: ReplayCode,
  found: Difference | null,
  step: number | null = null,
): ReplayCheck {
  if (found === null) return { check, status: 'ok', code: 'OK', message: 'as in the baseline', difference: null };
  const { pointer, expected, actual } = found;
  const place = step === null ? '' : `step ${step}: `;
  return {
    check,
    status: 'fail',
    code,
    message: `${place}${pointer} is ${shownJson(actual)}; the baseline has ${shownJson(expected)}`,
    difference: differenceOf(pointer, step, expected, actual),
  };
}

/** A check that lacks what it is about in the baseline. */
export function missing(
  check: 'limits' | 'task_hash' | 'agent_hash',
  code: ReplayCode,
  message: string,
  replayed: Artifact,
  fails: boolean,
  expected?: Json,
): ReplayCheck {
  const difference = differenceOf(`/${check}`, null, expected, memberOf(replayed, check));
  return { check, status: fails ? 'fail' : 'skip', code, message, difference };
}

export function memberOf(object: object, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? (object as Record<string, Json>)[name] : undefined;
}

function differenceOf(
  pointer: string,
  step: number | null,
  expected: Json | undefined,
  actual: Json | undefined,
): ReplayDifference {
  return {
    pointer,
    step,
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
  };
}
