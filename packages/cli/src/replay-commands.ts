import type { CommandSpec, OptionSpec } from './command.js';
import { rootOption } from './shared-options.js';

/** Options of `run` that seal what it did. */
export const RECORD_OPTIONS: readonly OptionSpec[] = [
  { flag: '--record', about: 'run twice, and seal a bundle if both runs succeed and are the same' },
  { flag: '--allow-ci', about: 'record although the variable CI is set' },
];

const STRICT_OPTION: OptionSpec = {
  flag: '--strict',
  about: 'also ask for no more steps and tool calls, and the same task and agent by their hashes',
};

const TRUST_OPTIONS: readonly OptionSpec[] = [
  { flag: '--key <file>', about: 'trust this public key on the bundle too; may be repeated', repeatable: true },
  { flag: '--trust <dir>', about: 'the folder of trusted public keys (default: trust in the workspace)' },
];

/** Options of `run` that play a recorded episode again. */
export const RUN_REPLAY_OPTIONS: readonly OptionSpec[] = [
  {
    flag: '--replay <ref>',
    about: 'play a recorded run again (an id, latest or a file) and compare; --json prints the report',
  },
  { flag: '--replay-bundle <dir>', about: 'the same for a bundle, which must verify' },
  STRICT_OPTION,
  ...TRUST_OPTIONS,
];

const HOST_OPTIONS: readonly OptionSpec[] = [
  { flag: '--isolation <kind>', about: 'isolate, process or inline (default: what the agent needs)' },
  { flag: '--env <name>', about: "give an agent's process this variable; may be repeated", repeatable: true },
  { flag: '--strict-spec', about: 'check the artifact against every rule of the spec' },
];

const TASK_OPTION: OptionSpec = {
  flag: '--task <dir>',
  about: "the task's folder, for a run of a task that is not built in",
};

const ROOT_OPTION = rootOption('keep runs in');

/** The commands that play recorded episodes again. */
export const REPLAY_COMMANDS: readonly CommandSpec[] = [
  {
    words: 'replay',
    args: '[ref]',
    summary: 'Play a recorded run again and tell where it parts from the record',
    options: [
      { flag: '--bundle <dir>', about: 'take the record from a bundle, which must verify' },
      { flag: '--agent <file>', about: 'another agent than the one recorded' },
      STRICT_OPTION,
      { flag: '--actions', about: 'play the recorded actions without the agent, and derive the score from them' },
      TASK_OPTION,
      ...HOST_OPTIONS,
      ...TRUST_OPTIONS,
      { flag: '--json', about: 'print the report as JSON' },
      ROOT_OPTION,
    ],
    examples: [
      'tracecore replay',
      'tracecore replay RUN_ID --strict',
      'tracecore replay baseline.json --agent my_agent.ts',
      'tracecore replay --bundle RUN_ID --json',
      'tracecore replay --actions latest',
    ],
    exitCodes: [
      '0  the run agrees with its record (and --strict-spec held)',
      '1  it differs; the first disagreement is named',
      '2  the command was wrong, there is no such run, or the record does not hold; no episode ran',
    ],
    run: async (deps, input) => (await import('./commands/replay.js')).replay(deps, input),
  },
  {
    words: 'fork',
    args: '[run]',
    summary: 'Repeat the first steps of a run as they were, then let another agent go on',
    options: [
      { flag: '--at <k>', about: 'the first step that the other agent is asked for, from 1 on' },
      { flag: '--agent <file>', about: 'the agent that goes on: a .ts, .js or .py file, or cmd:PROGRAM ARGS' },
      TASK_OPTION,
      ...HOST_OPTIONS,
      { flag: '--json', about: 'print the artifact, and nothing else, on stdout' },
      ROOT_OPTION,
    ],
    examples: [
      'tracecore fork RUN_ID --at 4 --agent my_agent.ts',
      'tracecore fork latest --at 2 --agent other.py --json',
    ],
    exitCodes: [
      '0  the episode succeeded (and --strict-spec held)',
      '1  it ended as a failure, or a repeated step did not come out as it was recorded: then no episode is recorded',
      '2  the command was wrong, there is no such run or step, or the repeated steps end the episode',
    ],
    run: async (deps, input) => (await import('./commands/fork.js')).fork(deps, input),
  },
];
