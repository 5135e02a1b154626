import { lstat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { sha256 } from '@tracecore/artifact/node';
import { BundleError, reasonOf, systemCode } from './error.js';
import { type BundleFiles, nodeFiles, writeNewFile } from './files.js';
import { INTEGRITY_FILE, unfinishedOutput } from './layout.js';

/**
 * Writes a folder of files that prove themselves, all of it or nothing: what is given, and `integrity.sha256`, which
 * `sha256sum -c` reads. It is written beside, synced and renamed.
 * @param texts by file name, names without separators.
 * @returns the folder's digest: `sha256:` and the hex over `integrity.sha256`, which has the digest of every other file.
 * @throws {BundleError} OUTPUT_EXISTS when anything is at `dir` already, OUTPUT_UNWRITABLE with nothing left behind.
 */
export async function writeOutput(
  dir: string,
  texts: ReadonlyMap<string, string>,
  files: BundleFiles = nodeFiles,
): Promise<{ digest: string }> {
  const target = resolve(dir);
  const parent = dirname(target);
  const temporary = join(parent, unfinishedOutput(basename(target)));
  const contents = new Map([...texts].map(([name, text]) => [name, Buffer.from(text, 'utf8')]));
  const lines = [...contents].map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`);
  const integrity = Buffer.from(lines.join(''), 'utf8');
  await requireFree(target, dir);
  try {
    await files.ensureFolder(parent);
    await files.makeFolder(temporary);
    for (const [name, bytes] of contents.set(INTEGRITY_FILE, integrity)) {
      await writeNewFile(files, join(temporary, name), bytes);
    }
    await files.syncFolder(temporary);
    await files.rename(temporary, target);
    await files.syncFolder(parent);
  } catch (error) {
    await files.remove(temporary).catch(() => undefined);
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(systemCode(error) ?? '')) await requireFree(target, dir);
    throw new BundleError('OUTPUT_UNWRITABLE', `could not write ${dir}: ${reasonOf(error)}`, { cause: error });
  }
  return { digest: `sha256:${sha256(integrity)}` };
}

async function requireFree(target: string, shown: string): Promise<void> {
  try {
    await lstat(target);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw new BundleError('OUTPUT_UNWRITABLE', `could not write ${shown}: ${reasonOf(error)}`, { cause: error });
  }
  throw new BundleError('OUTPUT_EXISTS', `expected nothing at ${shown}, found something; choose another name`);
}
