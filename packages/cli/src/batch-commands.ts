import type { CommandSpec, OptionSpec } from './command.js';
import { QUEUE_OPTION } from './queue/address.js';
import { rootOption } from './shared-options.js';

const ON_QUEUE = { ...QUEUE_OPTION, about: 'ask this queue instead of the workspace: redis://HOST:PORT, or rediss://' };

const REPORT_OPTIONS: readonly OptionSpec[] = [
  { flag: '--json', about: 'print the summary as JSON, and nothing else, on stdout' },
  { flag: '--junit <file>', about: 'write a JUnit report too' },
  { flag: '--markdown <file>', about: 'write the summary as Markdown too' },
];

const SCORES = [
  '0  every episode passed',
  '1  an agent failed',
  '3  no agent failed, but episodes have no result: given up after failures of the machinery, or not played',
];

/** The commands of batches. */
export const BATCH_COMMANDS: readonly CommandSpec[] = [
  {
    words: 'run batch',
    args: '',
    summary: 'Run many episodes on several workers, with a journal to resume from',
    options: [
      { flag: '--batch-file <file>', about: 'a list of agents, tasks and seeds (JSON; docs/batch.md has its form)' },
      { flag: '--all', about: 'every built-in agent on the task it was made for' },
      { flag: '--agent <file>', about: 'an agent; may be repeated, and each plays each task', repeatable: true },
      { flag: '--task <ref>', about: 'a task, as run takes it; may be repeated', repeatable: true },
      { flag: '--seeds <range>', about: 'one episode for each seed of a range such as 0..99' },
      { flag: '--seed <n>', about: 'one seed (default 0)' },
      { flag: '--workers <n>', about: 'episodes at once (default: the number of cores, at most 8)' },
      { flag: '--timeout <seconds>', about: 'wall clock of each episode in whole seconds' },
      { flag: '--isolation <kind>', about: 'isolate, process, or inline for debugging' },
      { flag: '--env <name>', about: "give agents' processes this variable; may be repeated", repeatable: true },
      { flag: '--strict-spec', about: 'an episode passes only if its artifact holds every rule of the spec' },
      { flag: '--retry <n>', about: 'tries after a failure of the machinery, never of an agent (default 2)' },
      { flag: '--max-failures <n>', about: 'begin no further episode after so many failures of agents' },
      { flag: '--shard <i/n>', about: 'play every n-th job of the plan, from the i-th on; merge puts shards together' },
      { flag: '--resume <id>', about: 'play what a batch still lacks; latest is the one that was started last' },
      {
        ...QUEUE_OPTION,
        about: 'play on the workers of this queue: redis://HOST:PORT, or rediss:// (docs/scaling.md)',
      },
      { flag: '--provider <name>', about: 'with --queue: wait in the line of this model provider, which has a rate' },
      { flag: '--send-agent', about: "with --queue: send the agents' code to workers that accept code" },
      ...REPORT_OPTIONS,
      rootOption('keep runs and the journal in'),
    ],
    examples: [
      'tracecore run batch --all --seeds 0..99',
      'tracecore run batch --agent my_agent.ts --task rate_limited_api --task ./my_task --seeds 0..9 --workers 4',
      'tracecore run batch --batch-file jobs.json --shard 1/3 --junit report.xml',
      'tracecore run batch --resume latest',
      'tracecore run batch --all --seeds 0..999 --queue redis://queue.internal:6379',
    ],
    exitCodes: [...SCORES, '2  the command or the batch file was wrong; nothing ran', '130  interrupted; resume it'],
    run: async (deps, input) => (await import('./commands/run-batch.js')).runBatchCommand(deps, input),
  },
  {
    words: 'merge',
    args: '[...batches]',
    summary: 'Put the shards of a batch together and print one summary',
    options: [...REPORT_OPTIONS, rootOption('look for batches in')],
    examples: ['tracecore merge ./shard-1 ./shard-2 ./shard-3 --junit report.xml', 'tracecore merge BATCH_ID'],
    exitCodes: [...SCORES, '2  the command was wrong, or there is no such batch'],
    run: async (deps, input) => (await import('./commands/batch-merge.js')).batchMerge(deps, input),
  },
  {
    words: 'batch list',
    args: '',
    summary: 'List batches, the latest first',
    options: [
      { flag: '--limit <n>', about: 'so many at most (default 20)' },
      { flag: '--json', about: 'print the same as JSON' },
      ON_QUEUE,
      rootOption('look for batches in'),
    ],
    examples: ['tracecore batch list', 'tracecore batch list --queue redis://queue.internal:6379'],
    exitCodes: [
      '0  listed; a batch that cannot be read is named',
      '1  the queue is out of reach, or is no place for batches',
      '2  the command was wrong',
    ],
    run: async (deps, input) => (await import('./commands/batch-list.js')).batchList(deps, input),
  },
  {
    words: 'batch status',
    args: '[id]',
    summary: 'Show how far a batch is; others may be working on it',
    options: [...REPORT_OPTIONS, ON_QUEUE, rootOption('look for batches in')],
    examples: [
      'tracecore batch status',
      'tracecore batch status BATCH_ID --json',
      'tracecore batch status BATCH_ID --queue redis://queue.internal:6379',
    ],
    exitCodes: [
      '0  shown',
      '1  the batch cannot be read, or the queue is out of reach',
      '2  the command was wrong, or there is no such batch',
    ],
    run: async (deps, input) => (await import('./commands/batch-status.js')).batchStatus(deps, input),
  },
];
