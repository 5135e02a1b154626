import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { reasonOf, systemCode } from './error.js';

/** Why the bytes of a file are not there, and the sentence for it. */
export interface Unread {
  why: 'missing' | 'not regular' | 'too large' | 'unreadable';
  message: string;
}

/**
 * Reads a whole file of at most `limit` bytes. A link is never followed and a pipe never waited for; `name` is what
 * messages call the file.
 */
export async function readRegular(path: string, name: string, limit: number): Promise<Uint8Array | Unread> {
  let file: FileHandle | null = null;
  try {
    const named = await lstat(path);
    if (!named.isFile()) return unread('not regular', `${name} should be a regular file and is ${kindOf(named)}`);
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const { size } = await file.stat();
    const bytes = size > limit ? null : await readAtMost(file, size, limit);
    return bytes ?? unread('too large', `${name} should have at most ${limit} bytes and has ${size} or more`);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return unread('missing', `${name} should be there and is not`);
    return unread('unreadable', `could not read ${name}: ${reasonOf(error)}`);
  } finally {
    await file?.close();
  }
}

/** The whole file, also when it grows while it is read; null past the limit. */
async function readAtMost(file: FileHandle, size: number, limit: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const buffer = Buffer.allocUnsafe(chunks.length === 0 ? size + 1 : 65_536);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
    chunks.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
    if (total > limit) return null;
  }
}

function unread(why: Unread['why'], message: string): Unread {
  return { why, message };
}

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a link';
  if (stats.isDirectory()) return 'a folder';
  return 'a device, a pipe or a socket';
}
