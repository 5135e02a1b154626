import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Everything that locking does to the disk: a test can stop at any of it. */
export interface LockFiles {
  makeFolder(path: string): Promise<void>;
  /** Writes a file that must not exist, and makes it last. */
  writeNew(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a whole folder, if it is there. */
  remove(path: string): Promise<void>;
}

/** The right to something, held until it is released or the process ends. */
export interface FolderLock {
  /** Whether it is still this one that holds. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

interface Owner {
  pid: number;
  host: string;
  token: string;
}

const OWNER_FILE = 'owner.json';
const ABANDONED_MS = 15 * 60 * 1000;

const nodeFiles: LockFiles = {
  makeFolder: async (path) => void (await mkdir(path)),
  async writeNew(path, bytes) {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
};

/**
 * Takes the lock at `path`, whose parent is there: a folder that is made beside and renamed, which only one can do, so it
 * never lies there half written. The lock of a process of this machine that has ended is taken over.
 * @returns the lock, or who holds it, such as `process 12 on host`. Throws what the disk refuses.
 */
export async function takeFolderLock(
  path: string,
  files: LockFiles = nodeFiles,
): Promise<FolderLock | { holder: string }> {
  const owner: Owner = { pid: process.pid, host: hostname(), token: randomUUID() };
  const temporary = join(dirname(path), `.${basename(path)}.${owner.token}.tmp`);
  try {
    await files.makeFolder(temporary);
    await files.writeNew(join(temporary, OWNER_FILE), Buffer.from(JSON.stringify(owner), 'utf8'));
    if (!(await moveInPlace(temporary, path, files))) {
      const holder = await removeEnded(path, files);
      if (holder !== null || !(await moveInPlace(temporary, path, files))) {
        await files.remove(temporary);
        return { holder: holder ?? nameOf(await ownerOf(path)) };
      }
    }
  } catch (error) {
    await files.remove(temporary).catch(() => undefined);
    throw error;
  }
  await removeAbandoned(path, files);
  const isHeld = async () => (await ownerOf(path))?.token === owner.token;
  return {
    isHeld,
    async release() {
      if (await isHeld()) await removeAtOnce(path, files).catch(() => undefined);
    },
  };
}

/** Who holds the lock at `path`, without touching it; null when nobody does, or only a process that has ended. */
export async function lockHolder(path: string): Promise<string | null> {
  if (!(await isThere(path))) return null;
  const owner = await ownerOf(path);
  return hasEnded(owner) ? null : nameOf(owner);
}

async function moveInPlace(from: string, to: string, files: LockFiles): Promise<boolean> {
  try {
    await files.rename(from, to);
    return true;
  } catch (error) {
    // Where a folder lies already: the first two on POSIX, the others on Windows.
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(codeOf(error) ?? '') && (await isThere(to))) return false;
    throw error;
  }
}

/** Renamed before it is emptied: onto an empty folder the next lock could move, and would go with it. */
async function removeAtOnce(path: string, files: LockFiles): Promise<void> {
  const doomed = doomedName(path);
  await files.rename(path, doomed).catch(() => files.remove(path));
  await files.remove(doomed);
}

function doomedName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
}

/**
 * Moves the lock of an ended process away. Of two that see it there, one moves it; the other finds a new one or none.
 * @returns who holds it after all; null when the way is free.
 */
async function removeEnded(path: string, files: LockFiles): Promise<string | null> {
  const owner = await ownerOf(path);
  if (owner === null || !hasEnded(owner)) return nameOf(owner);
  const doomed = doomedName(path);
  try {
    await files.rename(path, doomed);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
  const moved = await ownerOf(doomed);
  if (moved?.token === owner.token) {
    await files.remove(doomed);
    return null;
  }
  // Another one was quicker and this is its lock: it gets it back, and looks for it before it relies on it.
  await files.rename(doomed, path).catch(() => undefined);
  return nameOf(moved);
}

async function ownerOf(path: string): Promise<Owner | null> {
  try {
    const { pid, host, token } = JSON.parse(await readFile(join(path, OWNER_FILE), 'utf8')) as Partial<Owner>;
    const whole = Number.isSafeInteger(pid) && typeof host === 'string' && typeof token === 'string';
    return whole ? { pid: pid as number, host, token } : null;
  } catch {
    return null;
  }
}

/** Whether the process is known to be gone; of another machine's nobody here knows. */
function hasEnded(owner: Owner | null): boolean {
  return owner !== null && owner.host === hostname() && !isAlive(owner.pid);
}

function nameOf(owner: Owner | null): string {
  return owner === null ? 'somebody' : `process ${owner.pid} on ${owner.host}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Folders of locks in the making whose process was killed. Ages are counted from the lock, by the clock of the disk. */
async function removeAbandoned(path: string, files: LockFiles): Promise<void> {
  try {
    const now = (await lstat(path)).mtimeMs;
    const prefix = `.${basename(path)}.`;
    for (const name of await readdir(dirname(path))) {
      const abandoned = join(dirname(path), name);
      if (!name.startsWith(prefix) || !name.endsWith('.tmp')) continue;
      if (now - (await lstat(abandoned)).mtimeMs < ABANDONED_MS) continue;
      await files.remove(abandoned);
    }
  } catch {
    // What cannot be removed stays for the next one.
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}
