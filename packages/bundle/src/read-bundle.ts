import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BundleError, reasonOf, systemCode } from './error.js';
import {
  ARTIFACT_FILE,
  ATTESTATION_FILE,
  COVERED_FILES,
  COVERED_FILES_OF_PYTHON,
  INTEGRITY_FILE,
  LEGACY_SIGNATURE_FILE,
  MAX_BYTES,
} from './layout.js';
import type { BundleFinding, BundleReport } from './report.js';

/** The bytes of a bundle, each read once; every check is about these and never about the disk. */
export interface BundleBytes {
  form: BundleReport['form'];
  /** The files that `integrity.sha256` has to list. */
  covered: readonly string[];
  files: ReadonlyMap<string, Uint8Array>;
  /** Why a file that is needed, or a signature that is there, could not be read. */
  findings: BundleFinding[];
  /** Other names in the folder; they were not opened. */
  extra: string[];
}

/**
 * Reads the files of a bundle that a check is about.
 * @throws {BundleError} BUNDLE_NOT_FOUND when there is no folder at `dir`, BUNDLE_UNREADABLE when it cannot be listed or
 * is a link: what a link leads to can change between two looks.
 */
export async function readBundle(dir: string): Promise<BundleBytes> {
  const names = await listFolder(dir);
  const files = new Map<string, Uint8Array>();
  const findings: BundleFinding[] = [];
  async function take(name: string): Promise<void> {
    const read = await readRegularFile(join(dir, name), name);
    if (read instanceof Uint8Array) files.set(name, read);
    else findings.push(read);
  }

  await take(INTEGRITY_FILE);
  const form = formOf(names, files.get(INTEGRITY_FILE));
  const covered = form === 'python' ? COVERED_FILES_OF_PYTHON : COVERED_FILES;
  for (const name of covered) await take(name);
  const signature = form === 'python' ? LEGACY_SIGNATURE_FILE : ATTESTATION_FILE;
  if (names.includes(signature)) await take(signature);
  const known: readonly string[] = [INTEGRITY_FILE, signature, ...covered];
  return { form, covered, files, findings, extra: names.filter((name) => !known.includes(name)) };
}

/** A bundle lacks an artifact by right only when nothing in it speaks of one; else the artifact was taken away. */
function formOf(names: readonly string[], integrity: Uint8Array | undefined): BundleReport['form'] {
  const speaks =
    names.includes(ARTIFACT_FILE) ||
    names.includes(ATTESTATION_FILE) ||
    (integrity !== undefined && Buffer.from(integrity).includes(ARTIFACT_FILE));
  return speaks ? 'tracecore' : 'python';
}

async function listFolder(dir: string): Promise<string[]> {
  try {
    // Without a final separator: with one, a link would be followed.
    if (!(await lstat(resolve(dir))).isDirectory()) {
      throw new BundleError('BUNDLE_UNREADABLE', `expected a bundle's folder at ${dir}, found a file or a link`);
    }
    return (await readdir(dir)).sort();
  } catch (error) {
    if (error instanceof BundleError) throw error;
    if (systemCode(error) === 'ENOENT') {
      throw new BundleError('BUNDLE_NOT_FOUND', `expected a bundle's folder at ${dir}, found nothing`);
    }
    throw new BundleError('BUNDLE_UNREADABLE', `could not list ${dir}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Never follows a link and never waits for a pipe; what is no plain file of a sane size is a finding. */
async function readRegularFile(path: string, name: string): Promise<Uint8Array | BundleFinding> {
  const limit = MAX_BYTES[name] as number;
  const finding = (code: BundleFinding['code'], message: string): BundleFinding => ({ code, file: name, message });
  let file: FileHandle | null = null;
  try {
    const named = await lstat(path);
    if (!named.isFile()) return finding('FILE_NOT_REGULAR', `${name} should be a regular file and is ${kindOf(named)}`);
    file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const { size } = await file.stat();
    const bytes = size > limit ? null : await readAtMost(file, size, limit);
    if (bytes) return bytes;
    return finding('FILE_TOO_LARGE', `${name} should have at most ${limit} bytes and has ${size} or more`);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return finding('FILE_MISSING', `${name} should be in the bundle and is not`);
    return finding('FILE_UNREADABLE', `could not read ${name}: ${reasonOf(error)}`);
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

function kindOf(stats: Stats): string {
  if (stats.isSymbolicLink()) return 'a link';
  if (stats.isDirectory()) return 'a folder';
  return 'a device, a pipe or a socket';
}
