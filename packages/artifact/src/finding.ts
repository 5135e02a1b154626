export type FindingCode =
  | 'HASH_MISMATCH'
  | 'STEP_OUT_OF_ORDER'
  | 'REMAINDER_MISMATCH'
  | 'DELTA_INVALID'
  | 'TOTAL_MISMATCH'
  | 'BUDGET_EXCEEDED'
  | 'BUDGET_NOT_EXHAUSTED'
  | 'LAST_ACTION_MISMATCH'
  | 'TERMINATION_REASON_UNKNOWN'
  | 'FAILURE_TYPE_MISMATCH'
  | 'SUCCESS_MISMATCH'
  | 'REDACTION_INVALID'
  | 'REDACTION_MISMATCH'
  | 'DISCLOSURE_OTHER_RUN'
  | 'DISCLOSURE_UNKNOWN_POINTER'
  | 'DISCLOSURE_MISMATCH';

/** One thing an artifact says that cannot be: which field (a JSON pointer), what was expected and what stands there. */
export interface Finding {
  code: FindingCode;
  pointer: string;
  message: string;
}

/** The finding for a field that should hold `expected` and holds `actual`. */
export function mismatch(code: FindingCode, pointer: string, expected: unknown, actual: unknown): Finding {
  return { code, pointer, message: `${pointer} should be ${show(expected)} and is ${show(actual)}` };
}

function show(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length <= 120 ? text : `${text.slice(0, 117)}...`;
}
