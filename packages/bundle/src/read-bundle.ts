import { lstat, readdir } from 'node:fs/promises';
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
import { readRegular } from './read-regular.js';
import type { BundleFinding, BundleReport } from './report.js';

const CODES = {
  missing: 'FILE_MISSING',
  'not regular': 'FILE_NOT_REGULAR',
  'too large': 'FILE_TOO_LARGE',
  unreadable: 'FILE_UNREADABLE',
} as const;

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
    const read = await readFile(join(dir, name), name);
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

/** What is no plain file of a sane size is a finding. */
async function readFile(path: string, name: string): Promise<Uint8Array | BundleFinding> {
  const read = await readRegular(path, name, MAX_BYTES[name] as number);
  if (read instanceof Uint8Array) return read;
  const message = read.why === 'missing' ? `${name} should be in the bundle and is not` : read.message;
  return { code: CODES[read.why], file: name, message };
}
