import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ArtifactError } from '../error.js';

/** A file to be written. */
export interface FileContent {
  path: string;
  content: string | Uint8Array;
}

/** Files that are written at once: enough to keep a disk busy. */
const WRITES_AT_ONCE = 16;

/** Names of files in the making; whoever lists a folder leaves them out. A killed process can leave one behind. */
export function isTemporaryName(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.tmp');
}

/**
 * Replaces a file whole or not at all, even when the process is killed or the power fails: a new file beside it is
 * written, synced and renamed, then the folder is synced. Two writers never share a temporary name; the last wins.
 * @throws {ArtifactError} FILE_UNWRITABLE; the temporary file is then gone, and what stood at `path` untouched unless the
 * sync of the folder was all that failed.
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  await writeFilesAtomic([{ path, content }]);
}

/**
 * Replaces several files, each whole or not at all as `writeFileAtomic` does, and syncs every folder once for all of them.
 * @throws {ArtifactError} FILE_UNWRITABLE, naming the first; then each of the others was replaced or was not.
 */
export async function writeFilesAtomic(files: readonly FileContent[]): Promise<void> {
  const queue = files.values();
  const lane = async () => {
    for (const file of queue) await guarded(file.path, () => writeOne(file));
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(WRITES_AT_ONCE, files.length) }, lane));
  const failed = lanes.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  const folders = new Map(files.map(({ path }) => [dirname(path), path]));
  for (const [folder, path] of folders) await guarded(path, () => syncFolder(folder));
}

async function writeOne({ path, content }: FileContent): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await writeNew(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function guarded(path: string, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArtifactError('FILE_UNWRITABLE', `could not write ${path}: ${reason}`);
  }
}

/** `FileHandle.writeFile` goes on after a short write, so a full disk is an error here and not a cut file. */
async function writeNew(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes what was created or renamed in a folder last. Windows opens no folders and needs none of it. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle: FileHandle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
