import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { type Confinement, handedOn } from '@tracecore/sandbox/confine';
import { killGroup } from '@tracecore/sandbox/process';
import type { EpisodeJob } from '../episode/job.js';
import { SentBundles } from './bundle-shelves.js';
import { ChildGroups } from './child-groups.js';
import type { WorkerKind, WorkerLaunch } from './launch.js';
import { parseWorkerMessage } from './parse-message.js';
import type { WorkerMessage, WorkerRequest } from './protocol.js';

/** Most a worker may write before a line ends, in UTF-16 units: an entry holds a few messages of the largest size. */
const MAX_LINE_CHARS = 64 * 1024 * 1024;
const KEPT_STDERR_CHARS = 4_096;
const STREAMS = ['pipe', 'pipe', 'pipe'] as const;

export type ReadyMessage = Extract<WorkerMessage, { type: 'ready' }>;

/** Told of each message, and of how long it was in UTF-16 units. */
type OnMessage = (message: WorkerMessage, chars: number) => void;

/** Why a worker is no longer there. */
export interface WorkerExit {
  killed: boolean;
  detail: string;
}

/** One worker process and the lines it writes. */
export class WorkerProcess {
  readonly kind: WorkerKind;
  readonly confinement: Confinement;
  readonly ready: Promise<ReadyMessage>;
  readonly exited: Promise<WorkerExit>;
  readonly #child: ChildProcess;
  readonly #detached: boolean;
  readonly #groups = new ChildGroups();
  readonly #sent = new SentBundles();
  #onMessage: OnMessage = () => undefined;
  #announce: ((message: ReadyMessage) => void) | null = null;
  #parts: string[] = [];
  #chars = 0;
  #stderr = '';
  #killed = false;
  #breach: string | null = null;

  /** @param end releases what the worker held beside its process; run when it is gone. */
  constructor(launch: WorkerLaunch, end: () => Promise<void>) {
    const { argv, env, detached, start } = launch;
    this.kind = launch.kind;
    this.confinement = launch.confinement;
    this.#detached = detached;
    const fds = [openSync(devNull, 'r'), ...launch.openFds()];
    try {
      const [program, ...args] = argv;
      // A folder that says nothing about the workspace.
      const stdio = openFor(fds.slice(1), fds[0] as number);
      this.#child = spawn(program, args, { cwd: tmpdir(), env, detached, stdio });
    } finally {
      for (const fd of fds) closeSync(fd);
    }
    const { stdin, stdout, stderr } = this.#child;
    this.ready = new Promise((resolve) => {
      this.#announce = resolve;
    });
    stdout?.setEncoding('utf8').on('data', (chunk: string) => this.#read(chunk));
    stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr = (this.#stderr + chunk).slice(-KEPT_STDERR_CHARS);
    });
    // A worker that dies while it is written to says so through its exit.
    stdin?.on('error', () => undefined);
    this.exited = this.#watchExit(end);
    stdin?.write(`${JSON.stringify(start)}\n`);
  }

  /** Hands the worker a job; its messages go to `onMessage` until the next one. */
  send(id: number, job: EpisodeJob, onMessage: OnMessage): void {
    this.#onMessage = onMessage;
    const request: WorkerRequest = { id, ...this.#sent.pack(job) };
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
  }

  /** Keeps a worker from holding the program open, or lets it. */
  setIdle(idle: boolean): void {
    const handles = [this.#child, this.#child.stdin, this.#child.stdout, this.#child.stderr] as unknown as {
      ref(): void;
      unref(): void;
    }[];
    for (const handle of handles) idle ? handle.unref() : handle.ref();
  }

  kill(): void {
    this.#killed = true;
    this.#end();
  }

  /** Ends a worker that said what no honest one says. */
  distrust(breach: string): void {
    this.#breach ??= breach;
    this.#end();
  }

  #end(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (this.#detached && pid !== undefined && exitCode === null && signalCode === null) killGroup(pid);
    this.#child.kill('SIGKILL');
  }

  #watchExit(end: () => Promise<void>): Promise<WorkerExit> {
    return new Promise((resolve) => {
      const settle = (killed: boolean, detail: string) =>
        void Promise.all([this.#groups.end(this.#child.pid), end()]).then(() => resolve({ killed, detail }));
      this.#child.once('error', (error) => {
        if (this.#child.pid === undefined) settle(false, error.message);
      });
      this.#child.once('close', (code, signal) => {
        const last = this.#stderr.trim().split('\n').at(-1);
        settle(this.#killed, this.#breach ?? (last || (signal ? `signal ${signal}` : `exit code ${code}`)));
      });
    });
  }

  #read(chunk: string): void {
    const pieces = chunk.split('\n');
    const last = pieces.pop() as string;
    for (const piece of pieces) {
      if (this.#breach !== null) return;
      const line = this.#parts.join('') + piece;
      this.#parts = [];
      this.#chars = 0;
      this.#take(line);
    }
    this.#parts.push(last);
    this.#chars += last.length;
    if (this.#chars <= MAX_LINE_CHARS) return;
    this.#parts = [];
    this.distrust('it wrote a line without end');
  }

  #take(line: string): void {
    const message = parseWorkerMessage(line);
    const breach = message === null ? 'it wrote what is no message of a worker' : this.#breachOf(message);
    if (message === null || breach !== null) this.distrust(String(breach));
    else if (message.type === 'ready') {
      this.#announce?.(message);
      this.#announce = null;
    } else {
      if (message.type === 'child') this.#groups.note(message.child, this.#child.pid);
      this.#onMessage(message, line.length);
    }
  }

  #breachOf({ type }: WorkerMessage): string | null {
    if (type === 'ready' && this.#announce === null) return 'it said twice that it was ready';
    return type === 'child' && this.kind === 'locked' ? 'it started a process, which it may not' : null;
  }
}

/**
 * The open files of a process that is started: its streams, `fds`, and nothing in the place of every other that this
 * process was itself handed and would hand on.
 */
function openFor(fds: readonly number[], nothing: number): ('pipe' | 'ignore' | number)[] {
  const own = [...STREAMS, ...fds];
  const others = handedOn().filter((fd) => fd >= own.length);
  const last = Math.max(own.length - 1, ...others);
  return Array.from({ length: last + 1 }, (_, fd) => own[fd] ?? (others.includes(fd) ? nothing : 'ignore'));
}
