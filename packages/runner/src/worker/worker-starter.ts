import { CONFINEMENTS, type Confinement } from '@tracecore/sandbox/confine';
import { RunnerError } from '../error.js';
import { planLaunch, type WorkerKind, type WorkerSetup } from './launch.js';
import { workerGroup } from './worker-group.js';
import { type ReadyMessage, type WorkerExit, WorkerProcess } from './worker-process.js';

/** Longest a worker may take to say that it is ready. */
const START_MS = 30_000;
/** How often a start is tried before a weaker confinement is: one that failed may have been killed by chance. */
const TRIES = 2;

/** A worker that is ready for its first job, and what it said about itself. */
export interface StartedWorker {
  worker: WorkerProcess;
  about: ReadyMessage;
  /** Whether a control group limits it and all that it starts. */
  grouped: boolean;
  /** Why it is not under the strongest confinement that the machine has; null when it is. */
  weakened: string | null;
}

/** Starts worker processes under the strongest confinement that they start under. */
export class WorkerStarter {
  readonly #setUp: () => Promise<WorkerSetup>;
  #setup: Promise<WorkerSetup> | undefined;
  readonly #running = new Set<WorkerProcess>();
  /** The strongest that is still tried. */
  #strongest: Confinement = 'bubblewrap';
  #weakened: string | null = null;
  #closed = false;

  constructor(setUp: () => Promise<WorkerSetup>) {
    this.#setUp = setUp;
  }

  /** @throws {RunnerError} WORKER_FAILED when none starts even bare; RUNNER_CLOSED. */
  async start(kind: WorkerKind): Promise<StartedWorker> {
    this.#setup ??= this.#setUp();
    const setup = await this.#setup;
    for (let tries = 1; ; tries += 1) {
      const strongest = weaker(this.#strongest, setup.confinement);
      const { worker, first, grouped } = await this.#try(kind, setup, strongest);
      if ('engine' in first) return { worker, about: first, grouped, weakened: this.#weakened };
      if (this.#closed) throw new RunnerError('RUNNER_CLOSED', 'the runner was closed while a worker started');
      if (tries % TRIES !== 0) continue;
      if (worker.confinement === 'bare') {
        throw new RunnerError('WORKER_FAILED', `a worker process could not start: ${first.detail}`);
      }
      // The machine promised more than it keeps, such as for a Node whose libraries bubblewrap does not show.
      this.#weakened ??= `a worker did not start under ${worker.confinement}: ${first.detail}`;
      this.#strongest = below(worker.confinement);
    }
  }

  /** Ends every worker there is, those that still start included. */
  async close(): Promise<void> {
    this.#closed = true;
    const workers = [...this.#running];
    for (const worker of workers) {
      // An idle worker holds nothing open, and the program must not end while it waits for one to be gone.
      worker.setIdle(false);
      worker.kill();
    }
    await Promise.all(workers.map(({ exited }) => exited));
  }

  async #try(kind: WorkerKind, setup: WorkerSetup, strongest: Confinement) {
    if (this.#closed) throw new RunnerError('RUNNER_CLOSED', 'the runner is closed; make a new one');
    const group = workerGroup(setup.machine);
    const launch = planLaunch(kind, setup, strongest, group?.joinFiles ?? []);
    const worker = new WorkerProcess(launch, async () => group?.end());
    this.#running.add(worker);
    void worker.exited.then(() => this.#running.delete(worker));
    const timer = setTimeout(() => worker.distrust(`it was not ready within ${START_MS / 1_000} s`), START_MS);
    const first: ReadyMessage | WorkerExit = await Promise.race([worker.ready, worker.exited]);
    clearTimeout(timer);
    return { worker, first, grouped: group !== null };
  }
}

function weaker(one: Confinement, other: Confinement): Confinement {
  return CONFINEMENTS.indexOf(one) < CONFINEMENTS.indexOf(other) ? one : other;
}

function below(confinement: Confinement): Confinement {
  return CONFINEMENTS[CONFINEMENTS.indexOf(confinement) - 1] ?? 'bare';
}
