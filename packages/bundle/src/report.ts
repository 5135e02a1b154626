import type { ArtifactErrorCode, FindingCode, ProvenValue } from '@tracecore/artifact';

export type BundleFindingCode =
  | 'FILE_MISSING'
  | 'FILE_NOT_REGULAR'
  | 'FILE_TOO_LARGE'
  | 'FILE_UNREADABLE'
  | 'INTEGRITY_LINE_INVALID'
  | 'INTEGRITY_LINE_EXTRA'
  | 'INTEGRITY_LINE_DUPLICATE'
  | 'INTEGRITY_LINE_MISSING'
  | 'DIGEST_MISMATCH'
  | 'NOT_UTF8'
  | 'LINE_INVALID'
  | 'ARTIFACT_INVALID'
  | 'SPEC_VERSION_UNSUPPORTED'
  | 'MANIFEST_MISMATCH'
  | 'TOOL_CALLS_MISMATCH'
  | 'VALIDATOR_MISMATCH'
  | 'SANDBOX_UNDECLARED'
  | 'AUDIT_INVALID'
  | 'AUDIT_OUTSIDE_SANDBOX'
  | 'ENVELOPE_INVALID'
  | 'SIGNATURE_INVALID'
  | 'SIGNATURE_SUBJECT_MISMATCH'
  | 'STATEMENT_MISMATCH'
  | 'SIGNATURE_UNTRUSTED'
  | 'SIGNATURE_NONE'
  | 'LEGACY_SIGNATURE_INVALID'
  | FindingCode
  | ArtifactErrorCode;

/** One thing wrong with a bundle, in which file, and where in it: a JSON pointer, `line 3/result` in a file of lines. */
export interface BundleFinding {
  code: BundleFindingCode;
  file: string;
  pointer?: string;
  message: string;
}

export type BundleCheckName =
  | 'files'
  | 'integrity'
  | 'digests'
  | 'json'
  | 'schema'
  | 'hash'
  | 'budgets'
  | 'taxonomy'
  | 'redactions'
  | 'disclosure'
  | 'manifest'
  | 'tool_calls'
  | 'validator'
  | 'sandbox'
  | 'signature';

/** One line of `bundle verify`. `code`, `message`, `file` and `pointer` are those of the first finding. */
export interface BundleCheck {
  check: BundleCheckName;
  status: 'ok' | 'fail' | 'skip';
  code: 'OK' | 'SKIPPED' | BundleFindingCode;
  message: string;
  /** What the reader of a passed check should know of how it was made, such as `python form`. */
  note?: string;
  file?: string;
  pointer?: string;
  findings: BundleFinding[];
}

/** `trusted` and `untrusted` signatures are both valid; what tells them apart is whether the reader knows the key. */
export type SignatureStatus = 'none' | 'trusted' | 'untrusted' | 'invalid';

export interface Signer {
  key_id: string;
  status: Exclude<SignatureStatus, 'none'>;
  /** The file that the trusted key was read from. */
  trusted_by: string | null;
}

export interface BundleSignature {
  status: SignatureStatus;
  /** `legacy` is the signature.json of the Python runtime. */
  kind: 'dsse' | 'legacy' | null;
  signers: Signer[];
}

export interface BundleReport {
  /** No check failed. An unsigned bundle can be ok; ask for `requireSignature` where that is not enough. */
  ok: boolean;
  /** `python` when the bundle has no artifact, as that runtime writes it. */
  form: 'tracecore' | 'python';
  run_id: string | null;
  signature: BundleSignature;
  /** How many values are redacted; 0 in a bundle that says everything. */
  redacted: number;
  /** What a disclosure proved; absent when none was given. */
  proven?: ProvenValue[];
  checks: BundleCheck[];
  /** Names in the folder that no check is about. */
  extra: string[];
}

/** The note of what is checked by the rules of the Python runtime. */
export const PYTHON_FORM = 'python form';

function passed(check: BundleCheckName, message: string, note: string | undefined): BundleCheck {
  return { check, status: 'ok', code: 'OK', message, ...(note === undefined ? {} : { note }), findings: [] };
}

export function skipped(check: BundleCheckName, message: string): BundleCheck {
  return { check, status: 'skip', code: 'SKIPPED', message, findings: [] };
}

/** Fails with what was found, or passes and says `message`, and beside it `note`. */
export function judged(check: BundleCheckName, findings: BundleFinding[], message: string, note?: string): BundleCheck {
  const [first] = findings;
  if (!first) return passed(check, message, note);
  const rest = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
  const { code, file, pointer } = first;
  const at = pointer === undefined ? {} : { pointer };
  return { check, status: 'fail', code, message: `${first.message}${rest}`, file, ...at, findings };
}
