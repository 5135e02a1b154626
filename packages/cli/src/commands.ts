import { BATCH_COMMANDS } from './batch-commands.js';
import type { CommandSpec, OptionSpec } from './command.js';
import { COMPARE_COMMANDS } from './compare-commands.js';
import { EVIDENCE_COMMANDS } from './evidence-commands.js';
import { LEDGER_COMMANDS } from './ledger-commands.js';
import { QUEUE_COMMANDS } from './queue-commands.js';
import { RECORD_OPTIONS, REPLAY_COMMANDS, RUN_REPLAY_OPTIONS } from './replay-commands.js';
import { RUNS_COMMANDS } from './runs-commands.js';
import { FORMAT_OPTION, rootOption } from './shared-options.js';
import { STATS_COMMANDS } from './stats-commands.js';

const EPISODE_OPTIONS: readonly OptionSpec[] = [
  { flag: '--seed <n>', about: 'the only source of chance, a whole number (default 0)' },
  { flag: '--timeout <seconds>', about: 'wall clock of the episode in whole seconds' },
  { flag: '--steps <n>', about: "step budget, at most the task's own" },
  { flag: '--tool-calls <n>', about: "tool call budget, at most the task's own" },
  {
    flag: '--isolation <kind>',
    about: 'isolate, process, or inline for debugging (default: isolate, process where the agent needs one)',
  },
  { flag: '--env <name>', about: "give an agent's process this variable; may be repeated", repeatable: true },
  {
    flag: '--strict-spec',
    about: 'check the artifact against every rule of the spec; refuse weaker isolation than tracecore.toml asks for',
  },
  { flag: '--json', about: 'print the artifact, and nothing else, on stdout' },
];

const ROOT_OPTION = rootOption('keep runs in');

const RUN_EXIT_CODES = [
  '0  the episode succeeded (and --strict-spec held)',
  '1  the episode ended as a failure, or --strict-spec or --record did not hold',
  '2  the command was wrong; no episode ran and nothing was written',
];

const FORCE_OPTION: OptionSpec = { flag: '--force', about: 'replace files that are there already' };

const SCAFFOLD_EXIT_CODES = [
  '0  written',
  '1  the folder cannot be written; nothing is changed',
  '2  a bad name or option, or files are there already; nothing is written',
];

/** Every command, in the order that help lists them. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    words: 'run',
    args: '',
    summary: 'Run an agent on a task and record the episode',
    options: [
      {
        flag: '--agent <file>',
        about: 'the agent: a .ts, .js or .py file, or cmd:PROGRAM ARGS; built-in ones are found as agents/NAME.ts',
      },
      { flag: '--task <ref>', about: 'id@version, an id alone for its highest version, or the folder of a task' },
      { flag: '--from-config <file>', about: 'take agent, task, seed and budgets from an episode config (JSON)' },
      ...EPISODE_OPTIONS,
      ...RECORD_OPTIONS,
      ...RUN_REPLAY_OPTIONS,
      ROOT_OPTION,
    ],
    examples: [
      'tracecore run --agent agents/toy_agent.ts --task filesystem_hidden_config@1 --seed 42',
      'tracecore run --agent my_agent.ts --task ./my_task --timeout 30 --strict-spec',
      "tracecore run --agent 'cmd:node my_agent.mjs' --task ./my_task --env HOME",
      'tracecore run --from-config episode.json --json',
      'tracecore run --agent my_agent.ts --task ./my_task --record',
      'tracecore run --replay RUN_ID --strict',
    ],
    exitCodes: [
      '0  the episode succeeded (and --strict-spec held); with --replay, it agrees with the baseline',
      '1  the episode ended as a failure, or --strict-spec or --record did not hold; with --replay, it differs',
      RUN_EXIT_CODES[2] as string,
    ],
    run: async (deps, input) => (await import('./commands/run.js')).run(deps, input),
  },
  {
    words: 'run pairing',
    args: '[name]',
    summary: 'Run a built-in agent on the task it was made for',
    options: [
      { flag: '--list', about: 'list the pairings' },
      { flag: '--all', about: 'run every pairing and print a summary' },
      ...EPISODE_OPTIONS,
      ...RECORD_OPTIONS,
      ROOT_OPTION,
    ],
    examples: [
      'tracecore run pairing log_stream_monitor --seed 7 --strict-spec',
      'tracecore run pairing --list',
      'tracecore run pairing --all --seed 3',
    ],
    exitCodes: [
      ...RUN_EXIT_CODES.slice(0, 1),
      '1  an episode failed, or --strict-spec or --record did not hold; with --all, any of them',
      RUN_EXIT_CODES[2] as string,
    ],
    run: async (deps, input) => (await import('./commands/pairing.js')).pairing(deps, input),
  },
  ...BATCH_COMMANDS,
  {
    words: 'verify',
    args: '[...files]',
    summary: 'Check runs and bundles: schema, hash, budgets, taxonomy, the verdict, the bundle and who signed it',
    options: [
      { flag: '--run <id>', about: 'the run with this id' },
      { flag: '--bundle <bundle>', about: 'a bundle, by its folder or the id of its run' },
      { flag: '--latest', about: 'the latest run and the latest bundle (the default)' },
      { flag: '--strict', about: 'fail what could not be checked in full, and a bundle that nobody signed' },
      {
        flag: '--strict-spec',
        about: 'check every rule of the spec too, and the isolation that tracecore.toml asks for',
      },
      { flag: '--key <file>', about: 'trust this public key too; may be repeated', repeatable: true },
      { flag: '--trust <dir>', about: 'the folder of trusted public keys (default: trust in the workspace)' },
      { flag: '--require-signature', about: 'fail what nobody signed' },
      { flag: '--task <dir>', about: "the task's folder, for a run of a task that is not built in" },
      { flag: '--json', about: 'print the report as JSON' },
      ROOT_OPTION,
    ],
    examples: [
      'tracecore verify',
      'tracecore verify artifact.json ./received --key lab.key.pub --strict',
      'tracecore verify --run RUN_ID --json',
    ],
    exitCodes: ['0  every check passed', '1  a check failed', '2  the command was wrong, or there is no such run'],
    run: async (deps, input) => (await import('./commands/verify.js')).verify(deps, input),
  },
  {
    words: 'inspect',
    args: '[record]',
    summary: 'Show a recorded episode step by step: a run, a file of any runtime, or a bundle',
    options: [
      { flag: '--run <id>', about: 'the run with this id' },
      { flag: '--latest', about: 'the latest run (the default)' },
      { flag: '--json', about: 'print the artifact as JSON' },
      ROOT_OPTION,
    ],
    examples: ['tracecore inspect', 'tracecore inspect RUN_ID', 'tracecore inspect received/artifact.json'],
    exitCodes: ['0  shown', '1  the run file cannot be read', '2  the command was wrong, or there is no such run'],
    run: async (deps, input) => (await import('./commands/inspect.js')).inspect(deps, input),
  },
  ...COMPARE_COMMANDS,
  ...RUNS_COMMANDS,
  ...STATS_COMMANDS,
  ...REPLAY_COMMANDS,
  ...EVIDENCE_COMMANDS,
  ...LEDGER_COMMANDS,
  ...QUEUE_COMMANDS,
  {
    words: 'init',
    args: '[dir]',
    summary: 'Start a project: an agent, a task that it solves, and a CI workflow',
    options: [FORCE_OPTION],
    examples: ['tracecore init my_project', 'tracecore init'],
    exitCodes: SCAFFOLD_EXIT_CODES,
    run: async (deps, input) => (await import('./commands/init.js')).init(deps, input),
  },
  {
    words: 'new-agent',
    args: '[name]',
    summary: 'Write a new agent that runs at once',
    options: [
      { flag: '--lang <language>', about: 'ts (default), js or py' },
      { flag: '--output-dir <dir>', about: 'the folder for the file (default agents)' },
      FORCE_OPTION,
    ],
    examples: ['tracecore new-agent find_parcel', 'tracecore new-agent find_parcel --lang py'],
    exitCodes: SCAFFOLD_EXIT_CODES,
    run: async (deps, input) => (await import('./commands/new-agent.js')).newAgent(deps, input),
  },
  {
    words: 'new-task',
    args: '[name]',
    summary: 'Write a new task that the agent of new-agent solves',
    options: [
      { flag: '--lang <language>', about: 'ts (default) or py' },
      { flag: '--package', about: 'write a package to publish: the task, an agent that solves it, package.json' },
      { flag: '--output-dir <dir>', about: "the folder that gets the task's folder (default tasks)" },
      FORCE_OPTION,
    ],
    examples: ['tracecore new-task find_parcel', 'tracecore new-task find_parcel --package --output-dir packages'],
    exitCodes: SCAFFOLD_EXIT_CODES,
    run: async (deps, input) => (await import('./commands/new-task.js')).newTask(deps, input),
  },
  {
    words: 'tasks',
    args: '',
    summary: 'List the tasks that there are; the commands below show and check them',
    options: [FORMAT_OPTION],
    examples: ['tracecore tasks'],
    exitCodes: ['0  listed', '2  the command was wrong'],
    run: async (deps, input) => (await import('./commands/tasks-list.js')).tasksList(deps, input),
  },
  {
    words: 'tasks list',
    args: '',
    summary: 'List built-in tasks, those of the workspace and those of its packages',
    options: [FORMAT_OPTION],
    examples: ['tracecore tasks list', 'tracecore tasks list --format json'],
    exitCodes: ['0  listed; what cannot be read is named on stderr', '2  the command was wrong'],
    run: async (deps, input) => (await import('./commands/tasks-list.js')).tasksList(deps, input),
  },
  {
    words: 'tasks show',
    args: '[ref]',
    summary: 'Show a task: what it asks, its actions, budgets, sandbox and hash',
    options: [FORMAT_OPTION],
    examples: ['tracecore tasks show rate_limited_api', 'tracecore tasks show ./my_task --format json'],
    exitCodes: ['0  shown', '1  its program cannot be loaded', '2  the command was wrong, or there is no such task'],
    run: async (deps, input) => (await import('./commands/tasks-show.js')).tasksShow(deps, input),
  },
  {
    words: 'tasks validate',
    args: '',
    summary: 'Check that tasks can be read and loaded, and are set up alike every time',
    options: [
      { flag: '--path <dir>', about: 'one task folder, or a folder of them' },
      { flag: '--registry', about: 'every task that tasks list shows (the default)' },
      FORMAT_OPTION,
    ],
    examples: ['tracecore tasks validate --path ./my_task', 'tracecore tasks validate --registry --format json'],
    exitCodes: ['0  nothing is wrong', '1  something is wrong; each finding is named', '2  the command was wrong'],
    run: async (deps, input) => (await import('./commands/tasks-validate.js')).tasksValidate(deps, input),
  },
  {
    words: 'tasks lint',
    args: '[ref]',
    summary: 'Name what an author should look at although the task runs',
    options: [FORMAT_OPTION],
    examples: ['tracecore tasks lint', 'tracecore tasks lint ./my_task --format json'],
    exitCodes: ['0  nothing, or warnings only', '1  a task cannot be read or loaded', '2  the command was wrong'],
    run: async (deps, input) => (await import('./commands/tasks-lint.js')).tasksLint(deps, input),
  },
  {
    words: 'tasks quality-gate',
    args: '[ref]',
    summary: 'Pass or fail tasks: valid, clean, solved for seeds 0-9 within budget, reproducible, frozen',
    options: [
      { flag: '--agent <file>', about: 'the agent that solves the task, where none is named for it' },
      FORMAT_OPTION,
    ],
    examples: ['tracecore tasks quality-gate', 'tracecore tasks quality-gate ./my_task --agent my_agent.ts'],
    exitCodes: ['0  every task passed', '1  one did not; warnings count', '2  the command was wrong'],
    run: async (deps, input) => (await import('./commands/tasks-quality-gate.js')).tasksQualityGate(deps, input),
  },
  {
    words: 'doctor',
    args: '',
    summary: 'Tell what this machine can keep programs from, and what to install',
    options: [{ flag: '--json', about: 'print the report as JSON' }],
    examples: ['tracecore doctor', 'tracecore doctor --json'],
    exitCodes: [
      '0  every kind of program reaches the [isolation] minimum of tracecore.toml (default permissions)',
      '1  one does not; --strict-spec refuses such programs here',
      '2  the command was wrong',
    ],
    run: async (deps, input) => (await import('./commands/doctor.js')).doctor(deps, input),
  },
  {
    words: 'version',
    args: '',
    summary: 'Print the versions of the runtime and of the spec',
    options: [],
    examples: ['tracecore version'],
    exitCodes: ['0  printed'],
    run: async (deps) => (await import('./commands/version.js')).version(deps),
  },
];
