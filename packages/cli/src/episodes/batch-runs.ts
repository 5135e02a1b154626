import type { Deps } from '../deps.js';
import type { Workspace } from '../workspace.js';

export interface BatchRuns {
  /** The runs that decide its jobs. */
  runs: Set<string>;
  /** Jobs that the machinery failed: they are no episodes, and count for and against nobody. */
  infrastructure: number;
}

/**
 * What the journal of a batch names. The last line of a job decides; a last line that was cut off is passed over.
 * @throws {StoreError} as `BatchStore.read`, such as BATCH_NOT_FOUND.
 */
export async function batchRuns({ load }: Deps, { home }: Workspace, ref: string): Promise<BatchRuns> {
  const { openStore, openBatches } = await load.store();
  const { lines } = await openBatches(home, openStore(home)).read(ref);
  const last = [...new Map(lines.map((line) => [line.job, line])).values()];
  return {
    runs: new Set(last.flatMap((line) => (line.outcome === 'artifact' ? [line.run_id] : []))),
    infrastructure: last.filter(({ outcome }) => outcome === 'infrastructure').length,
  };
}
