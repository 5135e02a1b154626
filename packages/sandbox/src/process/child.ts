import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { accessSync, closeSync, mkdtempSync, constants as modes, realpathSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfinedCommand, confine } from '../confine/confined-command.js';
import { limitProcesses } from '../confine/limits.js';
import type { Confinement, Machine } from '../confine/machine.js';
import { type ChildNotice, confinementOf, isNodeCommand, type ProcessCommand } from './command.js';
import { killGroup, killInside } from './kill-group.js';
import { removeFolder } from './remove-folder.js';

/** How the temporary folder of a program is called; the id of the process that made it follows, and a `-`. */
export const FOLDER_PREFIX = 'tracecore-program-';

const GO = 'go\n';
/** Longest wait for the system to report that a killed process is gone. */
const REAP_MS = 2_000;
/** Longest wait for what an ended program wrote last; only a process that left its group can hold the pipe open. */
const DRAIN_MS = 200;

/** How long bubblewrap may live on after what it kept. */
const OUTSIDE_MS = 100;

/** How long a process may live on after it closed its output: it can never answer again. */
const CLOSED_OUTPUT_MS = 1_000;

/** What a process wrote, and where. */
export type OnOutput = (chunk: Buffer, stream: 'stdout' | 'stderr') => void;

export const NOT_STARTED = 'could not be started';

/** How a process ended, as messages put it. */
export type ChildExit = string;

/** How processes are started, and who is told. */
export interface ChildSetup {
  onChild: (notice: ChildNotice) => void;
  machine: Machine;
  /** The strongest confinement to use. */
  confinement: Confinement;
}

/** One process with a group, a working folder and an environment of its own. */
export class Child {
  readonly folder: string;
  /** The folder in which the program finds itself. */
  readonly insideFolder: string;
  /** Settles when the process is gone and what it wrote has been read. */
  readonly drained: Promise<ChildExit>;
  readonly #process: ChildProcessWithoutNullStreams | null = null;
  readonly #exited: Promise<ChildExit>;
  readonly #onChild: (notice: ChildNotice) => void;
  readonly #confinement: Confinement;
  #running = false;
  #closedOutput = false;

  /** Starts `command`; one that cannot be started is a child that has ended. */
  constructor(command: ProcessCommand, { onChild, machine, confinement }: ChildSetup, onOutput: OnOutput) {
    this.#onChild = onChild;
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`)));
    for (const [name, text] of Object.entries(command.files)) writeFileSync(join(this.folder, name), text);
    const holdBack = command.startsOnItsOwn && process.platform !== 'win32';
    const inOwnNamespaces = confinementOf(command, machine, confinement) === 'bubblewrap';
    const confined = confine(
      {
        argv: holdBack ? [...heldBack(inOwnNamespaces), ...command.argv] : command.argv,
        isNode: isNodeCommand(command),
        folder: this.folder,
        files: Object.keys(command.files),
      },
      command.confines,
      machine,
      confinement,
    );
    this.#confinement = confined.confinement;
    this.insideFolder = confined.insideFolder ?? this.folder;
    try {
      // Inside bubblewrap it would be too late to tell a program that is not there from one that failed.
      if (confined.insideFolder !== null) accessSync(command.argv[0], modes.X_OK);
      this.#process = start(confined, this.folder, command.env);
    } catch (error) {
      this.#exited = Promise.resolve(notStarted(error as Error));
      this.drained = this.#exited;
      return;
    }
    const { stdin, stdout, stderr, pid } = this.#process;
    stdin.on('error', () => undefined);
    stdout.on('data', (chunk) => onOutput(chunk, 'stdout'));
    stderr.on('data', (chunk) => onOutput(chunk, 'stderr'));
    stdout.once('end', () => this.#expectExit());
    this.#exited = this.#watchExit(this.#process);
    this.drained = this.#watchEnd(this.#process);
    if (pid === undefined) return;
    this.#running = true;
    onChild({ pid, folder: this.folder, running: true });
    if (holdBack) stdin.write(GO);
  }

  /** What was written to the process and waits until it reads. */
  get unreadBytes(): number {
    return this.#process?.stdin.writableLength ?? 0;
  }

  write(line: string): void {
    this.#process?.stdin.write(line);
  }

  /** Ends the process with everything in its group, and removes its folder. */
  async end(): Promise<void> {
    this.killGroup();
    await within(this.#exited, REAP_MS);
    for (const stream of [this.#process?.stdin, this.#process?.stdout, this.#process?.stderr]) stream?.destroy();
    removeFolder(this.folder);
    const pid = this.#process?.pid;
    if (pid !== undefined) this.#onChild({ pid, folder: this.folder, running: false });
  }

  /** Kills the group. Once its first process is reaped the number may become another's, so it is not used again. */
  killGroup(): void {
    const pid = this.#process?.pid;
    if (!this.#running || pid === undefined) return;
    if (this.#confinement === 'bubblewrap' && killInside(pid)) {
      // Bubblewrap sees the end of all that was inside and ends, unless the program has stopped it.
      setTimeout(() => this.#running && killGroup(pid), OUTSIDE_MS).unref();
    } else {
      killGroup(pid);
    }
  }

  /** A process mostly closes its output by ending. */
  #expectExit(): void {
    const timer = setTimeout(() => {
      this.#closedOutput = this.#running;
      this.killGroup();
    }, CLOSED_OUTPUT_MS);
    void this.#exited.then(() => clearTimeout(timer));
  }

  #watchExit(child: ChildProcessWithoutNullStreams): Promise<ChildExit> {
    return new Promise((resolve) => {
      child.once('error', (error) => resolve(notStarted(error)));
      child.once('exit', (code, signal) => {
        // What it left behind would hold its output open.
        this.killGroup();
        this.#running = false;
        if (this.#closedOutput) resolve('closed its output');
        const ending = signal ?? (this.#confinement === 'bubblewrap' ? signalIn(code) : null);
        resolve(ending === null ? `exited with code ${code}` : `was ended by ${ending}`);
      });
    });
  }

  async #watchEnd(child: ChildProcessWithoutNullStreams): Promise<ChildExit> {
    const closed = new Promise<void>((resolve) => child.stdout.once('close', resolve));
    const exit = await this.#exited;
    await within(closed, DRAIN_MS);
    return exit;
  }
}

/** Waits for a line before it becomes the program, so that nothing of the program runs before the referee knows it. */
function heldBack(inOwnNamespaces: boolean): [string, ...string[]] {
  return ['/bin/sh', '-c', `read -r go && { ${inOwnNamespaces ? limitProcesses() : ''} exec "$0" "$@"; }`];
}

function start({ argv, openFds }: ConfinedCommand, cwd: string, env: Record<string, string>) {
  const [program, ...args] = argv;
  const fds = openFds();
  try {
    return spawn(program, args, {
      cwd,
      env: { ...env, TZ: 'UTC', LANG: 'C' },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', ...fds],
    }) as ChildProcessWithoutNullStreams;
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}

/** The signal by which a program in bubblewrap ended: like a shell, it can only tell it in its own exit code. */
function signalIn(code: number | null): string | null {
  const found = Object.entries(constants.signals).find(([, number]) => number === (code ?? 0) - 128);
  return found?.[0] ?? null;
}

function notStarted(error: Error): ChildExit {
  const { code } = error as NodeJS.ErrnoException;
  return `${NOT_STARTED} (${code ?? error.message})`;
}

async function within(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    promise,
    new Promise((resolve) => {
      timer = setTimeout(resolve, ms);
    }),
  ]);
  clearTimeout(timer);
}
