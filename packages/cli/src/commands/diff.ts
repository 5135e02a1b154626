import type { CommandInput } from '../command.js';
import { compareRuns } from '../compare-runs.js';
import type { Deps } from '../deps.js';
import { CliError } from '../error.js';

/** `diff`: each run, file or bundle against the first. It shows what they say; `verify` tells whether that is true. */
export async function diff(deps: Deps, input: CommandInput): Promise<number> {
  if (input.args.length >= 2) return compareRuns(deps, input);
  const message = `diff takes two or more runs or files, got ${input.args.length}; each is an id, latest, a file or a bundle`;
  throw new CliError('USAGE', message);
}
