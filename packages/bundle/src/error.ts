export type BundleErrorCode =
  | 'ARTIFACT_INVALID'
  | 'SPEC_VERSION_UNSUPPORTED'
  | 'ARTIFACT_HASH_MISMATCH'
  | 'ARTIFACT_INCONSISTENT'
  | 'ARTIFACT_TOO_LARGE'
  | 'BUNDLE_EXISTS'
  | 'BUNDLE_NOT_FOUND'
  | 'BUNDLE_UNREADABLE'
  | 'BUNDLE_UNWRITABLE'
  | 'BUNDLE_DAMAGED'
  | 'BUNDLE_WITHOUT_ARTIFACT'
  | 'BUNDLE_BUSY'
  | 'SALTS_MISPLACED'
  | 'DISCLOSURE_EXISTS'
  | 'DISCLOSURE_UNWRITABLE'
  | 'BUNDLE_UNSIGNED'
  | 'BUNDLE_UNTRUSTED'
  | 'OUTPUT_EXISTS'
  | 'OUTPUT_UNWRITABLE'
  | 'KEY_NOT_FOUND'
  | 'KEY_UNREADABLE'
  | 'KEY_UNWRITABLE'
  | 'KEY_EXISTS'
  | 'KEY_READABLE_BY_OTHERS'
  | 'KEY_INVALID'
  | 'KEY_TYPE'
  | LedgerErrorCode
  | LeaderboardErrorCode;

export type LeaderboardErrorCode =
  | 'LEADERBOARD_EXISTS'
  | 'LEADERBOARD_NOT_FOUND'
  | 'LEADERBOARD_UNREADABLE'
  | 'LEADERBOARD_UNWRITABLE';

export type LedgerErrorCode =
  | 'LEDGER_NOT_FOUND'
  | 'LEDGER_UNREADABLE'
  | 'LEDGER_UNWRITABLE'
  | 'LEDGER_BUSY'
  | 'LEDGER_CHECKPOINT_INVALID'
  | 'LEDGER_ORIGIN_INVALID'
  | 'LEDGER_ORIGIN_MISMATCH'
  | 'LEDGER_SIGNATURE_INVALID'
  | 'LEDGER_UNTRUSTED'
  | 'LEDGER_TILE_MISMATCH'
  | 'LEDGER_ENTRY_MISMATCH'
  | 'LEDGER_TRUNCATED'
  | 'LEDGER_ROLLED_BACK'
  | 'LEDGER_FORKED'
  | 'LEDGER_SEEN_INVALID'
  | 'LEDGER_ENTRY_INVALID'
  | 'LEDGER_BUNDLES_DIFFER'
  | 'LEDGER_DETAILS_INVALID'
  | 'LEDGER_ENTRY_TOO_LARGE'
  | 'LEDGER_ENTRY_EXISTS'
  | 'LEDGER_BUNDLE_MISMATCH'
  | 'LEDGER_ENTRY_NOT_FOUND'
  | 'LEDGER_PROOF_INVALID';

/** Every error this package throws. What is wrong with a bundle that is being verified is a line of its report instead. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  constructor(
    readonly code: BundleErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** What a failed call of the system says of itself. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of a failed call of the system, such as ENOENT. */
export function systemCode(error: unknown): string | null {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : null;
}
