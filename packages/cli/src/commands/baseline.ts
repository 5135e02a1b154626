import type { CommandInput } from '../command.js';
import { compareRuns } from '../compare-runs.js';
import type { Deps } from '../deps.js';
import { CliError } from '../error.js';

/** `baseline --compare`: what `diff` says of two runs, under the name that the Python runtime has for it. */
export async function baseline(deps: Deps, input: CommandInput): Promise<number> {
  if (!input.has('compare')) {
    throw new CliError('USAGE', 'baseline needs --compare A B, two runs, files or bundles; diff takes more of them');
  }
  if (input.args.length === 2) return compareRuns(deps, input);
  const message = `baseline --compare takes two runs, files or bundles, got ${input.args.length}`;
  throw new CliError('USAGE', message);
}
