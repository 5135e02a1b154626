import { dirname } from 'node:path';
import { type FolderLock, takeFolderLock } from '@tracecore/artifact/node';
import { BundleError, reasonOf } from '../error.js';
import { type BundleFiles, writeNewFile } from '../files.js';
import { lockOf } from './layout.js';

/** The right to append, held until it is released or the process ends. */
export type Lock = FolderLock;

/**
 * Takes the lock of a log, which lies beside its folder. The lock of a process that has ended is taken over.
 * @throws {BundleError} LEDGER_BUSY naming who holds it; LEDGER_UNWRITABLE.
 */
export async function takeLock(dir: string, files: BundleFiles): Promise<Lock> {
  const path = lockOf(dir);
  const taken = await take(path, files);
  if (!('holder' in taken)) return taken;
  throw new BundleError(
    'LEDGER_BUSY',
    `expected nobody else to be appending to the log, found the lock of ${taken.holder}; try again later, and if that process has ended, remove ${path}`,
  );
}

async function take(path: string, files: BundleFiles) {
  try {
    await files.ensureFolder(dirname(path));
    return await takeFolderLock(path, {
      makeFolder: files.makeFolder,
      writeNew: (file, bytes) => writeNewFile(files, file, bytes),
      rename: files.rename,
      remove: files.remove,
    });
  } catch (error) {
    throw new BundleError('LEDGER_UNWRITABLE', `could not lock the log: ${reasonOf(error)}`, { cause: error });
  }
}
