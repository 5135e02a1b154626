export type QueueErrorCode =
  | 'QUEUE_URL_INVALID'
  | 'QUEUE_UNREACHABLE'
  | 'QUEUE_AUTH'
  | 'QUEUE_TLS'
  | 'QUEUE_UNFIT'
  | 'QUEUE_FULL'
  | 'QUEUE_FAILED'
  | 'BATCH_ID_INVALID'
  | 'BATCH_NOT_FOUND'
  | 'BATCH_BUSY'
  | 'BATCH_CANCELLED';

/** Every error this package throws. No message holds a password, and none has a cause that could. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
  constructor(
    readonly code: QueueErrorCode,
    message: string,
  ) {
    super(message);
  }
}
