import type { CommandInput, OptionSpec } from './command.js';
import { CliError } from './error.js';

/** `--root`, as help tells it. @param what it is for, such as `keep runs in`. */
export function rootOption(what: string): OptionSpec {
  return { flag: '--root <dir>', about: `${what} DIR/.agent_bench instead of the workspace` };
}

export const FORMAT_OPTION: OptionSpec = { flag: '--format <kind>', about: 'table (default) or json' };

/** Runs from some time on; `parseSince` reads it. */
export const SINCE_OPTION: OptionSpec = {
  flag: '--since <time>',
  about: 'runs that started since: 7d, 12h, 30m, or a date or date-time (UTC where no zone stands)',
};

/** Runs of a task. */
export const OF_TASK_OPTION: OptionSpec = {
  flag: '--task <ref>',
  about: 'runs of this task: id@version, or an id alone for every version',
};

/**
 * What `FORMAT_OPTION` was given.
 * @throws {CliError} USAGE
 */
export function readFormat(input: CommandInput): 'json' | 'table' {
  const format = input.text('format') ?? 'table';
  if (format === 'json' || format === 'table') return format;
  throw new CliError('USAGE', `--format must be json or table, got "${format}"`);
}
