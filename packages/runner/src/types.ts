import type { CodePrint, Engine, Guarantees, Limits } from '@tracecore/sandbox';
import type { Holdings, IsolationLevel } from '@tracecore/sandbox/confine';
import type {
  Artifact,
  BudgetRequest,
  FailureType,
  Json,
  TerminationReason,
  TraceEntry,
  Validation,
} from '@tracecore/spec';
import type { LoadedTask } from '@tracecore/tasks';
import type { EpisodeJob, JobProgram } from './episode/job.js';
import type { ForkOrigin } from './replay/fork-origin.js';

/** An agent ready to run: as a bundle, or as a command for a process of its own. */
export type LoadedAgent = JobProgram & {
  /** The path from the workspace root, with `/`, or the command line: what `agent_ref` says. */
  ref: string;
  hash: string;
  /** Why its code may not run at all: it imports a task's files. The episode ends as a sandbox violation. */
  violation: string | null;
  /** The prints of its code, to find a task's code in; absent for a command, which may be anything. */
  prints?: readonly CodePrint[];
  /** What whoever asked for it should be told about how it runs. */
  notice?: string;
};

export type Isolation = 'isolate' | 'process' | 'inline';

/** The runtime as artifacts name it. */
export interface RuntimeIdentity {
  name: string;
  version: string;
  gitSha: string | null;
}

/** The frozen inputs of one episode. */
export interface EpisodeRequest {
  agent: LoadedAgent;
  task: LoadedTask;
  seed: number;
  budgets?: BudgetRequest;
  /** `inline` runs the agent's bundle in this very process; otherwise how the agent was loaded decides. */
  isolation?: Isolation;
  /** How far the programs must be kept apart; a machine that cannot do it refuses the episode. */
  minimumLevel?: IsolationLevel;
  limits?: Partial<Limits>;
  /** Subset of the task's actions the agent may use; absent means all. */
  tools?: string[];
  /** Stored as `episode_config_meta`. */
  configMeta?: Json;
  /** The episode that this one branches off; its frozen steps are played before the agent is asked. */
  fork?: ForkOrigin;
}

/** How an episode went, before it is sealed. */
export interface EpisodeOutcome {
  termination_reason: TerminationReason;
  failure_reason: string | null;
  failure_type: FailureType | null;
  steps_used: number;
  tool_calls_used: number;
  validator: Validation | Record<string, never>;
}

/** Called with each trace entry as soon as it is written. */
export type OnEntry = (entry: TraceEntry) => void;

/** What this machine enforced: the artifact's `isolation` block, which its hash leaves out. */
export interface IsolationReport {
  host: string;
  /** What kept the programs apart; where there were two ways, the weaker. */
  mechanism: string;
  level: IsolationLevel;
  /** Why the strongest that the machine has was not used after all; absent when it was. */
  weakened?: string;
  /** What was held of the programs, thing by thing. */
  held: Holdings;
  /** Which host each program ran on; `host` is the weaker of the two. */
  roles?: { agent: Isolation; task: Isolation };
  guarantees: Guarantees;
  engine: Engine;
  node: string;
  platform: string;
}

/** What playing recorded actions again gave. */
export interface Replayed {
  entries: TraceEntry[];
  outcome: EpisodeOutcome;
}

/** Runs episodes. `close` ends the worker processes it started. */
export interface Runner {
  /**
   * Plays one episode; every way it can end gives a sealed artifact.
   * @throws {RunnerError} when no episode could begin: a broken task or agent file, wrong inputs, a closed runner.
   */
  run(request: EpisodeRequest, onEntry?: OnEntry): Promise<Artifact>;
  /** Plays a job whose agent is a record; nothing is sealed. */
  replay(job: EpisodeJob): Promise<Replayed>;
  /** Starts a worker process ahead of the first episode, by default one for bundles. */
  warm(host?: 'isolate' | 'process'): void;
  close(): Promise<void>;
}
