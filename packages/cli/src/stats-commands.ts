import type { CommandSpec, OptionSpec } from './command.js';
import { FORMAT_OPTION, OF_TASK_OPTION, rootOption, SINCE_OPTION } from './shared-options.js';

const SELECT_OPTIONS: readonly OptionSpec[] = [
  { flag: '--agent <ref>', about: 'runs of this agent, or of one revision: sha256: and 6 or more digits of its hash' },
  OF_TASK_OPTION,
  SINCE_OPTION,
];
const BATCH_OPTION: OptionSpec = { flag: '--batch <id>', about: 'the runs that decided the jobs of this batch' };
const CONFIDENCE_OPTION: OptionSpec = { flag: '--confidence <share>', about: 'of every interval (default 0.95)' };
const ROOT_OPTION = rootOption('take runs and baselines from');

/** The commands about figures over many runs. */
export const STATS_COMMANDS: readonly CommandSpec[] = [
  {
    words: 'stats',
    args: '[...agents]',
    summary: 'Success rates, pass@k and pass^k of stored runs, with intervals; compare two agents or a baseline',
    options: [
      ...SELECT_OPTIONS,
      BATCH_OPTION,
      { flag: '--compare', about: 'compare the two agents or revisions that are named, on the seeds they share' },
      { flag: '--baseline <name>', about: 'compare each agent with this export of baseline --export' },
      { flag: '--k <list>', about: 'the k of pass@k and pass^k (default 1,2,4)' },
      CONFIDENCE_OPTION,
      FORMAT_OPTION,
      ROOT_OPTION,
    ],
    examples: [
      'tracecore stats',
      'tracecore stats --task log_stream_monitor --since 7d --k 1,8',
      'tracecore stats --compare agents/old.ts agents/new.ts',
      'tracecore stats --compare sha256:0a1b2c sha256:3d4e5f --format json',
    ],
    exitCodes: ['0  shown', '2  the command was wrong, or nothing was selected'],
    run: async (deps, input) => (await import('./commands/stats.js')).stats(deps, input),
  },
  {
    words: 'stats flakes',
    args: '',
    summary: 'Name runs of the same frozen inputs whose artifacts differ, and where they part',
    options: [...SELECT_OPTIONS, BATCH_OPTION, CONFIDENCE_OPTION, FORMAT_OPTION, ROOT_OPTION],
    examples: ['tracecore stats flakes', 'tracecore stats flakes --agent my_agent.ts --format json'],
    exitCodes: [
      '0  none, or nothing was played twice',
      '1  there are some',
      '2  the command was wrong, or nothing was selected',
    ],
    run: async (deps, input) => (await import('./commands/stats-flakes.js')).statsFlakes(deps, input),
  },
  {
    words: 'gate',
    args: '',
    summary: 'Judge the runs since a baseline: PASS, FAIL, or INCONCLUSIVE and how many seeds are missing',
    options: [
      { flag: '--baseline <name>', about: 'an export of baseline --export, of either runtime; latest is the newest' },
      { flag: '--min-rate <share>', about: 'claim: the success rate is at least this' },
      {
        flag: '--max-regression <share>',
        about: 'claim: the rate lies less than this below the baseline (default 0.05 without --min-rate)',
      },
      { flag: '--alpha <share>', about: 'the chance to be wrong about a claim, to either side (default 0.05)' },
      ...SELECT_OPTIONS,
      BATCH_OPTION,
      FORMAT_OPTION,
      ROOT_OPTION,
    ],
    examples: [
      'tracecore gate --baseline nightly --agent my_agent.ts',
      'tracecore gate --baseline nightly --min-rate 0.9 --max-regression 0.02 --task my_task@1',
    ],
    exitCodes: [
      '0  PASS: every claim is shown',
      '1  FAIL: a claim is refuted',
      '2  the command was wrong, or there is no such baseline or no run since it',
      '3  INCONCLUSIVE: too few episodes to tell, or a task of the baseline was not played',
    ],
    run: async (deps, input) => (await import('./commands/gate.js')).gate(deps, input),
  },
  {
    words: 'baseline',
    args: '[...runs]',
    summary: 'What agents came to, task by task: show it, export it, seal its last runs; or compare two runs',
    options: [
      ...SELECT_OPTIONS,
      { flag: '--limit <n>', about: 'take the newest n runs only (default: all)' },
      {
        flag: '--export [name]',
        about: 'write the rows to .agent_bench/baselines/NAME.json (default: named by the time); one there is replaced',
      },
      {
        flag: '--bundle [dir]',
        about:
          'alone: seal the last run of each row, as bundle seal does; with --compare: the folder for the comparison',
      },
      { flag: '--compare', about: 'compare the two runs, files or bundles that are named, as diff does' },
      { flag: '--verify <dir>', about: 'check a bundle, as bundle verify does' },
      { flag: '--key <file>', about: 'with --verify: trust this public key too; may be repeated', repeatable: true },
      { flag: '--trust <dir>', about: 'with --verify: the folder of trusted public keys' },
      { flag: '--require-signature', about: 'with --verify: fail a bundle that nobody signed' },
      { flag: '--format <kind>', about: 'table (default) or json; with --compare pretty (default), text or json' },
      { flag: '--json', about: 'the same as --format json' },
      { flag: '--steps', about: 'with --compare: show every step that differs, not the first few' },
      rootOption('take runs, baselines and bundles from'),
    ],
    examples: [
      'tracecore baseline --agent my_agent.ts --export nightly',
      'tracecore baseline --task my_task@1 --bundle',
      'tracecore baseline --verify .agent_bench/baselines/RUN_ID',
      'tracecore baseline --compare RUN_ID latest --bundle comparison',
    ],
    exitCodes: [
      '0  shown and written; with --compare, identical; with --verify, every check passed',
      '1  something cannot be written or sealed; with --compare, different; with --verify, a check failed',
      '2  the command was wrong, or nothing was selected; with --compare, runs of another task or version',
    ],
    run: async (deps, input) => (await import('./commands/baseline.js')).baseline(deps, input),
  },
];
