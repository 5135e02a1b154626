import { basename } from 'node:path';
import type { Artifact } from '@tracecore/spec';
import { stampAt } from './run-index/stamp.js';
import type { RecordedRun } from './run-index/types.js';
import type { StoreOptions } from './types.js';
import type { WrittenRun } from './write-runs.js';

/** Takes note of runs that were written. Never throws: the files are the truth, and the index finds them by itself. */
export type NoteRuns = (written: readonly (WrittenRun & { artifact: Artifact })[]) => Promise<void>;

/** Notes runs in the index of the options, until it fails once. */
export function createNoteRuns({ index, onIndexFault }: StoreOptions): NoteRuns {
  let recorder: ReturnType<NonNullable<StoreOptions['index']>> | null = null;
  let failed = index === undefined;
  return async (written) => {
    if (failed || index === undefined) return;
    try {
      recorder ??= index();
      await (await recorder)?.record(written.flatMap(recordOf));
    } catch (error) {
      failed = true;
      onIndexFault?.(error);
    }
  };
}

/** None for a file that somebody removed meanwhile. */
function recordOf({ artifact, path, bytes }: WrittenRun & { artifact: Artifact }): RecordedRun[] {
  const found = stampAt(path);
  return found === null ? [] : [{ artifact, bytes, file: basename(path), stamp: found.stamp }];
}
