export type StatsErrorCode =
  /** A count is no whole number, or counts contradict each other. */
  | 'COUNTS_INVALID'
  /** A confidence, an alpha or a rate is outside of its range. */
  | 'PROBABILITY_INVALID'
  /** There is no episode to say anything about. */
  | 'NOTHING_TO_ESTIMATE';

/** Every error this package throws. */
export class StatsError extends Error {
  override readonly name = 'StatsError';
  constructor(
    readonly code: StatsErrorCode,
    message: string,
  ) {
    super(message);
  }
}
