import { createHash, hash, randomUUID } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Artifact, type Json, parseArtifact, SpecError } from '@tracecore/spec';
import { ArtifactError } from './error.js';
import { parseJson } from './json-text.js';

export { type FolderLock, takeFolderLock } from './node/folder-lock.js';

/** SHA-256 as lowercase hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 as its 32 bytes. */
export function sha256Bytes(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}

/**
 * Reads a file of UTF-8 text as it stands, a byte order mark included.
 * @throws {ArtifactError} FILE_NOT_FOUND; FILE_UNREADABLE, also for bytes that are not UTF-8. The message names the file.
 */
export async function readTextFile(path: string): Promise<string> {
  return decode(path, await readBytes(path));
}

/**
 * Reads a JSON file strictly, as `parseJson` does; `text` is the file as it stands.
 * @throws {ArtifactError} FILE_NOT_FOUND; FILE_UNREADABLE, also for bytes that are not UTF-8; and the codes of `parseJson`.
 * Every message names the file.
 */
export async function readJsonFile(path: string): Promise<{ value: Json; text: string }> {
  const text = await readTextFile(path);
  try {
    return { value: parseJson(text), text };
  } catch (error) {
    if (error instanceof ArtifactError) throw new ArtifactError(error.code, `${path}: ${error.message}`, error.at);
    throw error;
  }
}

/**
 * Reads one artifact file strictly and checks it against the schema.
 * @throws {ArtifactError} as `readJsonFile` does.
 * @throws {SpecError} ARTIFACT_INVALID or SPEC_VERSION_UNSUPPORTED, with its issues; the message names the file.
 */
export async function readArtifactFile(path: string): Promise<{ artifact: Artifact; text: string }> {
  const { value, text } = await readJsonFile(path);
  try {
    return { artifact: parseArtifact(value), text };
  } catch (error) {
    if (error instanceof SpecError) throw new SpecError(error.code, `${path}: ${error.message}`, error.issues);
    throw error;
  }
}

/** Writes an artifact as JSON with two spaces and a final newline, whole or not at all. Throws as `writeFileAtomic`. */
export async function writeArtifactFile(path: string, artifact: Artifact): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(artifact, null, 2)}\n`);
}

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
export async function writeFileAtomic(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await writeNew(temporary, text);
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new ArtifactError('FILE_UNWRITABLE', `could not write ${path}: ${reason(error)}`);
  }
}

/** `FileHandle.writeFile` goes on after a short write, so a full disk is an error here and not a cut file. */
async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes the rename last. Windows opens no folders and needs none of it. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle: FileHandle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing) throw new ArtifactError('FILE_NOT_FOUND', `no file at ${path}`);
    throw new ArtifactError('FILE_UNREADABLE', `could not read ${path}: ${reason(error)}`);
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ArtifactError('FILE_UNREADABLE', `${path}: expected UTF-8 text, found other bytes`);
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
