import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { formatTaskRef } from '@tracecore/spec';
import { TasksError } from './error.js';
import { digestTaskFolder } from './hash-task-folder.js';
import { parseManifest } from './manifest.js';
import type { TaskFolder, TaskManifest } from './types.js';

/** The file that makes a folder a task. */
export const MANIFEST_FILE = 'task.toml';
/** The manifest's older form, which the Python runtime still reads. */
const OLD_MANIFEST_FILE = 'task.yaml';

/** What only a Python task has; what reads those is loaded when one is met, since it brings a YAML parser. */
const PYTHON_FILES = ['setup.py', 'actions.py', 'validate.py'];

/** Whether a folder claims to be a task; nothing in it is read. */
export async function isTaskFolder(dir: string): Promise<boolean> {
  return hasAny(dir, [MANIFEST_FILE, OLD_MANIFEST_FILE]);
}

/**
 * Reads a folder as a task: its manifest, its hash and its place. The code in it is not loaded.
 * @throws {TasksError} TASK_FOLDER_MISSING, MANIFEST_INVALID (also for an entrypoint that is not there), TASK_FOLDER_UNSAFE.
 */
export async function readTaskFolder(dir: string): Promise<TaskFolder> {
  const folder = resolve(dir);
  if (await hasAny(folder, PYTHON_FILES)) {
    const { isPythonTaskFolder, readPythonTaskFolder } = await import('./python/read-python-task-folder.js');
    if (await isPythonTaskFolder(folder)) return readPythonTaskFolder(folder);
  }
  const manifest = await readManifest(folder);
  await requireEntrypoints(folder, manifest);
  return { ref: formatTaskRef(manifest), dir: folder, manifest, ...(await digestTaskFolder(folder)) };
}

/** Reads and checks the manifest of a task folder, and nothing else of it. */
export async function readManifest(dir: string): Promise<TaskManifest> {
  if ((await isTaskFolder(dir)) && (await hasAny(dir, PYTHON_FILES))) {
    const { parsePythonManifest } = await import('./python/manifest.js');
    const name = (await hasAny(dir, [MANIFEST_FILE])) ? MANIFEST_FILE : OLD_MANIFEST_FILE;
    const file = join(dir, name);
    return parsePythonManifest(await readFile(file, 'utf8'), file);
  }
  const file = join(dir, MANIFEST_FILE);
  return parseManifest(await readManifestText(dir, file), file);
}

async function readManifestText(dir: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' || code === 'ENOTDIR'
        ? `it has no ${MANIFEST_FILE}`
        : `${MANIFEST_FILE} cannot be read: ${code}`;
    throw new TasksError('TASK_FOLDER_MISSING', `${dir} is not a task folder: ${why}`);
  }
}

async function requireEntrypoints(dir: string, manifest: TaskManifest): Promise<void> {
  for (const section of ['setup', 'actions', 'validator'] as const) {
    const { entrypoint } = manifest[section];
    if (await isFile(join(dir, entrypoint))) continue;
    const fault = `${section}.entrypoint names ${entrypoint}, which is not a file there`;
    throw new TasksError('MANIFEST_INVALID', `${join(dir, MANIFEST_FILE)}: ${fault}`, [fault]);
  }
}

async function hasAny(dir: string, names: readonly string[]): Promise<boolean> {
  return (await Promise.all(names.map((name) => isFile(join(dir, name))))).includes(true);
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false;
}
