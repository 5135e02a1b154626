import { CliError } from './error.js';
import { didYouMean } from './nearest.js';

/** An option as cac read it from its notation. */
export interface KnownOption {
  /** Without dashes, as typed: `tool-calls`. */
  name: string;
  /** `maybe` where the option may also stand alone. */
  takesValue: boolean | 'maybe';
  repeatable?: boolean;
}

/** Options that every command takes, wherever they stand. */
const GLOBAL_FLAGS = ['--help', '-h', '--debug'] as const;

/** argv without the global flags, and which of them were there. Nothing after `--` is looked at. */
export function splitGlobalFlags(argv: readonly string[]): { rest: string[]; help: boolean; debug: boolean } {
  const end = argv.indexOf('--') === -1 ? argv.length : argv.indexOf('--');
  const isGlobal = (word: string, index: number) => index < end && (GLOBAL_FLAGS as readonly string[]).includes(word);
  const given = argv.filter(isGlobal);
  return {
    rest: argv.filter((word, index) => !isGlobal(word, index)),
    help: given.some((word) => word !== '--debug'),
    debug: given.includes('--debug'),
  };
}

/** The longest run of leading words that is a command, and what follows it; null when not even the first word is. */
export function matchCommand(
  argv: readonly string[],
  commands: readonly string[],
): { words: string; rest: string[] } | null {
  const leading = argv.findIndex((word) => word.startsWith('-'));
  const words = leading === -1 ? argv : argv.slice(0, leading);
  for (let count = words.length; count > 0; count -= 1) {
    const joined = words.slice(0, count).join(' ');
    if (commands.includes(joined)) return { words: joined, rest: argv.slice(count) };
  }
  return null;
}

/**
 * Puts a command's arguments into the one form that cac passes on unchanged: positionals first, then `--name` or
 * `--name==value`. cac would turn 007 into 7, round long ids, and take the word after `--json` for its value.
 * @throws {CliError} USAGE for an unknown option (the nearest is offered), a missing or stray value, or a repetition.
 */
export function boxArguments(argv: readonly string[], options: readonly KnownOption[], command: string): string[] {
  const positionals: string[] = [];
  const boxed: string[] = [];
  const given = new Set<string>();
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] as string;
    if (word === '--') {
      positionals.push(...argv.slice(at + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      positionals.push(word);
      continue;
    }
    const [spelling, inline] = splitOption(word);
    const option = options.find(({ name }) => `--${name}` === spelling);
    if (option === undefined) throw unknownOption(spelling, options, command);
    if (given.has(spelling) && !option.repeatable)
      throw new CliError('USAGE', `${spelling} was given twice; give it once`);
    given.add(spelling);
    const value = option.takesValue === false ? null : (inline ?? nextValue(argv[at + 1]));
    boxed.push(boxOption(option, inline, value));
    if (value !== null && inline === null) at += 1;
  }
  return [...positionals.map((text) => `=${text}`), ...boxed];
}

/** What `boxArguments` put around a value. */
export function unbox(text: unknown): string {
  return String(text).slice(1);
}

/**
 * Reads a seed: a whole number that a double holds exactly.
 * @throws {CliError} USAGE
 */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(seed)) return seed === 0 ? 0 : seed;
  throw new CliError('USAGE', `--seed must be a whole number up to ${Number.MAX_SAFE_INTEGER}, got "${text}"`);
}

/**
 * Reads a count of 0 or more.
 * @throws {CliError} USAGE
 */
export function parseCount(option: string, unit: string, text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count)) return count;
  throw new CliError('USAGE', `--${option} must be a whole number of ${unit}, got "${text}"`);
}

function splitOption(word: string): [spelling: string, inline: string | null] {
  const at = word.indexOf('=');
  return at === -1 ? [word, null] : [word.slice(0, at), word.slice(at + 1)];
}

/** The next word is a value unless it looks like an option itself; `-3` does not. */
function nextValue(next: string | undefined): string | null {
  return next === undefined || /^--|^-[a-z]/i.test(next) ? null : next;
}

function boxOption({ name, takesValue }: KnownOption, inline: string | null, value: string | null): string {
  if (takesValue === false) {
    if (inline === null) return `--${name}`;
    throw new CliError('USAGE', `--${name} takes no value, got "${inline}"`);
  }
  if (takesValue === 'maybe' && value === null) return `--${name}`;
  if (value === null || value === '') throw new CliError('USAGE', `--${name} needs a value`);
  return `--${name}==${value}`;
}

function unknownOption(typed: string, options: readonly KnownOption[], command: string): CliError {
  const known = [...options.map(({ name }) => `--${name}`), '--help', '--debug'];
  const hint = didYouMean(typed, known) || `; tracecore ${command} --help lists its options`;
  return new CliError('USAGE', `unknown option ${typed}${hint}`);
}
