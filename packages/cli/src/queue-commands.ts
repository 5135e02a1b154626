import type { CommandSpec, OptionSpec } from './command.js';
import { QUEUE_OPTION } from './queue/address.js';
import { rootOption } from './shared-options.js';

const JSON_OPTION: OptionSpec = { flag: '--json', about: 'print the same as JSON' };

const BATCH_EXIT_CODES = [
  '1  the queue is out of reach, or is no place for batches',
  '2  the command was wrong, or there is no such batch',
];

/** The commands of batches that are played on more than one machine. */
export const QUEUE_COMMANDS: readonly CommandSpec[] = [
  {
    words: 'worker',
    args: '',
    summary: 'Play the episodes of batches that others put on a queue',
    options: [
      QUEUE_OPTION,
      { flag: '--concurrency <n>', about: 'episodes at once (default: the number of cores, at most 8)' },
      { flag: '--name <name>', about: 'what batches call it (default: host, process and chance)' },
      {
        flag: '--accept-code',
        about: 'play agents whose code travels with the batch, each in an isolate, once its hash is checked',
      },
      { flag: '--accept-commands', about: 'run the programs that cmd: agents of batches name' },
      {
        flag: '--provider <name>',
        about: 'also serve batches of this model provider; may be repeated',
        repeatable: true,
      },
      {
        flag: '--rate <limit>',
        about: 'NAME=N/S: as --provider, and begin at most N of its episodes in S seconds, over all workers',
        repeatable: true,
      },
      { flag: '--env <name>', about: "give an agent's process this variable; may be repeated", repeatable: true },
      { flag: '--lock <seconds>', about: 'how long it may be silent before others take its work (default 30)' },
      rootOption('keep bundles in'),
    ],
    examples: [
      'tracecore worker --queue redis://queue.internal:6379',
      'TRACECORE_QUEUE_PASSWORD=... tracecore worker --queue rediss://queue.internal --concurrency 4',
      'tracecore worker --accept-code --rate openai=60/60 --env OPENAI_API_KEY',
    ],
    exitCodes: [
      '0  it was stopped, and what it played is handed in',
      '1  the queue was out of reach for a minute, or is no place for batches',
      '2  the command was wrong',
    ],
    run: async (deps, input) => (await import('./commands/worker.js')).worker(deps, input),
  },
  {
    words: 'batch cancel',
    args: '[id]',
    summary: 'Take a batch from a queue; what was played is kept, and it can be resumed',
    options: [QUEUE_OPTION, JSON_OPTION],
    examples: ['tracecore batch cancel BATCH_ID --queue redis://queue.internal:6379'],
    exitCodes: ['0  nothing of it is begun any more', ...BATCH_EXIT_CODES],
    run: async (deps, input) => (await import('./commands/queue-batches.js')).queueCancel(deps, input),
  },
];
