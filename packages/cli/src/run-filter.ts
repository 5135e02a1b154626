import { FAILURE_TYPES, isFailureType } from '@tracecore/spec';
import type { RunFilter } from '@tracecore/store/run-index';
import type { CommandInput } from './command.js';
import { CliError } from './error.js';
import { didYouMean } from './nearest.js';
import { parseSince } from './since.js';

const TASK = /^[a-z0-9_-]+(?:@\d+)?$/;
const COUNT = /^[1-9]\d{0,8}$/;

/**
 * Which runs a command is about, from its options.
 * @throws {CliError} USAGE naming the option.
 */
export function readRunFilter(input: CommandInput, now: Date): RunFilter {
  const [agent, task, since] = [input.text('agent'), input.text('task'), input.text('since')];
  const [failureType, limit] = [input.text('failure-type'), input.text('limit')];
  if (input.has('success') && (input.has('failed') || failureType !== undefined)) {
    throw new CliError(
      'USAGE',
      `--success and --${input.has('failed') ? 'failed' : 'failure-type'} exclude each other`,
    );
  }
  if (task !== undefined && !TASK.test(task)) {
    throw new CliError('USAGE', `--task must be id@version or an id, got "${task}"`);
  }
  if (failureType !== undefined && !isFailureType(failureType)) {
    const hint = didYouMean(failureType, FAILURE_TYPES) || `; it is one of ${FAILURE_TYPES.join(', ')}`;
    throw new CliError('USAGE', `--failure-type does not know "${failureType}"${hint}`);
  }
  return {
    ...(agent === undefined ? {} : { agent: agent.replace(/^\.\//, '') }),
    ...(task === undefined ? {} : { task }),
    ...(since === undefined ? {} : { since: parseSince(since, now) }),
    ...(failureType === undefined ? {} : { failure_type: failureType }),
    ...(input.has('success') ? { success: true } : input.has('failed') ? { success: false } : {}),
    ...(limit === undefined ? {} : { limit: readCount('limit', limit) }),
  };
}

/** A whole number of 1 or more. @throws {CliError} USAGE */
function readCount(option: string, text: string): number {
  if (COUNT.test(text)) return Number(text);
  throw new CliError('USAGE', `--${option} takes a whole number of 1 or more, got "${text}"`);
}
