import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactError, type MigrationRecord, type MigrationRefusalCode, migrateArtifact } from '@tracecore/artifact';
import { isTemporaryName, readTextFile, sha256, writeArtifactFile, writeFileAtomic } from '@tracecore/artifact/node';
import { NAME_EXPECTED } from './list-runs.js';
import { listNames, runIdOf } from './run-files.js';

/** The folder of the files that were migrated, as they were, beside `runs`. */
const BACKUPS = 'migrated';
const DIGITS_OF_NAME = 16;

export type MigrationCode =
  | MigrationRefusalCode
  | 'NAME_INVALID'
  | 'NAME_MISMATCH'
  | 'FILE_NOT_REGULAR'
  | 'FILE_UNREADABLE'
  | 'FILE_CHANGED'
  | 'FILE_UNWRITABLE';

/** What became, or would become, of one file of the runs folder. */
export interface MigrationLine {
  file: string;
  /** `left` is left alone, and `code` says why; `failed` should have been written and was not. */
  state: 'current' | 'would_change' | 'migrated' | 'left' | 'failed';
  code: MigrationCode | null;
  message: string | null;
  /** What is filled in, and by which of it something is assumed; null unless the file changes. */
  record: MigrationRecord | null;
  /** The path of the file as it was, once it is migrated. */
  backup: string | null;
}

export interface MigrateOptions {
  /** Without it nothing is written. */
  write?: boolean;
}

/**
 * Brings old files of the runs folder in `root` to v1.0, one by one. Before a file is replaced it is kept, whole and synced,
 * as `migrated/<run_id>.<digits of its SHA-256>.json`; both writes happen whole or not at all, so a process that is killed
 * leaves the old file or the new one. Bundles and every file that is left alone are not touched.
 * @returns a line for each file, by name.
 * @throws {StoreError} STORE_UNREADABLE when the folder is there and cannot be listed.
 */
export async function migrateRuns(root: string, { write = false }: MigrateOptions = {}): Promise<MigrationLine[]> {
  const folder = join(root, 'runs');
  const lines: MigrationLine[] = [];
  for (const name of await listNames(folder)) {
    if (!isTemporaryName(name)) lines.push(await migrateFile(root, folder, name, write));
  }
  return lines;
}

async function migrateFile(root: string, folder: string, name: string, write: boolean): Promise<MigrationLine> {
  const path = join(folder, name);
  const line = (state: MigrationLine['state'], rest: Partial<MigrationLine> = {}): MigrationLine => ({
    file: name,
    state,
    code: null,
    message: null,
    record: null,
    backup: null,
    ...rest,
  });
  const left = (code: MigrationCode, message: string) => line('left', { code, message });

  const runId = runIdOf(name);
  if (runId === null) return left('NAME_INVALID', NAME_EXPECTED);
  let text: string;
  try {
    // A link could lead out of the folder, and a pipe would be waited on for ever.
    if (!(await lstat(path)).isFile()) return left('FILE_NOT_REGULAR', 'expected a regular file');
    text = await readTextFile(path);
  } catch (error) {
    return left('FILE_UNREADABLE', (error as Error).message);
  }
  const migration = migrateArtifact(text, sha256);
  if (migration.state === 'current') return line('current');
  if (migration.state === 'refused') return left(migration.code, migration.message);
  const { artifact, record } = migration;
  if (artifact.run_id !== runId) {
    return left('NAME_MISMATCH', `expected the run of the file's name, found ${artifact.run_id}`);
  }
  if (!write) return line('would_change', { record });

  const backup = join(root, BACKUPS, `${runId}.${sha256(Buffer.from(text, 'utf8')).slice(0, DIGITS_OF_NAME)}.json`);
  try {
    await mkdir(join(root, BACKUPS), { recursive: true });
    await writeFileAtomic(backup, text);
    if ((await readTextFile(path)) !== text) {
      return line('failed', { code: 'FILE_CHANGED', message: 'somebody changed the file meanwhile; migrate again' });
    }
    await writeArtifactFile(path, artifact);
  } catch (error) {
    const code =
      error instanceof ArtifactError && error.code !== 'FILE_UNWRITABLE' ? 'FILE_UNREADABLE' : 'FILE_UNWRITABLE';
    return line('failed', { code, message: (error as Error).message });
  }
  return line('migrated', { record, backup });
}
