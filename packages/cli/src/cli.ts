import { cac } from 'cac';
import { boxArguments, type KnownOption, matchCommand, splitGlobalFlags, unbox } from './argv.js';
import { CommandInput, type CommandSpec } from './command.js';
import { COMMANDS } from './commands.js';
import type { Deps } from './deps.js';
import { CliError, describeError, EXIT, exitCodeOf } from './error.js';
import { didYouMean } from './nearest.js';
import { renderCommandHelp, renderHelp } from './render/help.js';
import { printable } from './render/printable.js';

/** The command line. `run` never throws; the number is the exit code. */
export interface Cli {
  run(argv: readonly string[]): Promise<number>;
}

/**
 * The tracecore command line over the given terminal and packages.
 * Exit codes: 0 success, 1 the episode or a check failed, 2 a usage error, 130 interrupted.
 */
export function createCli(deps: Deps): Cli {
  return {
    async run(argv) {
      const { rest, help, debug } = splitGlobalFlags(argv);
      try {
        return await dispatch(deps, rest, help);
      } catch (error) {
        const text = describeError(error, debug);
        deps.io.stderr(`tracecore: ${debug ? text : printable(text)}\n`);
        return exitCodeOf(error);
      }
    },
  };
}

async function dispatch(deps: Deps, typed: string[], help: boolean): Promise<number> {
  const [first, ...others] = typed;
  const argv = first === '--version' || first === '-v' ? ['version', ...others] : typed;
  const names = COMMANDS.map(({ words }) => words);
  const match = matchCommand(argv, names);
  const spec = COMMANDS.find(({ words }) => words === match?.words);
  if (match === null || spec === undefined) {
    const group = COMMANDS.filter(({ words }) => words.startsWith(`${argv[0]} `));
    const shown = argv.length === 0 ? COMMANDS : help ? group : [];
    if (shown.length === 0) throw unknownCommand(argv, names);
    deps.io.stdout(renderHelp(shown));
    return EXIT.ok;
  }
  if (help) {
    deps.io.stdout(renderCommandHelp(spec, COMMANDS));
    return EXIT.ok;
  }
  return call(deps, spec, match.rest);
}

/** Lets cac match the command, count its arguments and call it. */
async function call(deps: Deps, spec: CommandSpec, rest: string[]): Promise<number> {
  const cli = cac('tracecore');
  const command = cli.command(`${spec.words} ${spec.args}`.trim(), spec.summary);
  for (const { flag, about } of spec.options) command.option(flag, about);
  const options: KnownOption[] = command.options.map(({ rawName, isBoolean }) => ({
    name: rawName.replace(/^--/, '').replace(/ .*/, ''),
    takesValue: isBoolean ? false : rawName.includes('[') ? 'maybe' : true,
    repeatable: spec.options.some(({ flag, repeatable }) => flag === rawName && repeatable),
  }));
  const boxed = boxArguments(rest, options, spec.words);
  requireArguments(spec, boxed);
  let result: Promise<number> = Promise.resolve(EXIT.ok);
  command.action((...given: unknown[]) => {
    const values = given.pop() as Record<string, unknown>;
    result = spec.run(deps, new CommandInput(given.flat().filter(isGiven).map(unbox), readOptions(options, values)));
  });
  cli.parse(['node', 'tracecore', spec.words, ...boxed]);
  return result;
}

function readOptions(options: readonly KnownOption[], values: Record<string, unknown>) {
  const read = new Map<string, string | true | string[]>();
  for (const { name, takesValue, repeatable } of options) {
    const value = values[name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())];
    if (value === undefined) continue;
    if (repeatable) read.set(name, [value].flat().map(unbox));
    else read.set(name, takesValue === false || value === true ? true : unbox(value));
  }
  return read;
}

function requireArguments(spec: CommandSpec, boxed: readonly string[]): void {
  const given = boxed.filter((word) => word.startsWith('=')).map(unbox);
  const most = spec.args === '' ? 0 : spec.args.includes('...') ? Number.POSITIVE_INFINITY : 1;
  if (given.length <= most) return;
  const longer = COMMANDS.map(({ words }) => words).filter((words) => words.startsWith(`${spec.words} `));
  const typed = `${spec.words} ${given[most]}`;
  if (most === 0 && longer.length > 0)
    throw new CliError('USAGE', `unknown command "${typed}"${didYouMean(typed, longer)}`);
  throw new CliError(
    'USAGE',
    `${spec.words} takes no argument "${given[most]}"; tracecore ${spec.words} --help shows its use`,
  );
}

function unknownCommand(argv: readonly string[], names: readonly string[]): CliError {
  const [first = ''] = argv;
  if (first.startsWith('-')) {
    const hint = didYouMean(first, ['--help', '--version', '--debug']) || '; give the command first';
    return new CliError('USAGE', `unknown option ${first}${hint}`);
  }
  const group = names.filter((words) => words.startsWith(`${first} `));
  if (group.length > 0) {
    const typed = argv.slice(0, 2).join(' ');
    const hint = didYouMean(typed, group) || `; there is ${group.join(', ')}`;
    return new CliError('USAGE', `unknown command "${typed}"${hint}`);
  }
  const hint = didYouMean(first, names) || '; tracecore --help lists the commands';
  return new CliError('USAGE', `unknown command "${first}"${hint}`);
}

function isGiven(value: unknown): boolean {
  return value !== undefined;
}
