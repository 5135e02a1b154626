import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileDigest, hashFiles } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import { listTaskFiles } from './list-task-files.js';

/**
 * The `task_hash` of a folder: `sha256:` + hex over the paths and bytes of every file but its README, tests and
 * dot-files. Bytes count as they are, so a changed line end is a change.
 * @throws {TasksError} TASK_FOLDER_MISSING, TASK_FOLDER_UNSAFE.
 * @see spec/extensions/canonical-hash.md
 */
export async function hashTaskFolder(dir: string): Promise<string> {
  return (await digestTaskFolder(dir)).hash;
}

/** The hash of a task folder, and the digest of each file that it covers. */
export async function digestTaskFolder(dir: string): Promise<{ hash: string; files: FileDigest[] }> {
  const paths = await listTaskFiles(dir);
  const digest = async (path: string): Promise<FileDigest> => ({
    path,
    sha256: sha256(await readFile(join(dir, path))),
  });
  const files = await Promise.all(paths.map(digest));
  return { hash: hashFiles(files, sha256), files };
}
