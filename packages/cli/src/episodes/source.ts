import type { Artifact } from '@tracecore/spec';
import type { RowSource, SkippedFile } from '@tracecore/store';
import type { IndexedRun, RunIndex } from '@tracecore/store/run-index';
import type { Deps } from '../deps.js';
import { withIndex } from '../with-index.js';
import type { Workspace } from '../workspace.js';

/** One episode, as the commands about many of them see it. */
export interface EpisodeRow extends RowSource {
  started_at: string;
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

/** Where episodes come from. */
export interface EpisodeSource {
  /** Newest first; `skipped` are the files of the runs folder that are no runs, whatever is asked for. */
  find(filter: EpisodeFilter): Promise<{ rows: EpisodeRow[]; skipped: SkippedFile[] }>;
  /** Every agent and task that there are runs of. */
  pairs(): Promise<{ agent_ref: string; task_ref: string }[]>;
  /** @throws {StoreError} */
  artifact(runId: string): Promise<Artifact>;
}

/** The runs of a workspace, as its index has them. */
export function openEpisodes(deps: Deps, workspace: Workspace): EpisodeSource {
  const ask = <T>(question: (index: RunIndex) => Promise<T>) => withIndex(deps, workspace, question);
  return {
    find: ({ revision, ...filter }) =>
      ask(async (index) => {
        const runs = await index.runs(filter);
        const asked = runs.filter(({ agent_hash: hash }) => revision === undefined || hash?.startsWith(revision));
        return { rows: asked.map(rowOf), skipped: await index.skipped() };
      }),
    pairs: () => ask((index) => index.pairs()),
    artifact: async (runId) => (await (await deps.load.store()).openStore(workspace.home).get(runId)).artifact,
  };
}

function rowOf(run: IndexedRun): EpisodeRow {
  return { ...run, inputs: run.inputs_key };
}
