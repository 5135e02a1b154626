export type CliErrorCode = 'USAGE' | 'CONFIG_INVALID' | 'CHECK_FAILED' | 'INTERRUPTED';

/**
 * What the process ends with; `undecided` is what a gate says that too few episodes were given to, `incomplete` a batch
 * that lacks results although no agent failed.
 */
export const EXIT = { ok: 0, failed: 1, usage: 2, undecided: 3, incomplete: 3, interrupted: 130 } as const;

const EXIT_OF: Record<CliErrorCode, number> = {
  USAGE: EXIT.usage,
  CONFIG_INVALID: EXIT.usage,
  CHECK_FAILED: EXIT.failed,
  INTERRUPTED: EXIT.interrupted,
};

/** Every error this package throws. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    readonly code: CliErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Codes of the other packages that are not the caller's misuse: something on this machine failed. */
const MACHINE_FAULTS = [
  'FILE_UNWRITABLE',
  'HOST_UNAVAILABLE',
  'BATCH_BUSY',
  'BATCH_UNWRITABLE',
  'WORKER_FAILED',
  'BUNDLE_UNWRITABLE',
  'BUNDLE_BUSY',
  'DISCLOSURE_UNWRITABLE',
  'OUTPUT_UNWRITABLE',
  'KEY_UNWRITABLE',
  'LEDGER_UNWRITABLE',
  'LEDGER_UNREADABLE',
  'LEDGER_BUSY',
  'LEADERBOARD_UNWRITABLE',
  'INDEX_CORRUPT',
  'INDEX_BUSY',
  'INDEX_UNWRITABLE',
  'INDEX_UNAVAILABLE',
  'QUEUE_UNREACHABLE',
  'QUEUE_AUTH',
  'QUEUE_TLS',
  'QUEUE_UNFIT',
  'QUEUE_FULL',
  'QUEUE_FAILED',
  'BATCH_CANCELLED',
];

/** Codes that say what a check would: the record is not what it should be. */
const FAILED_CHECKS = [
  'RUN_UNREADABLE',
  'BATCH_UNREADABLE',
  'BATCH_CHANGED',
  'BATCH_SHARDS_INVALID',
  'JOURNAL_INVALID',
  'ARTIFACT_INVALID',
  'SPEC_VERSION_UNSUPPORTED',
  'ARTIFACT_HASH_MISMATCH',
  'ARTIFACT_INCONSISTENT',
  'ARTIFACT_TOO_LARGE',
  'BUNDLE_DAMAGED',
  'BUNDLE_UNSIGNED',
  'BUNDLE_UNTRUSTED',
  'LEDGER_CHECKPOINT_INVALID',
  'LEDGER_ORIGIN_MISMATCH',
  'LEDGER_SIGNATURE_INVALID',
  'LEDGER_UNTRUSTED',
  'LEDGER_TILE_MISMATCH',
  'LEDGER_ENTRY_MISMATCH',
  'LEDGER_TRUNCATED',
  'LEDGER_ROLLED_BACK',
  'LEDGER_FORKED',
  'LEDGER_SEEN_INVALID',
  'LEDGER_ENTRY_INVALID',
  'LEADERBOARD_UNREADABLE',
  'FORK_DIFFERS',
];

const NOT_MISUSE: ReadonlySet<string> = new Set([...MACHINE_FAULTS, ...FAILED_CHECKS]);

/** What the process ends with when a command threw `error`. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CliError) return EXIT_OF[error.code];
  return isCoded(error) && !NOT_MISUSE.has(error.code) ? EXIT.usage : EXIT.failed;
}

/** The one sentence for stderr; with `debug` the stack below it. */
export function describeError(error: unknown, debug: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const sentence = message.trim().replaceAll(/\s*\n\s*/g, '; ');
  const known = error instanceof CliError || isCoded(error);
  const text = known
    ? sentence
    : `unexpected fault of tracecore itself: ${sentence}${debug ? '' : ' (--debug shows where)'}`;
  return debug && error instanceof Error ? `${text}\n${error.stack}` : text;
}

/** Whether an error comes from a package of this house: its name ends in Error and its code is in capitals. */
export function isCoded(error: unknown): error is Error & { code: string } {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  return (
    typeof code === 'string' &&
    /^(Spec|Artifact|Bundle|Kit|Tasks|Sandbox|Runner|Store|Stats|Queue)Error$/.test(error.name)
  );
}
