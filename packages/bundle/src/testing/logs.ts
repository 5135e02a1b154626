import { readFileSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '@tracecore/artifact/node';
import type { JsonObject } from '@tracecore/spec';
import type { SigningKey } from '../keys.js';
import { appendEntries } from '../ledger/append-entries.js';
import { type CertifiedBundle, readCertified } from '../ledger/certified-bundle.js';
import { openLedger } from '../ledger/read-log.js';
import { sealBundle } from '../seal-bundle.js';
import { artifactWith, type KeyRing } from './samples.js';

export const ORIGIN = 'example.org/log';

/** Entries that differ from each other, from `first` on. */
export function someEntries(count: number, first = 0): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => Buffer.from(`{"entry":${first + index}}`));
}

/** Appends batches of such entries, each under a checkpoint of its own. */
export async function grow(dir: string, signingKey: SigningKey, ...batches: number[]): Promise<void> {
  let first = 0;
  for (const count of batches) {
    await appendEntries({ dir, entries: someEntries(count, first), signingKey, origin: ORIGIN });
    first += count;
  }
}

/** The size of a log that holds, every entry of it read. */
export async function sizeOf(dir: string, key: SigningKey): Promise<number> {
  const log = await openLedger(dir, { trust: [key] });
  let count = 0;
  for await (const { index } of log.entries()) if (index === count) count += 1;
  if (count === log.checkpoint.size) return count;
  throw new Error(`expected ${log.checkpoint.size} entries, read ${count}`);
}

/** The digest of every file below a folder, by relative path. */
export async function filesBelow(dir: string): Promise<Record<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = await Promise.all(paths.sort().map(async (path) => [path, await readFile(path)] as const));
  return Object.fromEntries(read.map(([path, bytes]) => [path.slice(dir.length + 1), sha256(bytes)]));
}

/** Changes the bytes of one file. */
export function edit(file: string, change: (bytes: Buffer) => Uint8Array): void {
  writeFileSync(file, change(readFileSync(file)));
}

/** The same bytes with one bit of the last byte but `fromEnd` turned. */
export function flipped(bytes: Buffer, fromEnd = 1): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - fromEnd] = (copy[copy.length - fromEnd] as number) ^ 1;
  return copy;
}

/** A bundle of the sample run under another id, signed, as `readCertified` gives it. */
export async function certified(
  dir: string,
  { key, trust }: KeyRing,
  number: number,
  fields: JsonObject = {},
): Promise<CertifiedBundle> {
  const run_id = number.toString(16).padStart(32, '0');
  const artifact = artifactWith({ run_id, ...fields });
  const sealed = await sealBundle({ artifactText: artifact, dir, signingKey: key });
  return readCertified(sealed.dir, trust);
}
