export type SpecErrorCode =
  | 'ARTIFACT_INVALID'
  | 'EPISODE_CONFIG_INVALID'
  | 'BATCH_FILE_INVALID'
  | 'BATCH_PLAN_INVALID'
  | 'BATCH_VERSION_UNSUPPORTED'
  | 'BATCH_LINE_INVALID'
  | 'SPEC_VERSION_UNSUPPORTED'
  | 'TASK_REF_INVALID'
  | 'BUDGET_INVALID'
  | 'BUDGET_ABOVE_MANIFEST';

/** One thing wrong with a document, at a JSON pointer (RFC 6901; `''` is the whole document). */
export interface Issue {
  pointer: string;
  message: string;
}

/** Every error this package throws. `issues` lists each fault of the document that was parsed. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
  constructor(
    readonly code: SpecErrorCode,
    message: string,
    readonly issues: readonly Issue[] = [],
  ) {
    super(message);
  }
}
