import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BundleError, type BundleErrorCode, reasonOf, systemCode } from './error.js';
import type { TrustedKey } from './keys.js';
import { readPublicKey } from './read-key.js';

/** The keys whose signatures count, and each file that should have been one and is not. */
export interface Trust {
  keys: TrustedKey[];
  faults: { file: string; code: BundleErrorCode; message: string }[];
}

/**
 * Reads public keys from folders, every file in them, and from files. A fault in one keeps no other from being read;
 * names that start with a dot and README files are passed over. Of a key that lies there twice the first counts.
 * @throws {BundleError} KEY_UNREADABLE when a folder cannot be listed.
 */
export async function readTrust(paths: readonly string[]): Promise<Trust> {
  const trust: Trust = { keys: [], faults: [] };
  for (const path of paths) {
    for (const file of await filesAt(path)) {
      try {
        const key = await readPublicKey(file);
        if (!trust.keys.some(({ id }) => id === key.id)) trust.keys.push(key);
      } catch (error) {
        if (!(error instanceof BundleError)) throw error;
        trust.faults.push({ file, code: error.code, message: error.message });
      }
    }
  }
  return trust;
}

async function filesAt(path: string): Promise<string[]> {
  try {
    const names = (await readdir(path)).filter((name) => !name.startsWith('.') && !name.startsWith('README'));
    return names.sort().map((name) => join(path, name));
  } catch (error) {
    // Whatever is wrong with a file, or that nothing is there, the reading of it says.
    if (systemCode(error) === 'ENOTDIR' || systemCode(error) === 'ENOENT') return [path];
    throw new BundleError('KEY_UNREADABLE', `could not list the keys in ${path}: ${reasonOf(error)}`, { cause: error });
  }
}
