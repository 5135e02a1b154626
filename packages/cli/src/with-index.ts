import type { RunStore } from '@tracecore/store';
import type { RunIndex } from '@tracecore/store/run-index';
import type { Deps } from './deps.js';
import { describeError, isCoded } from './error.js';
import { printable } from './render/printable.js';
import type { Workspace } from './workspace.js';

type Recorder = Pick<RunIndex, 'record' | 'close'>;

/** Files that are read before anybody wonders why it takes so long. */
const MANY = 2_000;

/** Opens the index of a workspace's runs for `body` and closes it afterwards. What is wrong with it is told on stderr. */
export async function withIndex<T>(deps: Deps, { home }: Workspace, body: (index: RunIndex) => Promise<T>): Promise<T> {
  const { openRunIndex } = await deps.load.runIndex();
  const options = { ...indexNotes(deps) };
  const use = async (reread: boolean) => {
    const index = await openRunIndex(home, { ...options, reread });
    try {
      return await body(index);
    } finally {
      await index.close();
    }
  };
  try {
    return await use(false);
  } catch (error) {
    // Damage in the middle of a file shows only when that part is asked for.
    if (!isCoded(error) || error.code !== 'INDEX_CORRUPT') throw error;
    return use(true);
  }
}

/** What an index tells while it is opened, as lines on stderr. */
export function indexNotes({ io }: Deps) {
  let announced = false;
  return {
    onFault: (message: string) => io.stderr(`tracecore: ${printable(message)}\n`),
    onProgress: (_: number, total: number) => {
      if (total > MANY && !announced) io.stderr(`tracecore: reading ${total} run files into the index\n`);
      announced = true;
    },
  };
}

/**
 * Opens the store that a workspace's runs are put into, as its config wants it. Where there is an index it takes note of each
 * run; that it could not is told once and fails nothing.
 */
export async function withStore<T>(
  deps: Deps,
  workspace: Workspace,
  body: (store: RunStore) => Promise<T>,
): Promise<T> {
  const { io, load } = deps;
  const { openStore, hasIndex } = await load.store();
  const opened: Promise<Recorder | null>[] = [];
  const store = openStore(workspace.home, {
    ...workspace.config.store,
    index: async () => {
      if (!(await hasIndex(workspace.home))) return null;
      const recorder = (await load.runIndex()).openRecorder(workspace.home);
      opened.push(recorder);
      return recorder;
    },
    onIndexFault: (error) => {
      const reason = printable(describeError(error, false));
      io.stderr(`tracecore: the run is stored, but the index took no note of it, and will find it later: ${reason}\n`);
    },
  });
  try {
    return await body(store);
  } finally {
    for (const recorder of await Promise.allSettled(opened)) {
      if (recorder.status === 'fulfilled') await recorder.value?.close();
    }
  }
}
