import { randomUUID } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { BundleError, reasonOf, systemCode } from '../error.js';
import { type BundleFiles, writeNewFile } from '../files.js';
import { lockOf } from './layout.js';

/** The right to append, held until it is released or the process ends. */
export interface Lock {
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

/**
 * Takes the lock of a log: a folder that is made beside and renamed, which only one can do, so it never lies there half
 * written. The lock of a process that has ended is taken over.
 * @throws {BundleError} LEDGER_BUSY naming who holds it; LEDGER_UNWRITABLE.
 */
export async function takeLock(dir: string, files: BundleFiles): Promise<Lock> {
  const path = lockOf(dir);
  const owner: Owner = { pid: process.pid, host: hostname(), token: randomUUID() };
  const temporary = join(dirname(dir), `.${basename(dir)}.${owner.token}.tmp`);
  try {
    await files.ensureFolder(dirname(dir));
    await files.makeFolder(temporary);
    await writeNewFile(files, join(temporary, OWNER_FILE), Buffer.from(JSON.stringify(owner), 'utf8'));
    if (!(await moveInPlace(temporary, path, files))) {
      await requireEnded(path, files);
      if (!(await moveInPlace(temporary, path, files))) throw busy(path, await ownerOf(path));
    }
    await removeAbandoned(dir, path, files);
  } catch (error) {
    await files.remove(temporary).catch(() => undefined);
    if (error instanceof BundleError) throw error;
    throw new BundleError('LEDGER_UNWRITABLE', `could not lock the log: ${reasonOf(error)}`, { cause: error });
  }
  const isHeld = async () => (await ownerOf(path))?.token === owner.token;
  return {
    isHeld,
    async release() {
      if (await isHeld()) await removeAtOnce(path, files).catch(() => undefined);
    },
  };
}

async function moveInPlace(from: string, to: string, files: BundleFiles): Promise<boolean> {
  try {
    await files.rename(from, to);
    return true;
  } catch (error) {
    // Where a folder lies already: the first two on POSIX, the others on Windows.
    if (['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'].includes(systemCode(error) ?? '') && (await isThere(to)))
      return false;
    throw error;
  }
}

/** Renamed before it is emptied: onto an empty folder the next lock could move, and would go with it. */
async function removeAtOnce(path: string, files: BundleFiles): Promise<void> {
  const doomed = doomedName(path);
  await files.rename(path, doomed).catch(() => files.remove(path));
  await files.remove(doomed);
}

function doomedName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
}

/** Moves the lock of an ended process away. Of two that see it there, one moves it; the other finds a new one or none. */
async function requireEnded(path: string, files: BundleFiles): Promise<void> {
  const owner = await ownerOf(path);
  if (owner === null || owner.host !== hostname() || isAlive(owner.pid)) throw busy(path, owner);
  const doomed = doomedName(path);
  try {
    await files.rename(path, doomed);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await ownerOf(doomed);
  if (moved?.token === owner.token) return files.remove(doomed);
  // Another one was quicker and this is its lock: it gets it back, and looks for it before it publishes.
  await files.rename(doomed, path).catch(() => undefined);
  throw busy(path, moved);
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

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Folders of locks in the making whose process was killed. Ages are counted from `own`, by the clock of the disk. */
async function removeAbandoned(dir: string, own: string, files: BundleFiles): Promise<void> {
  try {
    const now = (await lstat(own)).mtimeMs;
    const prefix = `.${basename(dir)}.`;
    for (const name of await readdir(dirname(dir))) {
      const path = join(dirname(dir), name);
      if (!name.startsWith(prefix) || !name.endsWith('.tmp')) continue;
      if (now - (await lstat(path)).mtimeMs < ABANDONED_MS) continue;
      await files.remove(path);
    }
  } catch {
    // What cannot be removed stays for the next append.
  }
}

function busy(path: string, owner: Owner | null): BundleError {
  const who = owner === null ? 'somebody' : `process ${owner.pid} on ${owner.host}`;
  return new BundleError(
    'LEDGER_BUSY',
    `expected nobody else to be appending to the log, found the lock of ${who}; try again later, and if that process has ended, remove ${path}`,
  );
}
