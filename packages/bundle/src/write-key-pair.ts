import { dirname } from 'node:path';
import { BundleError, reasonOf, systemCode } from './error.js';
import { nodeFiles, writeNewFile } from './files.js';
import { type SigningKey, showKey } from './keys.js';

/**
 * Writes the private key to `file`, open to its owner alone, and the public one to `file` + `.pub`.
 * @throws {BundleError} KEY_EXISTS when either file is there: a key that was replaced is lost. KEY_UNWRITABLE.
 */
export async function writeKeyPair(file: string, key: SigningKey): Promise<{ file: string; public_file: string }> {
  const publicFile = `${file}.pub`;
  const privatePem = key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  await write(publicFile, showKey(key).public_pem, 0o644);
  try {
    await write(file, privatePem, 0o600);
  } catch (error) {
    await nodeFiles.remove(publicFile);
    throw error;
  }
  await nodeFiles.syncFolder(dirname(file));
  return { file, public_file: publicFile };
}

async function write(file: string, text: string, mode: number): Promise<void> {
  try {
    await writeNewFile(nodeFiles, file, Buffer.from(text, 'utf8'), mode);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      throw new BundleError('KEY_EXISTS', `expected no file at ${file}, found one; choose another name for the key`);
    }
    await nodeFiles.remove(file);
    throw new BundleError('KEY_UNWRITABLE', `could not write the key ${file}: ${reasonOf(error)}`, { cause: error });
  }
}
