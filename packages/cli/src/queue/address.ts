import type { QueueAddress } from '@tracecore/runner';
import type { CommandInput, OptionSpec } from '../command.js';
import type { Io } from '../deps.js';
import { CliError } from '../error.js';

export const QUEUE_OPTION: OptionSpec = {
  flag: '--queue <url>',
  about: 'redis://HOST:PORT/DB, or rediss:// for TLS (default: TRACECORE_QUEUE)',
};

/**
 * Where the queue is: `--queue` or TRACECORE_QUEUE. Who may use it stands in the URL, or in TRACECORE_QUEUE_USER and
 * TRACECORE_QUEUE_PASSWORD, which other users of this machine cannot see in the list of processes.
 * @throws {CliError} USAGE when there is none.
 */
export function readQueue({ env }: Io, input: CommandInput): QueueAddress {
  const url = input.text('queue') ?? (env.TRACECORE_QUEUE || undefined);
  if (url === undefined)
    throw new CliError('USAGE', 'give the queue with --queue redis://HOST:PORT, or in TRACECORE_QUEUE');
  const { TRACECORE_QUEUE_USER: username, TRACECORE_QUEUE_PASSWORD: password } = env;
  return { url, ...(username ? { username } : {}), ...(password ? { password } : {}) };
}
