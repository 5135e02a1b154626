import type { CommandSpec, OptionSpec } from './command.js';
import { rootOption } from './shared-options.js';

const ROOT_OPTION = rootOption('take ledger, bundles and leaderboard from');
const JSON_OPTION: OptionSpec = { flag: '--json', about: 'print the same as JSON' };
const TRUST_OPTION: OptionSpec = {
  flag: '--trust <dir>',
  about: 'the folder of trusted public keys (default: trust in the workspace)',
};

/** Where a ledger is, and what a reader holds it to. */
const READER_OPTIONS: readonly OptionSpec[] = [
  { flag: '--dir <dir>', about: 'a ledger that was downloaded, in the place of the own one' },
  { flag: '--key <file>', about: "the log's public key; may be repeated", repeatable: true },
  TRUST_OPTION,
  { flag: '--origin <name>', about: 'the name that the log should have' },
  { flag: '--checkpoint <file>', about: 'an older checkpoint that the log must continue' },
  ROOT_OPTION,
];

const READ_EXIT_CODES = [
  '1  the ledger does not hold: its signature, its tiles, an entry, or what is known of it',
  '2  the command was wrong, or there is no such entry or key',
];

/** The commands of the ledger and of the leaderboard. */
export const LEDGER_COMMANDS: readonly CommandSpec[] = [
  {
    words: 'ledger',
    args: '',
    summary: 'List the certified agents of the ledger',
    options: [JSON_OPTION, ...READER_OPTIONS],
    examples: ['tracecore ledger --key log.key.pub', 'tracecore ledger --json'],
    exitCodes: ['0  listed, or there is no ledger yet', ...READ_EXIT_CODES],
    run: async (deps, input) => (await import('./commands/ledger-list.js')).ledgerList(deps, input),
  },
  {
    words: 'ledger show',
    args: '[entry]',
    summary: 'Show an entry, by its index or the first 8 digits or more of its hash',
    options: [JSON_OPTION, ...READER_OPTIONS],
    examples: ['tracecore ledger show 0', 'tracecore ledger show 4f2c9a01 --json'],
    exitCodes: ['0  shown', ...READ_EXIT_CODES],
    run: async (deps, input) => (await import('./commands/ledger-show.js')).ledgerShow(deps, input),
  },
  {
    words: 'ledger publish',
    args: '',
    summary: 'Append an agent to the ledger, certified by signed bundles of its runs',
    options: [
      {
        flag: '--bundle <bundle>',
        about: 'a bundle, by its folder or the id of its run; may be repeated',
        repeatable: true,
      },
      { flag: '--key <file>', about: "the log's own private key" },
      { flag: '--origin <name>', about: 'the name of a new log, such as example.org/agents; it is kept' },
      { flag: '--description <text>', about: '10 to 300 characters about the agent' },
      { flag: '--suite <name>', about: 'the suite that the tasks belong to (default core)' },
      { flag: '--maintainer <name>', about: 'who looks after the agent' },
      TRUST_OPTION,
      JSON_OPTION,
      ROOT_OPTION,
    ],
    examples: [
      'tracecore ledger publish --bundle RUN_ID --key ~/log.key --origin example.org/agents',
      'tracecore ledger publish --bundle RUN_ID --bundle OTHER_ID --key ~/log.key --suite operations',
    ],
    exitCodes: [
      '0  published',
      '1  a bundle does not verify under a trusted key, the ledger does not hold, or it cannot be written; it stays as it was',
      '2  the command was wrong, the bundles are of several agents, or one of them is published already',
    ],
    run: async (deps, input) => (await import('./commands/ledger-publish.js')).ledgerPublish(deps, input),
  },
  {
    words: 'ledger verify',
    args: '',
    summary: 'Check the ledger, one entry or bundle in it, or a proof',
    options: [
      { flag: '--registry', about: 'every tile and every entry (the default)' },
      { flag: '--entry <entry>', about: 'one entry, by its index or the beginning of its hash' },
      { flag: '--bundle <bundle>', about: 'that this bundle is in the ledger as it is here' },
      { flag: '--proof <file>', about: 'a proof of ledger prove; nothing else is needed but the key' },
      { flag: '--entry-file <file>', about: 'the entry that the proof should be of, as JSON' },
      JSON_OPTION,
      ...READER_OPTIONS,
    ],
    examples: [
      'tracecore ledger verify --key log.key.pub',
      'tracecore ledger verify --bundle ./received --key log.key.pub --key lab.key.pub',
      'tracecore ledger verify --dir ./mirror --checkpoint yesterday.txt --key log.key.pub',
      'tracecore ledger verify --proof proof.json --key log.key.pub',
    ],
    exitCodes: ['0  every check passed', '1  a check failed', '2  the command was wrong, or there is no ledger'],
    run: async (deps, input) => (await import('./commands/ledger-verify.js')).ledgerVerify(deps, input),
  },
  {
    words: 'ledger prove',
    args: '[entry]',
    summary: 'Write a proof that an entry is in the ledger, to be checked offline',
    options: [
      { flag: '--out <file>', about: 'where the proof goes (default: it is printed)' },
      { flag: '--from <file>', about: 'prove too that the ledger continues this older checkpoint' },
      { flag: '--json', about: 'print the proof also when it is written to a file' },
      ...READER_OPTIONS,
    ],
    examples: ['tracecore ledger prove 3 --out proof.json', 'tracecore ledger prove 3 --from yesterday.txt'],
    exitCodes: ['0  proven', ...READ_EXIT_CODES],
    run: async (deps, input) => (await import('./commands/ledger-prove.js')).ledgerProve(deps, input),
  },
  {
    words: 'leaderboard',
    args: '',
    summary: 'Rank the agents of submitted runs, task by task',
    options: [JSON_OPTION, ROOT_OPTION],
    examples: ['tracecore leaderboard', 'tracecore leaderboard --json'],
    exitCodes: ['0  listed; a record that cannot be read is named on stderr', '2  the command was wrong'],
    run: async (deps, input) => (await import('./commands/leaderboard-list.js')).leaderboardList(deps, input),
  },
  {
    words: 'leaderboard show',
    args: '[run]',
    summary: 'Show a submitted run, by its id or the first 6 digits or more of it',
    options: [JSON_OPTION, ROOT_OPTION],
    examples: ['tracecore leaderboard show RUN_ID'],
    exitCodes: ['0  shown', '1  its record cannot be read', '2  the command was wrong, or there is no such run'],
    run: async (deps, input) => (await import('./commands/leaderboard-show.js')).leaderboardShow(deps, input),
  },
  {
    words: 'leaderboard submit',
    args: '',
    summary: 'Put a run on the leaderboard whose bundle is signed and whose score is derived here again',
    options: [
      { flag: '--bundle <bundle>', about: 'the bundle, by its folder or the id of its run' },
      { flag: '--key <file>', about: 'trust this public key too; may be repeated', repeatable: true },
      TRUST_OPTION,
      { flag: '--task <dir>', about: "the task's folder, for a run of a task that is not built in" },
      JSON_OPTION,
      ROOT_OPTION,
    ],
    examples: [
      'tracecore leaderboard submit --bundle RUN_ID',
      'tracecore leaderboard submit --bundle ./received --key lab.key.pub',
    ],
    exitCodes: [
      '0  submitted, or it was there already',
      '1  the bundle does not verify under a trusted key, or its score cannot be derived; nothing is written',
      '2  the command was wrong, there is no such bundle, or another one of this run is there',
    ],
    run: async (deps, input) => (await import('./commands/leaderboard-submit.js')).leaderboardSubmit(deps, input),
  },
];
