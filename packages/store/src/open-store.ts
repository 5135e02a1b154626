import { basename, join } from 'node:path';
import type { Artifact } from '@tracecore/spec';
import { StoreError } from './error.js';
import { makeFolder } from './folders.js';
import { listRuns } from './list-runs.js';
import { createNoteRuns } from './note-runs.js';
import { locateRun, readRun, runIdOf, runPath } from './run-files.js';
import { moveBundlePointer, moveSession, readSession } from './session.js';
import type { RunStore, StoredRun, StoreOptions } from './types.js';
import { writeRuns } from './write-runs.js';

/** Opens the store in `root`, the `.agent_bench` folder. Touches no disk: the folder is made by the first `put`. */
export function openStore(root: string, options: StoreOptions = {}): RunStore {
  const { clock = { now: () => new Date() }, compress = false } = options;
  const folder = join(root, 'runs');
  const noteRuns = createNoteRuns(options);
  // Session updates of one process queue up, so that none undoes another's latest_success_run_id.
  let sessionMoved: Promise<void> = Promise.resolve();

  async function putAll(artifacts: readonly Artifact[]): Promise<string[]> {
    for (const { run_id } of artifacts) runPath(folder, run_id);
    if (artifacts.length === 0) return [];
    await makeFolder(folder);
    const written = await writeRuns(folder, artifacts, compress);
    await afterOthers(() => moveSession(root, artifacts, clock.now()));
    await noteRuns(written.map((one, n) => ({ ...one, artifact: artifacts[n] as Artifact })));
    return written.map(({ path }) => path);
  }

  async function pointToBundle(dir: string): Promise<void> {
    const run = await latest();
    await afterOthers(() => moveBundlePointer(root, dir, run?.artifact ?? null, clock.now()));
  }

  async function afterOthers(move: () => Promise<void>): Promise<void> {
    const moved = sessionMoved.then(move);
    sessionMoved = moved.catch(() => undefined);
    await moved;
  }

  async function get(ref: string): Promise<StoredRun> {
    const path = await locateRun(folder, ref);
    return readRun(path, runIdOf(basename(path)) as string);
  }

  async function latest(): Promise<StoredRun | null> {
    const session = await readSession(root);
    const pointed = session && (await find(session.latest_run_id));
    if (pointed) return pointed;
    for (const { run_id } of (await listRuns(folder)).runs) {
      const run = await find(run_id);
      if (run) return run;
    }
    return null;
  }

  async function find(runId: string): Promise<StoredRun | null> {
    try {
      // By its names alone: a batch asks for many runs that are not there.
      return await readRun(runPath(folder, runId), runId).catch((error) => {
        if (error instanceof StoreError && error.code === 'RUN_NOT_FOUND') {
          return readRun(runPath(folder, runId, 'compressed'), runId);
        }
        throw error;
      });
    } catch (error) {
      if (error instanceof StoreError) return null;
      throw error;
    }
  }

  return {
    put: async (artifact) => (await putAll([artifact]))[0] as string,
    putAll,
    find,
    pointToBundle,
    get,
    latest,
    locate: (ref) => locateRun(folder, ref),
    list: () => listRuns(folder),
    session: () => readSession(root),
  };
}
