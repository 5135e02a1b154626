import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StoreError } from '../error.js';
import { isThere } from '../folders.js';
import { isBatchId } from './batch-id.js';

/** A batch has begun once its plan is there. */
export const PLAN_FILE = 'plan.json';
const LEAST_CHARS = 6;
const CANDIDATES_NAMED = 5;

/**
 * Ids of the batches in a folder, newest first; none when there is no folder. One that was stopped before its plan was
 * written is none.
 * @throws {StoreError} STORE_UNREADABLE.
 */
export async function listBatches(folder: string): Promise<string[]> {
  const ids = (await listNames(folder)).filter(isBatchId).sort().reverse();
  const begun = await Promise.all(ids.map((id) => isThere(join(folder, id, PLAN_FILE))));
  return ids.filter((_, at) => begun[at]);
}

async function listNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    const message = `could not list the batches in ${folder}: ${(error as Error).message}`;
    throw new StoreError('STORE_UNREADABLE', message, { cause: error });
  }
}

/**
 * The folder of a batch, named by its id, the beginning of it, or `latest`; with `cwd` also by its own path from there.
 * @throws {StoreError} BATCH_NOT_FOUND, BATCH_ID_INVALID, BATCH_AMBIGUOUS.
 */
export async function locateBatch(folder: string, ref: string, cwd: string | null): Promise<string> {
  if (cwd !== null && /[\\/]/.test(ref)) return resolve(cwd, ref);
  if (ref !== 'latest' && !new RegExp(`^[0-9a-f-]{${LEAST_CHARS},22}$`).test(ref)) {
    throw new StoreError(
      'BATCH_ID_INVALID',
      `expected the id of a batch, its first ${LEAST_CHARS} characters or more, or latest, got ${JSON.stringify(ref)}`,
    );
  }
  const ids = await listBatches(folder);
  const candidates = ref === 'latest' ? ids.slice(0, 1) : ids.filter((id) => id.startsWith(ref));
  const [only] = candidates;
  if (only === undefined) {
    const wanted = ref === 'latest' ? 'a batch' : `a batch with the id ${ref}`;
    throw new StoreError(
      'BATCH_NOT_FOUND',
      `expected ${wanted} in ${folder}, found none; tracecore batch list shows ids`,
    );
  }
  if (candidates.length === 1) return join(folder, only);
  const named = candidates.slice(0, CANDIDATES_NAMED).join(', ');
  const more = candidates.length > CANDIDATES_NAMED ? ` and ${candidates.length - CANDIDATES_NAMED} more` : '';
  throw new StoreError(
    'BATCH_AMBIGUOUS',
    `expected ${ref} to begin one id, found ${candidates.length}: ${named}${more}`,
  );
}
