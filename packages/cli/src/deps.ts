import type { readArtifactFile, readJsonFile, readTextFile, writeFileAtomic } from '@tracecore/artifact/node';
import type * as Bundle from '@tracecore/bundle';
import type * as Leaderboard from '@tracecore/bundle/leaderboard';
import type * as Ledger from '@tracecore/bundle/ledger';
import type * as RunnerPackage from '@tracecore/runner';
import type * as Confine from '@tracecore/sandbox/confine';
import type * as Store from '@tracecore/store';
import type * as RunIndexes from '@tracecore/store/run-index';
import type * as Tasks from '@tracecore/tasks';
import type * as TaskChecks from '@tracecore/tasks/lint';
import type { FindPython } from './doctor/check-python.js';

/** The terminal and the machine, as a command sees them. */
export interface Io {
  stdout(text: string): void;
  stderr(text: string): void;
  /** Whether stdout is a terminal. */
  isTTY: boolean;
  /** Columns of the terminal that stderr is; absent when it is none. */
  stderrColumns?: number;
  env: Record<string, string | undefined>;
  cwd: string;
  /** Calls `listener` on Ctrl-C until the function it returns is called. */
  onInterrupt(listener: () => void): () => void;
}

export interface RunnerSettings {
  quickStart: boolean;
  /** Episodes at once, each in a worker process of its own; by default one. */
  workers?: number;
  /** The strongest confinement to use; absent means the strongest that the machine has. */
  confinement?: Confine.Confinement;
}

export interface LoaderSettings {
  workspaceRoot: string;
  cacheDir: string | null;
  /** Variables that an agent's process is given. */
  env?: Record<string, string>;
  /** Further files and folders that programs in processes may read, absolute. */
  read?: readonly string[];
  /** Folders that no agent may see into, absolute. */
  hide?: readonly string[];
}

/** What the runner package does with records, as it is. */
export type RunnerChecks = Pick<
  typeof RunnerPackage,
  | 'verifyArtifact'
  | 'verifyEvidence'
  | 'checkStrictSpec'
  | 'compareReplay'
  | 'forkOf'
  | 'inputsOf'
  | 'rederive'
  | 'requireSealed'
  | 'packAgent'
  | 'unpackAgent'
>;

/** What the runner package does with batches, as it is. */
export type RunnerBatches = Pick<
  typeof RunnerPackage,
  | 'batchJob'
  | 'createLocalEngine'
  | 'elapsedOf'
  | 'failureOf'
  | 'mergeShards'
  | 'planHash'
  | 'requireSame'
  | 'resultsOf'
  | 'runBatch'
  | 'shardOf'
  | 'summarizeBatch'
>;

/** The runner as the application wires it: where workers start and where the kit's own modules come from is settled. */
export interface RunnerModule extends RunnerChecks, RunnerBatches {
  createRunner(options: RunnerSettings): RunnerPackage.Runner;
  createLoader(options: LoaderSettings): RunnerPackage.Loader;
  findPython: FindPython;
  /** Opens a task's program in a process of its own; see `inspectTask` of the runner. */
  inspectTask(task: Tasks.LoadedTask, options: { seeds: readonly number[] }): Promise<TaskChecks.TaskInspection>;
}

/** Loads a package the first time a command needs it, so that a command pays only for what it uses. */
export interface Loaders {
  runner(): Promise<RunnerModule>;
  store(): Promise<
    Pick<
      typeof Store,
      | 'openStore'
      | 'migrateRuns'
      | 'hasIndex'
      | 'openBatches'
      | 'newBatchId'
      | 'readBaseline'
      | 'rowsOf'
      | 'timestampName'
      | 'writeBaseline'
    >
  >;
  runIndex(): Promise<typeof RunIndexes>;
  tasks(): Promise<
    Pick<typeof Tasks, 'openRegistry' | 'readTaskFolder' | 'isTaskFolder' | 'freezeStateOf' | 'readFreezeTable'>
  >;
  taskChecks(): Promise<typeof TaskChecks>;
  artifact(): Promise<{
    readArtifactFile: typeof readArtifactFile;
    readJsonFile: typeof readJsonFile;
    readTextFile: typeof readTextFile;
    writeFileAtomic: typeof writeFileAtomic;
  }>;
  bundle(): Promise<typeof Bundle>;
  ledger(): Promise<typeof Ledger>;
  leaderboard(): Promise<typeof Leaderboard>;
  queue(): Promise<RunnerPackage.QueueModule>;
  confine(): Promise<Pick<typeof Confine, 'probeMachine' | 'holdingsOf' | 'levelOf'>>;
}

/** Everything the command line depends on. */
export interface Deps {
  io: Io;
  /** Version of this runtime, such as `0.1.0`. */
  version: string;
  /** Folder that holds the built-in `tasks/` and `agents/`. */
  builtinRoot: string;
  load: Loaders;
}
