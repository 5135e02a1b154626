import type { Deps } from './deps.js';

/** One option of a command, in cac's notation: `--seed <n>` takes a value, `--json` does not, `--export [name]` may. */
export interface OptionSpec {
  flag: string;
  about: string;
  /** Whether it may be given more than once. */
  repeatable?: true;
}

/** A command as help shows it and the dispatcher finds it. */
export interface CommandSpec {
  /** The words that call it, such as `run pairing`. */
  words: string;
  /** Its positional arguments in cac's notation, such as `[name]` or `[...files]`. */
  args: string;
  summary: string;
  options: readonly OptionSpec[];
  examples: readonly string[];
  exitCodes: readonly string[];
  /** Loads the command's own module and runs it; the number is the exit code. */
  run(deps: Deps, input: CommandInput): Promise<number>;
}

/** What a command was called with. Every value is the text as it was typed. */
export class CommandInput {
  constructor(
    readonly args: readonly string[],
    private readonly values: ReadonlyMap<string, string | true | readonly string[]>,
  ) {}

  /** The same options with other arguments, to call another command with. */
  withArgs(args: readonly string[]): CommandInput {
    return new CommandInput(args, this.values);
  }

  /** Whether an option was given, by its name without dashes. */
  has(option: string): boolean {
    return this.values.has(option);
  }

  /** The value of an option, or undefined when it was not given. */
  text(option: string): string | undefined {
    const value = this.values.get(option);
    return typeof value === 'string' ? value : undefined;
  }

  /** Every value of a repeatable option, in the order they were given. */
  list(option: string): readonly string[] {
    const value = this.values.get(option) ?? [];
    return typeof value === 'object' ? value : [String(value)];
  }
}
