import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { formatTaskRef, parseTaskRef } from '@tracecore/spec';
import { TasksError } from './error.js';
import { isListedPath } from './manifest-rules.js';
import { isTaskFolder, readManifest } from './read-task-folder.js';
import type { RegistryFault } from './types.js';

const REGISTRY_FILE = 'registry.json';

/** Where a task comes from: the runtime itself, a root of the workspace, or a package. */
export type TaskOrigin =
  | { kind: 'builtin' }
  | { kind: 'root'; dir: string }
  | { kind: 'package'; name: string; version: string | null };

/** A place that claims to hold a task, known by its reference; the folder itself may not have been read. */
export interface TaskPlace {
  ref: string;
  id: string;
  version: number;
  dir: string;
  origin: TaskOrigin;
  /** Absolute path of the agent that solves it, where its package names one. */
  solver: string | null;
}

/** What one root offers, and what in it could not be read. */
export interface ScannedRoot {
  places: TaskPlace[];
  faults: RegistryFault[];
}

/** Lists the tasks of one root without reading more than is needed to name them. Never throws for what it finds. */
export async function scanRoot(root: string, given?: TaskOrigin): Promise<ScannedRoot> {
  const dir = resolve(root);
  const origin = given ?? { kind: 'root', dir };
  try {
    const text = await readIfThere(join(dir, REGISTRY_FILE));
    if (text !== null) return { places: await readListed(dir, text, origin), faults: [] };
    return await readPlaces(await subFolders(dir), origin);
  } catch (error) {
    return { places: [], faults: [faultOf(dir, error)] };
  }
}

/** A place that could not be read, as a fault. */
export function faultOf(dir: string, error: unknown): RegistryFault {
  const cause = error as Error;
  return { dir, message: cause.message, cause };
}

/** Names the tasks in these folders by their manifests; each that cannot be read is a fault of its own. */
export async function readPlaces(folders: readonly string[], origin: TaskOrigin): Promise<ScannedRoot> {
  const scanned: ScannedRoot = { places: [], faults: [] };
  for (const folder of folders) {
    try {
      const { id, version } = await readManifest(folder);
      const dir = await canonicalDir(folder);
      scanned.places.push({ ref: formatTaskRef({ id, version }), id, version, dir, origin, solver: null });
    } catch (error) {
      scanned.faults.push(faultOf(folder, error));
    }
  }
  return scanned;
}

async function readListed(dir: string, text: string, origin: TaskOrigin): Promise<TaskPlace[]> {
  const file = join(dir, REGISTRY_FILE);
  const { tasks } = parseListing(text, file);
  const places: TaskPlace[] = [];
  for (const { ref, path } of tasks) {
    places.push({ ref, ...parseTaskRef(ref), dir: await canonicalDir(join(dir, path)), origin, solver: null });
  }
  return places;
}

async function subFolders(dir: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await listFolder(dir)) {
    if (!name.startsWith('.') && (await isTaskFolder(join(dir, name)))) found.push(join(dir, name));
  }
  return found;
}

async function listFolder(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    throw new TasksError('TASK_FOLDER_MISSING', `${dir} cannot be listed as a folder of tasks: ${error.code}`);
  });
  return names.sort();
}

function parseListing(text: string, file: string): { tasks: { ref: string; path: string }[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TasksError('REGISTRY_INVALID', `${file} is not JSON: ${(error as Error).message}`);
  }
  const { tasks } = (value ?? {}) as { tasks?: unknown };
  if (!Array.isArray(tasks)) throw new TasksError('REGISTRY_INVALID', `${file} must hold a list "tasks"`);
  for (const [index, item] of tasks.entries()) requireListing(item, `${file}: tasks[${index}]`);
  return { tasks };
}

function requireListing(item: unknown, where: string): void {
  const { ref, path } = (item ?? {}) as { ref?: unknown; path?: unknown };
  if (typeof ref !== 'string' || typeof path !== 'string' || path === '') {
    throw new TasksError('REGISTRY_INVALID', `${where} must have "ref" (id@version) and "path", both strings`);
  }
  if (!isListedPath(path)) {
    throw new TasksError(
      'REGISTRY_INVALID',
      `${where}: "path" must lead to a folder below that of ${REGISTRY_FILE}, written with "/", got ${JSON.stringify(path)}`,
    );
  }
  parseTaskRef(ref);
}

/** The folder's real path, so that one folder reached by two ways is one folder; the path itself when it is not there. */
async function canonicalDir(dir: string): Promise<string> {
  return realpath(dir).catch(() => dir);
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
