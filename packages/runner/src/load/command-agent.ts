import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { readSource, sha256Hex } from '@tracecore/sandbox/bundle';
import { joinWords, type ProcessCommand, splitWords } from '@tracecore/sandbox/process';
import { RunnerError } from '../error.js';
import { pathIn } from './agent-ref.js';
import type { ConfinesOf } from './confines.js';

/** What marks an agent that is any program. */
export const COMMAND_PREFIX = 'cmd:';

export interface CommandOptions {
  workspaceRoot: string;
  /** What relative paths in the text are relative to. */
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** What programs may see and do. */
  confines: ConfinesOf;
}

interface Word {
  /** As the artifact and the hash have it: a file of the workspace by its path there. */
  shown: string;
  /** As the program gets it: a file by its absolute path, since it starts in a folder of its own. */
  given: string;
  /** For a file of the workspace, the digest of its bytes. */
  sha256: string | null;
}

/**
 * Reads `cmd:PROGRAM ARGS`. Words are split as a shell does, without a shell: nothing is expanded.
 * @throws {RunnerError} COMMAND_INVALID, AGENT_NOT_FOUND.
 */
export async function commandAgent(
  text: string,
  options: CommandOptions,
): Promise<{ ref: string; hash: string; command: ProcessCommand }> {
  const typed = splitWords(text.slice(COMMAND_PREFIX.length));
  if (typed === null) throw new RunnerError('COMMAND_INVALID', `a quote in ${text} is not closed`);
  if (typed.length === 0) {
    throw new RunnerError('COMMAND_INVALID', `${COMMAND_PREFIX} needs a program, such as cmd:./agent --fast`);
  }
  const words = await Promise.all(typed.map((word) => readWord(word, options)));
  const ref = `${COMMAND_PREFIX}${joinWords(words.map(({ shown }) => shown))}`;
  const [first, ...rest] = words as [Word, ...Word[]];
  const program = await findProgram(typed[0] as string, first.given);
  const command: ProcessCommand = {
    name: ref,
    argv: [program, ...rest.map(({ given }) => given)],
    env: { ...options.env },
    files: {},
    engine: { name: 'command', version: '0', digest: first.sha256 },
    clock: 'none',
    startsOnItsOwn: true,
    confines: await options.confines.command(
      program,
      words.map(({ given }) => given),
      words.flatMap(({ given, sha256 }) => (sha256 === null ? [] : [given])),
    ),
  };
  return { ref, hash: hashOf(words), command };
}

/** A path that leads to a file is one wherever it stands; any other word stays as it is. */
async function readWord(word: string, { workspaceRoot, cwd }: CommandOptions): Promise<Word> {
  const file = resolve(cwd, word);
  if (word === '' || !(await isFile(file))) return { shown: word, given: word, sha256: null };
  const path = await pathIn(file, [workspaceRoot]);
  if (path === null) return { shown: word, given: /[\\/]/.test(word) ? file : word, sha256: null };
  return { shown: path, given: file, sha256: (await readSource(file))?.sha256 ?? null };
}

/** Over the words, and the bytes of those that are files of the workspace, in their order. */
function hashOf(words: readonly Word[]): string {
  const argv = words.map(({ shown }) => shown);
  const files = words.flatMap(({ shown, sha256 }) => (sha256 === null ? [] : [{ path: shown, sha256 }]));
  // Keys stand in order and texts are strings, so this is RFC 8785 form.
  return `sha256:${sha256Hex(JSON.stringify({ argv, files }))}`;
}

/** The program's absolute path: a file as given, a bare name as the caller's own PATH has it. */
async function findProgram(typed: string, given: string): Promise<string> {
  if (isAbsolute(given)) {
    if (await isRunnable(given)) return given;
  } else if (!/[\\/]/.test(given)) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const file = join(folder, given);
      if (folder !== '' && (await isRunnable(file))) return resolve(file);
    }
  }
  throw new RunnerError(
    'AGENT_NOT_FOUND',
    `no program ${typed} that can be run; give a command on the PATH or the path of an executable file`,
  );
}

async function isRunnable(file: string): Promise<boolean> {
  if (!(await isFile(file))) return false;
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}
