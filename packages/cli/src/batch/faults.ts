import type { Deps } from '../deps.js';
import { CliError } from '../error.js';
import { printable } from '../render/printable.js';

/** Most faults that are named; a file with more is mostly one fault many times. */
const NAMED = 100;

/** Names every fault on stderr, and gives the error that ends the command. */
export function refuseAll({ io }: Deps, what: string, faults: readonly string[]): CliError {
  for (const fault of faults.slice(0, NAMED)) io.stderr(`tracecore: ${printable(`${what}: ${fault}`)}\n`);
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return new CliError('USAGE', `${what} has ${count}; nothing was run`);
}
