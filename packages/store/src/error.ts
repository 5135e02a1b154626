export type StoreErrorCode =
  | 'RUN_NOT_FOUND'
  | 'RUN_ID_INVALID'
  | 'RUN_AMBIGUOUS'
  | 'RUN_UNREADABLE'
  | 'STORE_UNREADABLE'
  | 'BATCH_NOT_FOUND'
  | 'BATCH_ID_INVALID'
  | 'BATCH_AMBIGUOUS'
  | 'BATCH_BUSY'
  | 'BATCH_UNREADABLE'
  | 'BATCH_UNWRITABLE'
  | 'JOURNAL_INVALID'
  | 'INDEX_CORRUPT'
  | 'INDEX_NEWER'
  | 'INDEX_BUSY'
  | 'INDEX_UNWRITABLE'
  | 'INDEX_UNAVAILABLE'
  | 'BASELINE_NAME_INVALID'
  | 'BASELINE_NOT_FOUND'
  | 'BASELINE_INVALID';

/** Every error this package throws; what `put` cannot write is an ArtifactError FILE_UNWRITABLE. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
