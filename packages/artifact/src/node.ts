import { createHash, hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type Artifact, type Json, parseArtifact, SpecError } from '@tracecore/spec';
import { ArtifactError } from './error.js';
import { parseJson } from './json-text.js';
import { writeFilesAtomic } from './node/write-files.js';

export { type FolderLock, lockHolder, takeFolderLock } from './node/folder-lock.js';
export {
  type FileContent,
  isTemporaryName,
  syncFolder,
  writeFileAtomic,
  writeFilesAtomic,
} from './node/write-files.js';

/** What a file that ends so holds is compressed. */
const COMPRESSED = '.gz';
/** The most bytes that a compressed file may become, 128 MiB: a small file could stand for more than memory holds. */
export const MAX_INFLATED = 2 ** 27;

const deflated = promisify(gzip);
const inflated = promisify(gunzip);

/** SHA-256 as lowercase hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** SHA-256 as its 32 bytes. */
export function sha256Bytes(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}

/**
 * Reads a file of UTF-8 text as it stands, a byte order mark included; of a file named `.gz`, the text inside.
 * @throws {ArtifactError} FILE_NOT_FOUND; FILE_UNREADABLE, also for bytes that are not UTF-8, for what gzip did not write
 * and for more than 128 MiB inside. The message names the file.
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readBytes(path);
  return decode(path, path.endsWith(COMPRESSED) ? await inflate(path, bytes) : bytes);
}

/** Writes texts, each whole or not at all, compressed with gzip where a file is named `.gz`. Throws as `writeFilesAtomic`. */
export async function writeTextFiles(files: readonly { path: string; text: string }[]): Promise<void> {
  await writeFilesAtomic(
    await Promise.all(
      files.map(async ({ path, text }) => ({ path, content: path.endsWith(COMPRESSED) ? await deflated(text) : text })),
    ),
  );
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

/** An artifact as its file has it: JSON with two spaces and a final newline. */
export function artifactText(artifact: Artifact): string {
  return `${JSON.stringify(artifact, null, 2)}\n`;
}

/** Writes an artifact's file, compressed when it is named `.gz`. Throws as `writeFileAtomic`. */
export async function writeArtifactFile(path: string, artifact: Artifact): Promise<void> {
  await writeTextFiles([{ path, text: artifactText(artifact) }]);
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

async function inflate(path: string, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await inflated(bytes, { maxOutputLength: MAX_INFLATED });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const found = tooLarge ? `at most ${MAX_INFLATED} bytes inside, found more` : `gzip, found ${reason(error)}`;
    throw new ArtifactError('FILE_UNREADABLE', `${path}: expected ${found}`);
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
