import { FAILURE_TYPES, isFailureType } from '@tracecore/spec';
import type { RunFilter } from '@tracecore/store/run-index';
import type { CommandInput } from './command.js';
import { CliError } from './error.js';
import { didYouMean } from './nearest.js';

const TASK = /^[a-z0-9_-]+(?:@\d+)?$/;
const COUNT = /^[1-9]\d{0,8}$/;
const AGO = /^(\d{1,6})([smhdw])$/;
const MS_OF: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const MOMENT = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

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
    ...(since === undefined ? {} : { since: readSince(since, now) }),
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

/** A time as it is typed: so long before now, or a date, with or without a time of day. */
function readSince(text: string, now: Date): Date {
  const ago = AGO.exec(text);
  if (ago !== null) return new Date(now.getTime() - Number(ago[1]) * (MS_OF[ago[2] as string] as number));
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(text.slice(10)) || text.length === 10 ? text : `${text}Z`;
  const moment = MOMENT.test(text) ? new Date(zoned.replace(' ', 'T')) : new Date(Number.NaN);
  if (!Number.isNaN(moment.getTime())) return moment;
  throw new CliError(
    'USAGE',
    `--since takes 7d, 12h, 30m, or a date such as 2026-03-01 or 2026-03-01T12:00Z, got "${text}"`,
  );
}
