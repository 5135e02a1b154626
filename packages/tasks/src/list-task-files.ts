import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { TasksError } from './error.js';

/** Tests are no part of a task, and Python writes its caches wherever it runs. */
const LEFT_OUT_FOLDERS = new Set(['tests', '__tests__', '__pycache__']);

/**
 * The files of a task folder that its hash covers, as POSIX paths relative to it, sorted by code unit.
 * Left out: names that start with a dot or with README, `*.test.*`, `*.pyc`, and the folders `tests`, `__tests__` and
 * `__pycache__`.
 * @throws {TasksError} TASK_FOLDER_UNSAFE for a symbolic link that leaves the folder or leads to a folder, and for
 * anything that is neither file nor folder; TASK_FOLDER_MISSING when the folder is not there.
 * @see spec/extensions/canonical-hash.md
 */
export async function listTaskFiles(dir: string): Promise<string[]> {
  const root = await realpath(dir).catch(() => {
    throw new TasksError('TASK_FOLDER_MISSING', `${dir} is not there`);
  });
  const files: string[] = [];
  await walk(root, '', files);
  return files.sort((a, b) => (a < b ? -1 : 1));
}

/** Whether the hash of a task covers a file of its folder; `path` is relative to the folder, with `/`. */
export function isHashedPath(path: string): boolean {
  const names = path.split('/');
  return names.every((name, index) => name !== '..' && !isLeftOut(name, index < names.length - 1));
}

async function walk(root: string, folder: string, files: string[]): Promise<void> {
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    requireReadable(root, path);
    if (isLeftOut(entry.name, entry.isDirectory())) continue;
    if (entry.isDirectory()) await walk(root, path, files);
    else if (entry.isFile()) files.push(path);
    else if (entry.isSymbolicLink()) files.push(await requireInside(root, path));
    else throw new TasksError('TASK_FOLDER_UNSAFE', `${join(root, path)} is neither a file nor a folder; remove it`);
  }
}

function isLeftOut(name: string, isFolder: boolean): boolean {
  if (name.startsWith('.')) return true;
  if (isFolder) return LEFT_OUT_FOLDERS.has(name);
  return name.startsWith('README') || name.includes('.test.') || name.endsWith('.pyc');
}

/** A name that is no text could not be told from another in the hash, nor found again by it. */
function requireReadable(root: string, path: string): void {
  if (!/[\p{Control}\p{Surrogate}\ufffd]/u.test(path)) return;
  const shown = JSON.stringify(path);
  throw new TasksError('TASK_FOLDER_UNSAFE', `${root} holds ${shown}, whose name is not plain Unicode text; rename it`);
}

/** A link is read as the file it leads to, so that file must be part of the same folder. */
async function requireInside(root: string, path: string): Promise<string> {
  const link = join(root, path);
  const target = await realpath(link).catch(() => null);
  if (target === null || !target.startsWith(root + sep)) {
    const where = target === null ? 'leads nowhere' : `leads out of the task folder, to ${target}`;
    throw new TasksError('TASK_FOLDER_UNSAFE', `the symbolic link ${link} ${where}; put the file itself there`);
  }
  if (!(await stat(target)).isFile()) {
    throw new TasksError(
      'TASK_FOLDER_UNSAFE',
      `the symbolic link ${link} leads to a folder; put the folder itself there`,
    );
  }
  return path;
}
