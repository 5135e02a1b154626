import type { CommandInput } from '../command.js';
import { compareRuns } from '../compare-runs.js';
import type { Deps } from '../deps.js';
import { CliError } from '../error.js';

/** Options that belong to one way of using the command, by the option that chooses it. */
const ONLY_WITH = {
  compare: ['steps'],
  verify: ['key', 'trust', 'require-signature'],
  rows: ['agent', 'task', 'since', 'limit', 'export'],
} as const;

/** `baseline`: what agents came to, exported to be held against; or a comparison of two runs; or the check of a bundle. */
export async function baseline(deps: Deps, input: CommandInput): Promise<number> {
  const way = input.has('compare') ? 'compare' : input.has('verify') ? 'verify' : 'rows';
  requireOwnOptions(input, way);
  if (way === 'compare') return compare(deps, input);
  if (input.args.length > 0) {
    throw new CliError('USAGE', `baseline takes no argument "${input.args[0]}"; --compare A B compares two runs`);
  }
  if (way === 'verify') return verify(deps, input);
  const { baselineRows } = await import('./baseline-rows.js');
  return baselineRows(deps, input);
}

function requireOwnOptions(input: CommandInput, way: keyof typeof ONLY_WITH): void {
  if (way === 'compare' && input.has('verify'))
    throw new CliError('USAGE', '--compare and --verify exclude each other');
  for (const [other, options] of Object.entries(ONLY_WITH)) {
    const stray = other === way ? undefined : options.find((option) => input.has(option));
    if (stray === undefined) continue;
    const goes = other === 'rows' ? `does not go with --${way}` : `goes with --${other}`;
    throw new CliError('USAGE', `--${stray} ${goes}; tracecore baseline --help lists what goes together`);
  }
}

/** What `diff` says of two runs, under the name that the Python runtime has for it. */
async function compare(deps: Deps, input: CommandInput): Promise<number> {
  if (input.has('bundle') && input.text('bundle') === undefined) {
    throw new CliError('USAGE', '--bundle needs a new folder for the comparison: --bundle DIR');
  }
  if (input.args.length === 2) return compareRuns(deps, input);
  const message = `baseline --compare takes two runs, files or bundles, got ${input.args.length}`;
  throw new CliError('USAGE', message);
}

/** What `bundle verify` does. */
async function verify(deps: Deps, input: CommandInput): Promise<number> {
  if (input.has('bundle')) throw new CliError('USAGE', '--verify checks a bundle and --bundle seals one; give one');
  if (input.has('format')) throw new CliError('USAGE', '--verify has two forms: text, and JSON with --json');
  const { bundleVerify } = await import('./bundle-verify.js');
  return bundleVerify(deps, input.withArgs([input.text('verify') ?? '']));
}
