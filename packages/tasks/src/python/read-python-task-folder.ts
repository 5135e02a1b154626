import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { formatTaskRef } from '@tracecore/spec';
import { TasksError } from '../error.js';
import { digestTaskFolder } from '../hash-task-folder.js';
import type { TaskFolder } from '../types.js';
import { hashReferenceTask } from './hash-reference.js';
import { PYTHON_PARTS, parsePythonManifest } from './manifest.js';

/** The manifests a Python task may have; the first that is there counts. */
const MANIFESTS = ['task.toml', 'task.yaml'] as const;

/** Whether a folder is meant as a Python task: a manifest beside at least one of its three Python files. */
export async function isPythonTaskFolder(dir: string): Promise<boolean> {
  const hasAny = async (names: readonly string[]) =>
    (await Promise.all(names.map((name) => isFile(join(dir, name))))).includes(true);
  return (await hasAny(MANIFESTS)) && (await hasAny(Object.values(PYTHON_PARTS)));
}

/**
 * Reads a folder as a Python task: its manifest, both hashes and its place. The code in it is not loaded.
 * @throws {TasksError} TASK_FOLDER_MISSING, MANIFEST_INVALID (also for one of the three files that is not there),
 * TASK_FOLDER_UNSAFE.
 */
export async function readPythonTaskFolder(dir: string): Promise<TaskFolder> {
  const folder = resolve(dir);
  const file = await findManifest(folder);
  const manifest = parsePythonManifest(await readFile(file, 'utf8'), file);
  for (const name of Object.values(PYTHON_PARTS)) {
    if (await isFile(join(folder, name))) continue;
    throw new TasksError(
      'MANIFEST_INVALID',
      `${file}: a Python task needs ${name} beside it, which is not a file there`,
    );
  }
  return {
    ref: formatTaskRef(manifest),
    dir: folder,
    manifest,
    ...(await digestTaskFolder(folder)),
    language: 'python',
    reference_task_hash: await hashReferenceTask(folder),
  };
}

async function findManifest(folder: string): Promise<string> {
  for (const name of MANIFESTS) if (await isFile(join(folder, name))) return join(folder, name);
  throw new TasksError('TASK_FOLDER_MISSING', `${folder} is not a task folder: it has no ${MANIFESTS.join(' or ')}`);
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ?? false;
}
