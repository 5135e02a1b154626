import type { Artifact } from '@tracecore/spec';
import type { RunSummary, SkippedFile } from '@tracecore/store';
import type { Deps } from '../deps.js';
import type { Workspace } from '../workspace.js';

type SummaryFields =
  | 'run_id'
  | 'agent_ref'
  | 'agent_hash'
  | 'task_ref'
  | 'seed'
  | 'success'
  | 'steps_used'
  | 'tool_calls_used'
  | 'started_at'
  | 'artifact_hash';

/** One episode, as the commands about many of them see it. */
export interface EpisodeRow extends Pick<RunSummary, SummaryFields> {
  /** Differs for runs of other inputs; null where that is not known, as for agents without a hash of their code. */
  inputs: string | null;
}

/** Which episodes are asked for; a field that is absent keeps all. */
export interface EpisodeFilter {
  /** The `agent_ref`, whole. */
  agent?: string;
  /** The beginning of an `agent_hash`. */
  revision?: string;
  /** `id@version`, or an id alone for every version of it. */
  task?: string;
  since?: Date;
}

/** Where episodes come from. What reads files today may ask an index tomorrow. */
export interface EpisodeSource {
  /** Newest first. */
  rows(filter: EpisodeFilter): Promise<EpisodeRow[]>;
  /** Every agent and task that there are runs of. */
  pairs(): Promise<{ agent_ref: string; task_ref: string }[]>;
  skipped(): Promise<SkippedFile[]>;
  /** @throws {StoreError} */
  artifact(runId: string): Promise<Artifact>;
}

/** The runs of a workspace; their files are read once. */
export async function openEpisodes({ load }: Deps, { home }: Workspace): Promise<EpisodeSource> {
  const store = (await load.store()).openStore(home);
  const listed = store.list();
  return {
    rows: async (filter) => (await listed).runs.filter((run) => isAsked(run, filter)).map(rowOf),
    pairs: async () => {
      const pairs = (await listed).runs.map(({ agent_ref, task_ref }) => JSON.stringify([agent_ref, task_ref]));
      return [...new Set(pairs)].sort().map((pair) => {
        const [agent_ref, task_ref] = JSON.parse(pair) as [string, string];
        return { agent_ref, task_ref };
      });
    },
    skipped: async () => (await listed).skipped,
    artifact: async (runId) => (await store.get(runId)).artifact,
  };
}

function isAsked(run: RunSummary, { agent, revision, task, since }: EpisodeFilter): boolean {
  if (agent !== undefined && run.agent_ref !== agent) return false;
  if (revision !== undefined && !run.agent_hash?.startsWith(revision)) return false;
  if (task !== undefined && !isOfTask(run.task_ref, task)) return false;
  return since === undefined || Date.parse(run.started_at) >= since.getTime();
}

/** Whether a reference is this one, or of this id where no version is given. */
export function isOfTask(ref: string, task: string): boolean {
  return ref === task || ref.slice(0, ref.lastIndexOf('@')) === task;
}

function rowOf(run: RunSummary): EpisodeRow {
  const { agent_ref, agent_hash, task_ref, task_hash, seed, budgets } = run;
  const inputs = [agent_ref, agent_hash, task_ref, task_hash, seed, ...Object.values(budgets)];
  return { ...run, inputs: agent_hash === null ? null : JSON.stringify(inputs) };
}
