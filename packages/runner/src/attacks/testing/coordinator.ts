import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Artifact } from '@tracecore/spec';
import type { EpisodeRequest, Isolation } from '../../types.js';

const SCRIPT = fileURLToPath(new URL('./coordinator-main.mjs', import.meta.url));
/** V8 never gives back what its young generation has grown to, 48 MiB at most, which would hide what a runner keeps. */
const FLAGS = ['--expose-gc', '--no-warnings', '--max-semi-space-size=4'];
/** Longest wait for an answer: an episode is over long before. */
const ANSWER_MS = 240_000;

export interface CoordinatorOptions {
  workspace: string;
  cache: string;
  /** Where it and its workers keep temporary files. */
  temporary: string;
  modules: Readonly<Record<string, string>>;
  /** A word in the environment of every agent. */
  mark: string;
  /** Given to `createRunner`. */
  runnerOptions?: Record<string, unknown>;
  /** The canary in its environment. */
  environ: string;
}

export interface PlayOrder {
  agent: string;
  isolation: Isolation;
  /** The task's folder. */
  task: string;
  request?: Partial<EpisodeRequest>;
  /** Whether its score is derived again, too: not for a task that never ends. */
  score: boolean;
}

/** What came of an order: an artifact, or the error that no episode began with. */
export type Played = { artifact: Artifact } | { error: { code: string; message: string } };

type Answer = { id: number; value?: unknown; error?: { code: string; message: string } };

/** A process of its own with a runner in it, so that whatever is done to the runner is seen from outside. */
export class Coordinator {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #lastId = 0;
  #gone = false;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (answer: Answer) => this.#waiting.get(answer.id)?.(answer));
    child.once('exit', (code, signal) => {
      this.#gone = true;
      const error = { code: 'COORDINATOR_GONE', message: `the coordinator is gone: ${signal ?? code}` };
      for (const [id, settle] of this.#waiting) settle({ id, error });
    });
  }

  static async start({ environ, temporary, ...options }: CoordinatorOptions): Promise<Coordinator> {
    const child = fork(SCRIPT, [], {
      cwd: temporary,
      execArgv: FLAGS,
      env: { PATH: process.env.PATH, TMPDIR: temporary, TRACECORE_CANARY: environ },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const coordinator = new Coordinator(child);
    const ready = new Promise((resolve) => child.once('message', resolve));
    child.send(options);
    await ready;
    return coordinator;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get gone(): boolean {
    return this.#gone;
  }

  async play(order: PlayOrder): Promise<Played> {
    const { value, error } = await this.#ask('play', order);
    return error ? { error } : { artifact: value as Artifact };
  }

  /** What is wrong with the artifact of an order, in words. */
  async verify(artifact: Artifact, { task, score }: PlayOrder): Promise<string[]> {
    const { value, error } = await this.#ask('verify', { artifact, task, score });
    return error ? [error.message] : (value as string[]);
  }

  async remember(canary: string): Promise<void> {
    await this.#ask('remember', { canary });
  }

  /** What it holds of the machine's memory after its garbage is gone, in bytes. */
  async rss(): Promise<number> {
    return (await this.#ask('rss', {})).value as number;
  }

  async close(): Promise<void> {
    await this.#ask('close', {});
    this.kill();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #ask(method: string, params: object): Promise<Answer> {
    this.#lastId += 1;
    const id = this.#lastId;
    if (this.#gone)
      return Promise.resolve({ id, error: { code: 'COORDINATOR_GONE', message: 'the coordinator is gone' } });
    return new Promise((resolve) => {
      const settle = (answer: Answer) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(
        () => settle({ id, error: { code: 'NO_ANSWER', message: `no answer in ${ANSWER_MS} ms` } }),
        ANSWER_MS,
      );
      this.#waiting.set(id, settle);
      this.#child.send({ id, method, params });
    });
  }
}
