import type { CommandSpec, OptionSpec } from './command.js';
import { FORMAT_OPTION, OF_TASK_OPTION, rootOption, SINCE_OPTION } from './shared-options.js';

const WHICH: readonly OptionSpec[] = [
  { flag: '--agent <ref>', about: 'runs of this agent, as its runs name it: agents/NAME.ts' },
  OF_TASK_OPTION,
];

const FILTERS: readonly OptionSpec[] = [
  ...WHICH,
  SINCE_OPTION,
  { flag: '--failure-type <type>', about: 'runs that failed so, such as timeout or budget_exhausted' },
  { flag: '--success', about: 'runs that succeeded' },
  { flag: '--failed', about: 'runs that failed' },
];

const NEWEST: OptionSpec = { flag: '--limit <n>', about: 'look at so many of the newest of these runs' };
const ROOT = rootOption('look at runs in');

const SHOWN = [
  '0  shown, also when no run matches',
  '1  the runs folder or its index cannot be used',
  '2  the command was wrong',
];

/** The commands about stored runs. */
export const RUNS_COMMANDS: readonly CommandSpec[] = [
  {
    words: 'runs list',
    args: '',
    summary: 'List stored runs, newest first',
    options: [...FILTERS, { flag: '--limit <n>', about: 'show so many of them (default 20)' }, FORMAT_OPTION, ROOT],
    examples: [
      'tracecore runs list',
      'tracecore runs list --task rate_limited_api --failed --since 7d',
      'tracecore runs list --failure-type timeout --limit 100 --format json',
    ],
    exitCodes: SHOWN,
    run: async (deps, input) => (await import('./commands/runs-list.js')).runsList(deps, input),
  },
  {
    words: 'runs summary',
    args: '',
    summary: 'Count stored runs: how many succeeded, how the others failed, for each task and agent',
    options: [...FILTERS, NEWEST, FORMAT_OPTION, ROOT],
    examples: ['tracecore runs summary', 'tracecore runs summary --agent agents/toy_agent.ts --since 2026-03-01'],
    exitCodes: SHOWN,
    run: async (deps, input) => (await import('./commands/runs-summary.js')).runsSummary(deps, input),
  },
  {
    words: 'runs metrics',
    args: '',
    summary: 'Show what runs used and whether they repeat, for each task and agent',
    options: [...FILTERS, NEWEST, FORMAT_OPTION, ROOT],
    examples: ['tracecore runs metrics', 'tracecore runs metrics --task rate_limited_api@1 --limit 500 --format json'],
    exitCodes: SHOWN,
    run: async (deps, input) => (await import('./commands/runs-metrics.js')).runsMetrics(deps, input),
  },
  {
    words: 'runs mttr',
    args: '',
    summary: 'Show how long it took from a failure to the next success, for each agent, task and seed',
    options: [
      ...WHICH,
      SINCE_OPTION,
      { flag: '--failure-type <type>', about: 'count failures of this type alone' },
      NEWEST,
      FORMAT_OPTION,
      ROOT,
    ],
    examples: ['tracecore runs mttr', 'tracecore runs mttr --task rate_limited_api --format json'],
    exitCodes: SHOWN,
    run: async (deps, input) => (await import('./commands/runs-mttr.js')).runsMttr(deps, input),
  },
  {
    words: 'runs show',
    args: '[run]',
    summary: 'Show what is recorded of a run beside its steps, and what points to it; inspect shows the steps',
    options: [FORMAT_OPTION, ROOT],
    examples: ['tracecore runs show', 'tracecore runs show RUN_ID --format json'],
    exitCodes: ['0  shown', '1  the run file cannot be read', '2  the command was wrong, or there is no such run'],
    run: async (deps, input) => (await import('./commands/runs-show.js')).runsShow(deps, input),
  },
  {
    words: 'runs gc',
    args: '',
    summary: 'Remove all but the newest runs; says what it would remove unless --write',
    options: [
      { flag: '--keep <n>', about: 'how many of the newest runs stay; needed' },
      ...WHICH,
      { flag: '--write', about: 'do it; what is removed is gone' },
      FORMAT_OPTION,
      ROOT,
    ],
    examples: [
      'tracecore runs gc --keep 1000',
      'tracecore runs gc --keep 100 --task rate_limited_api@1 --agent agents/toy_agent.ts --write',
    ],
    exitCodes: [
      '0  done, or told what would be done',
      '1  a file could not be removed, or what is needed cannot be found out',
      '2  the command was wrong',
    ],
    run: async (deps, input) => (await import('./commands/runs-gc.js')).runsGc(deps, input),
  },
  {
    words: 'runs reindex',
    args: '',
    summary: 'Read every run again into the index, as after files were changed in place',
    options: [ROOT],
    examples: ['tracecore runs reindex'],
    exitCodes: [
      '0  the index says what the files say',
      '1  the index cannot be written',
      '2  the command was wrong, or a newer tracecore wrote the index',
    ],
    run: async (deps, input) => (await import('./commands/runs-reindex.js')).runsReindex(deps, input),
  },
  {
    words: 'runs migrate',
    args: '',
    summary: 'Bring run files of the Python runtime from before v1.0 to v1.0; says what it would do unless --write',
    options: [
      { flag: '--write', about: 'do it; each file is kept as it was in .agent_bench/migrated' },
      { flag: '--json', about: 'print the report as JSON' },
      ROOT,
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
