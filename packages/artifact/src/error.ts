export type ArtifactErrorCode =
  | 'JSON_INVALID'
  | 'JSON_DUPLICATE_KEY'
  | 'JSON_TOO_DEEP'
  | 'JSON_NOT_INTEROPERABLE'
  | 'NOT_CANONICAL'
  | 'DUPLICATE_PATH'
  | 'REDACTION_POINTER_INVALID'
  | 'REDACTION_NO_MATCH'
  | 'REDACTION_NOT_ALLOWED'
  | 'REDACTION_LEAKS'
  | 'ALREADY_REDACTED'
  | 'DISCLOSURE_INVALID'
  | 'DISCLOSURE_UNKNOWN_POINTER'
  | 'FILE_NOT_FOUND'
  | 'FILE_UNREADABLE'
  | 'FILE_UNWRITABLE'
  | 'NOTE_INVALID'
  | 'CHECKPOINT_INVALID'
  | 'TILE_MISMATCH'
  | 'ENTRIES_TRUNCATED'
  | 'ENTRY_TOO_LARGE';

/**
 * Every error this package throws.
 * `at` says where: `line:column` (both from 1) in a JSON text, a JSON pointer in a value, null when neither applies.
 */
export class ArtifactError extends Error {
  override readonly name = 'ArtifactError';
  constructor(
    readonly code: ArtifactErrorCode,
    message: string,
    readonly at: string | null = null,
  ) {
    super(message);
  }
}
