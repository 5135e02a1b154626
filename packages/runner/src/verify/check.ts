/** What is wrong, where. */
interface Fault {
  code: string;
  pointer?: string;
  message: string;
}

/** What `verifyArtifact` checks, in the order of its lines. */
export const ARTIFACT_CHECKS = ['schema', 'hash', 'budgets', 'taxonomy', 're-derivation'] as const;
/** `redactions` stands before `re-derivation` where something is redacted; the others are those of `verifyEvidence`. */
export type CheckName =
  | (typeof ARTIFACT_CHECKS)[number]
  | 'redactions'
  | 'bundle'
  | 'signature'
  | 'ledger'
  | 'strict-spec';

/** One line of `verify`. */
export interface VerifyCheck {
  check: CheckName;
  /** `skip` is a check that could not be made, or one of something that is not there; it is never a passed one. */
  status: 'ok' | 'fail' | 'skip';
  /** `OK`, `VERDICT_ONLY`, `SKIPPED`, or what is wrong or absent, from a closed list. */
  code: string;
  message: string;
  /** What the reader of a passed check should know of how it was made, such as `python form`. */
  note?: string;
  /** JSON pointer of the first field that disagrees. */
  pointer?: string;
  /** The file of the bundle that is at fault. */
  file?: string;
}

export function ok(check: CheckName, message: string, note?: string): VerifyCheck {
  return { check, status: 'ok', code: 'OK', message, ...(note === undefined ? {} : { note }) };
}

export function skip(check: CheckName, message: string, code = 'SKIPPED'): VerifyCheck {
  return { check, status: 'skip', code, message };
}

export function fail(check: CheckName, code: string, message: string, pointer?: string): VerifyCheck {
  return { check, status: 'fail', code, message, ...(pointer === undefined ? {} : { pointer }) };
}

/** Fails with the first finding and says how many more there are, or passes. */
export function ofFindings(check: CheckName, findings: readonly Fault[], message: string): VerifyCheck {
  const [first, ...more] = findings;
  if (!first) return ok(check, message);
  const rest = more.length > 0 ? ` (and ${more.length} more)` : '';
  return fail(check, first.code, `${first.message}${rest}`, first.pointer);
}
