import { createReadStream, type Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { StoreError } from '../error.js';
import { runIdOf } from '../run-files.js';

/** What has the form of a run id, as a JSON text. */
const QUOTED_ID = /"([0-9a-fA-F-]{32,36})"/g;

/**
 * The runs that something beside their own file points to: the session, a bundle, an exported baseline, a submission to the
 * leaderboard, a batch. Whatever lies there is taken at its word, since a run that is kept in vain does no harm.
 * @returns what points to each run, in words.
 * @throws {StoreError} STORE_UNREADABLE when a part of that cannot be read: then nobody knows what is needed.
 */
export async function findReferences(root: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const add = (runId: string, by: string) => {
    const known = found.get(runId) ?? [];
    if (!known.includes(by)) found.set(runId, [...known, by]);
  };
  try {
    await addFile(join(root, 'session.json'), 'the session', add);
    for (const entry of await entriesOf(join(root, 'baselines'))) {
      if (entry.isDirectory()) add(entry.name, 'its bundle');
      else if (entry.name.endsWith('.json')) {
        await addFile(join(root, 'baselines', entry.name), `the baseline ${entry.name}`, add);
      }
    }
    for (const { name } of await entriesOf(join(root, 'leaderboard'))) {
      const runId = runIdOf(name);
      if (runId !== null) add(runId, 'the leaderboard');
    }
    for (const batch of await entriesOf(join(root, 'batches'))) {
      for (const { name } of batch.isDirectory() ? await entriesOf(join(root, 'batches', batch.name)) : []) {
        if (/\.jsonl?$/.test(name))
          await addFile(join(root, 'batches', batch.name, name), `the batch ${batch.name}`, add);
      }
    }
  } catch (error) {
    const message = `could not find out which runs are needed: ${(error as Error).message}`;
    throw new StoreError('STORE_UNREADABLE', message, { cause: error });
  }
  return found;
}

/** Every id in a text, line by line: a journal may be long. */
async function addFile(path: string, by: string, add: (runId: string, by: string) => void): Promise<void> {
  try {
    for await (const line of createInterface({
      input: createReadStream(path, 'utf8'),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      for (const [, runId] of line.matchAll(QUOTED_ID)) add(runId as string, by);
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
