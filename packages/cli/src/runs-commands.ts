import type { CommandSpec } from './command.js';
import { rootOption } from './root-option.js';

/** The commands about the files of runs. */
export const RUNS_COMMANDS: readonly CommandSpec[] = [
  {
    words: 'runs migrate',
    args: '',
    summary: 'Bring run files of the Python runtime from before v1.0 to v1.0; says what it would do unless --write',
    options: [
      { flag: '--write', about: 'do it; each file is kept as it was in .agent_bench/migrated' },
      { flag: '--json', about: 'print the report as JSON' },
      rootOption('look at runs in'),
    ],
    examples: ['tracecore runs migrate', 'tracecore runs migrate --write', 'tracecore runs migrate --root old --json'],
    exitCodes: [
      '0  nothing is to be done, or --write did it; files that are left alone are named',
      '1  something would change, or with --write a file could not be written',
      '2  the command was wrong, or the folder cannot be read',
    ],
    run: async (deps, input) => (await import('./commands/runs-migrate.js')).runsMigrate(deps, input),
  },
];
