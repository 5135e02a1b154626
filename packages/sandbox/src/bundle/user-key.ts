import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

const KEY_BYTES = 32;
/** Nobody but the owner may read or write it. */
const OWNERS_ALONE = 0o600;

/** Where the user's key lies: outside of every project, so that none can bring it along. Null without a home. */
export function userKeyFile(env: NodeJS.ProcessEnv = process.env): string | null {
  const state = stateFolder(env);
  return state === null ? null : join(state, 'tracecore', 'bundle-cache.key');
}

/**
 * The key in `file`, made when there is none that is the user's alone. Without a file, or where none can be kept, a key
 * that ends with the process: what was sealed with it is then unknown to the next one.
 */
export async function readUserKey(file: string | null): Promise<Buffer> {
  const made = randomBytes(KEY_BYTES);
  if (file === null) return made;
  const kept = await readKey(file);
  if (kept) return kept;
  await writeKey(file, made).catch(() => undefined);
  // Of two processes that make one at the same time, both take the one that stayed.
  return (await readKey(file)) ?? made;
}

function stateFolder(env: NodeJS.ProcessEnv): string | null {
  if (process.platform === 'win32') return absolute(env.LOCALAPPDATA);
  const home = absolute(env.HOME) ?? homeOfUser();
  return absolute(env.XDG_STATE_HOME) ?? (home && join(home, '.local', 'state'));
}

const absolute = (path: string | undefined) => (path !== undefined && isAbsolute(path) ? path : null);

function homeOfUser(): string | null {
  try {
    return absolute(homedir());
  } catch {
    return null;
  }
}

async function readKey(file: string): Promise<Buffer | null> {
  try {
    // A link could lead to a file that somebody else knows.
    const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await handle.stat();
      if (!found.isFile() || found.size !== KEY_BYTES || !isOwnersAlone(found)) return null;
      const key = await handle.readFile();
      return key.length === KEY_BYTES ? key : null;
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}

function isOwnersAlone({ uid, mode }: { uid: number; mode: number }): boolean {
  if (process.platform === 'win32') return true;
  return uid === process.geteuid?.() && (mode & 0o077) === 0;
}

async function writeKey(file: string, key: Buffer): Promise<void> {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  try {
    await writeFile(temporary, key, { mode: OWNERS_ALONE, flag: 'wx' });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
