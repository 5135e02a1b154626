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

/** Codes of attempts that gave no artifact for a reason of the queue; those of a worker's own faults come from its runner. */
export type AttemptCode =
  | 'WORKER_LOST'
  | 'RESULT_INVALID'
  | 'AGENT_DIFFERS'
  | 'TASK_DIFFERS'
  | 'RUNTIME_DIFFERS'
  | 'SETTINGS_DIFFER';

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
