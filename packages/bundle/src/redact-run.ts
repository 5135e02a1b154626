import { randomBytes } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { type DisclosureFile, redactArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { Artifact } from '@tracecore/spec';
import { BundleError, reasonOf, systemCode } from './error.js';
import { type BundleFiles, nodeFiles, writeNewFile } from './files.js';

/** What to redact before a run is sealed. */
export interface Redaction {
  /** JSON pointers; `*` as a segment stands for every member. */
  pointers: readonly string[];
  /** Redacts every place where a redacted text still stands, in place of refusing. */
  everywhere?: boolean;
  /** Where what opens the commitments is written: a new file, open to its owner alone, outside of the bundles. */
  saltsFile: string;
  /** The machine's random bytes when absent. */
  random?: (length: number) => Uint8Array;
}

/** A run whose values are replaced; the text is what will be sealed. */
export interface RedactedRun {
  artifactText: string;
  /** How many values are redacted. */
  values: number;
  disclosure: DisclosureFile;
}

/**
 * Redacts a run that was checked.
 * @throws {ArtifactError} as `redactArtifact` does.
 */
export function redactRun(
  artifact: Artifact,
  { pointers, everywhere = false, random = randomBytes }: Redaction,
): RedactedRun {
  const redacted = redactArtifact(artifact, { pointers, everywhere, sha256, random });
  return {
    artifactText: `${JSON.stringify(redacted.artifact, null, 2)}\n`,
    values: redacted.disclosure.disclosures.length,
    disclosure: redacted.disclosure,
  };
}

/**
 * Writes the salts, whole and lasting, before the bundle is in place: a bundle without them could never be opened.
 * @param dir the folder of bundles, which may not be there yet.
 * @throws {BundleError} SALTS_MISPLACED when the file would lie among the bundles, and as `writeDisclosure` does.
 */
export async function writeSalts(
  file: string,
  disclosure: DisclosureFile,
  dir: string,
  files: BundleFiles,
): Promise<void> {
  await requireOutside(file, dir);
  await writeDisclosure(file, disclosure, files);
}

/**
 * Writes what opens commitments to a new file that its owner alone can open.
 * @throws {BundleError} DISCLOSURE_EXISTS when a file is there already, DISCLOSURE_UNWRITABLE with nothing left behind.
 */
export async function writeDisclosure(
  file: string,
  disclosure: DisclosureFile,
  files: BundleFiles = nodeFiles,
): Promise<void> {
  try {
    await writeNewFile(files, file, Buffer.from(`${JSON.stringify(disclosure, null, 2)}\n`, 'utf8'), 0o600);
    await files.syncFolder(dirname(file));
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      const message = `expected no file at ${file}, found one; it may open another bundle, so choose another name`;
      throw new BundleError('DISCLOSURE_EXISTS', message);
    }
    await files.remove(file).catch(() => undefined);
    throw new BundleError('DISCLOSURE_UNWRITABLE', `could not write ${file}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Whoever mails a bundle mails its folder, so no file that opens it may lie in there, not even through a link. */
async function requireOutside(file: string, dir: string): Promise<void> {
  const [folder, bundles] = await Promise.all([real(dirname(resolve(file))), real(resolve(dir))]);
  const way = relative(bundles, join(folder, basename(file)));
  if (way === '..' || way.startsWith(`..${sep}`) || way.startsWith(sep)) return;
  throw new BundleError('SALTS_MISPLACED', `expected the salts outside of ${dir}, where bundles lie, got ${file}`);
}

async function real(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
