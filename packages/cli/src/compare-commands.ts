import type { CommandSpec, OptionSpec } from './command.js';
import { rootOption } from './shared-options.js';

const COMPARE_OPTIONS: readonly OptionSpec[] = [
  { flag: '--format <kind>', about: 'pretty (default), text for logs, or json' },
  { flag: '--json', about: 'the same as --format json' },
  { flag: '--steps', about: 'show every step that differs, not the first few' },
  { flag: '--bundle <dir>', about: 'write the comparison and what was compared to a new folder, with digests' },
  rootOption('take runs and bundles from'),
];

const EXIT_CODES = [
  '0  identical: every field that the hash covers is equal',
  '1  different, or the folder of --bundle cannot be written',
  '2  incompatible: runs of another task or version; or the command was wrong, or a file is no artifact',
];

/** The commands that compare runs. */
export const COMPARE_COMMANDS: readonly CommandSpec[] = [
  {
    words: 'diff',
    args: '[...runs]',
    summary: 'Compare runs with the first of them: where they part, then part by part',
    options: COMPARE_OPTIONS,
    examples: [
      'tracecore diff RUN_ID latest',
      'tracecore diff baseline.json a.json b.json --format text',
      'tracecore diff .agent_bench/baselines/RUN_ID latest --bundle comparison',
    ],
    exitCodes: EXIT_CODES,
    run: async (deps, input) => (await import('./commands/diff.js')).diff(deps, input),
  },
];
