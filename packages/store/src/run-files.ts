import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactError } from '@tracecore/artifact';
import { readArtifactFile } from '@tracecore/artifact/node';
import { SpecError } from '@tracecore/spec';
import { StoreError } from './error.js';
import type { StoredRun } from './types.js';

const RUN_ID = /^[0-9a-fA-F-]{32,36}$/;
const RUN_REF = /^[0-9a-fA-F-]{6,36}$/;
const CANDIDATES_NAMED = 5;
const PLAIN = '.json';
const COMPRESSED = '.json.gz';

/**
 * The file of a run in `folder`. The pattern keeps separators and dots out, so no id leads elsewhere.
 * @throws {StoreError} RUN_ID_INVALID.
 */
export function runPath(folder: string, runId: string, form: 'plain' | 'compressed' = 'plain'): string {
  if (RUN_ID.test(runId)) return join(folder, `${runId}${form === 'plain' ? PLAIN : COMPRESSED}`);
  throw invalid(runId, 'a run id of 32 to 36 hexadecimal digits and hyphens');
}

/**
 * Resolves a run id, or the beginning of one, to the file of that run.
 * @throws {StoreError} RUN_ID_INVALID, RUN_NOT_FOUND, RUN_AMBIGUOUS, STORE_UNREADABLE.
 */
export async function locateRun(folder: string, ref: string): Promise<string> {
  if (!RUN_REF.test(ref)) throw invalid(ref, 'a run id, or at least its first 6 hexadecimal digits');
  for (const name of RUN_ID.test(ref) ? namesOf(ref) : []) {
    if (await isThere(join(folder, name))) return join(folder, name);
  }
  const names = await listNames(folder);
  const ids = names.map(runIdOf).filter((id) => id?.startsWith(ref)) as string[];
  const candidates = [...new Set(ids)].sort();
  const [only] = candidates;
  if (only === undefined) {
    throw new StoreError(
      'RUN_NOT_FOUND',
      `expected a run with the id ${ref} in ${folder}, found none; list the runs to see their ids`,
    );
  }
  if (candidates.length === 1) return join(folder, namesOf(only).find((name) => names.includes(name)) as string);
  const named = candidates.slice(0, CANDIDATES_NAMED).join(', ');
  const more = candidates.length > CANDIDATES_NAMED ? ` and ${candidates.length - CANDIDATES_NAMED} more` : '';
  throw new StoreError(
    'RUN_AMBIGUOUS',
    `expected ${ref} to begin one run id, found ${candidates.length}: ${named}${more}`,
  );
}

/**
 * Reads the run in a file and checks that the file is named after it.
 * @throws {StoreError} RUN_UNREADABLE, saying what is wrong with the file; RUN_NOT_FOUND when it is gone.
 */
export async function readRun(path: string, runId: string): Promise<StoredRun> {
  const run = await readWhole(path);
  if (run.artifact.run_id === runId) return run;
  throw new StoreError('RUN_UNREADABLE', `${path}: expected the run of the file's name, found ${run.artifact.run_id}`);
}

/** The names in the runs folder, sorted; none when there is no folder. */
export async function listNames(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    const message = `could not list the runs in ${folder}: ${(error as Error).message}`;
    throw new StoreError('STORE_UNREADABLE', message, { cause: error });
  }
}

/** The run id that a file name stands for, or null. */
export function runIdOf(name: string): string | null {
  const ending = [PLAIN, COMPRESSED].find((one) => name.endsWith(one)) ?? '';
  const id = name.slice(0, name.length - ending.length);
  return ending !== '' && RUN_ID.test(id) ? id : null;
}

/** The names that the file of a run may have; where more than one is there, the first is the run. */
export function namesOf(runId: string): [plain: string, compressed: string] {
  return [`${runId}${PLAIN}`, `${runId}${COMPRESSED}`];
}

export function isCompressed(name: string): boolean {
  return name.endsWith(COMPRESSED);
}

/** The plain file that a compressed one stands back for, when it is there; null otherwise. */
export function shadowOf(name: string, isThere: (name: string) => boolean): string | null {
  if (!isCompressed(name)) return null;
  const plain = name.slice(0, -'.gz'.length);
  return isThere(plain) ? plain : null;
}

/** Why a compressed file that stands back is passed over. */
export function shadowReason(plain: string): string {
  return `the run is read from ${plain}, which is there too`;
}

async function readWhole(path: string): Promise<StoredRun> {
  try {
    // A link could lead out of the folder, and a pipe would be waited on for ever.
    if (!(await lstat(path)).isFile()) throw new StoreError('RUN_UNREADABLE', `${path}: expected a regular file`);
    return { ...(await readArtifactFile(path)), path };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    if (isMissing(error)) throw new StoreError('RUN_NOT_FOUND', `no run at ${path}`, { cause: error });
    const known = error instanceof ArtifactError || error instanceof SpecError;
    const message = known ? error.message : `${path}: ${(error as Error).message}`;
    throw new StoreError('RUN_UNREADABLE', message, { cause: error });
  }
}

/** Whatever it is. A folder that cannot be looked into is told when it is listed. */
function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function isMissing(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'ENOENT' || code === 'FILE_NOT_FOUND';
}

function invalid(ref: string, expected: string): StoreError {
  return new StoreError('RUN_ID_INVALID', `expected ${expected}, got ${JSON.stringify(ref)}`);
}
