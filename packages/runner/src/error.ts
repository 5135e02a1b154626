const CODES = [
  'AGENT_INVALID',
  'TASK_INVALID',
  'TASK_SETUP_FAILED',
  'TOOLS_UNKNOWN',
  'SEED_INVALID',
  'AGENT_NOT_FOUND',
  'COMMAND_INVALID',
  'PYTHON_MISSING',
  'ISOLATION_REFUSED',
  'BASELINE_CHANGED',
  'BATCH_SHARDS_INVALID',
  'BATCH_CHANGED',
  'FORK_POINT_INVALID',
  'FORK_DIFFERS',
  'FORK_OVER',
  'WORKER_FAILED',
  'RUNNER_CLOSED',
] as const;
export type RunnerErrorCode = (typeof CODES)[number];

/** Every error this package throws: the caller's misuse or our bug. How an episode ended is never one of them. */
export class RunnerError extends Error {
  override readonly name = 'RunnerError';
  constructor(
    readonly code: RunnerErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function isRunnerErrorCode(value: unknown): value is RunnerErrorCode {
  return CODES.includes(value as RunnerErrorCode);
}
