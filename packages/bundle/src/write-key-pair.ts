import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { BundleError, reasonOf, systemCode } from './error.js';
import { nodeFiles, writeNewFile } from './files.js';
import { type SigningKey, showKey } from './keys.js';

/**
 * Writes the private key to `file`, open to its owner alone, and the public one to `file` + `.pub`.
 * @param options `replace` takes the place of files that are there, each whole or not at all; the key in them is lost.
 * @throws {BundleError} KEY_EXISTS when either file is there, without `replace`. KEY_UNWRITABLE.
 */
export async function writeKeyPair(
  file: string,
  key: SigningKey,
  { replace = false }: { replace?: boolean } = {},
): Promise<{ file: string; public_file: string }> {
  const publicFile = `${file}.pub`;
  const privatePem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const write = replace ? overwrite : writeNew;
  await write(publicFile, showKey(key).public_pem, 0o644);
  try {
    await write(file, privatePem, 0o600);
  } catch (error) {
    if (!replace) await nodeFiles.remove(publicFile);
    throw error;
  }
  await nodeFiles.syncFolder(dirname(file));
  return { file, public_file: publicFile };
}

async function writeNew(file: string, text: string, mode: number): Promise<void> {
  try {
    await writeNewFile(nodeFiles, file, Buffer.from(text, 'utf8'), mode);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      throw new BundleError('KEY_EXISTS', `expected no file at ${file}, found one; choose another name for the key`);
    }
    await nodeFiles.remove(file);
    throw unwritable(file, error);
  }
}

/** A file beside is renamed, so the mode is that of a new file and not what the old one had. */
async function overwrite(file: string, text: string, mode: number): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await writeNewFile(nodeFiles, temporary, Buffer.from(text, 'utf8'), mode);
    await nodeFiles.rename(temporary, file);
  } catch (error) {
    await nodeFiles.remove(temporary);
    throw unwritable(file, error);
  }
}

function unwritable(file: string, error: unknown): BundleError {
  return new BundleError('KEY_UNWRITABLE', `could not write the key ${file}: ${reasonOf(error)}`, { cause: error });
}
