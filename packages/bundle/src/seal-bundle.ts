import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleContents } from './bundle-contents.js';
import { BundleError, reasonOf, systemCode } from './error.js';
import { type BundleFiles, nodeFiles, writeNewFile } from './files.js';
import type { SigningKey } from './keys.js';
import { ATTESTATION_FILE, unfinishedName } from './layout.js';
import { removeLeftovers } from './leftovers.js';
import { readBundle } from './read-bundle.js';
import { type Redaction, redactRun, writeSalts } from './redact-run.js';

export interface SealOptions {
  /** The file of the run, whole; its bytes become `artifact.json`. */
  artifactText: string;
  /** The folder that bundles lie in; the new one is `<dir>/<run_id>`. */
  dir: string;
  signingKey?: SigningKey;
  /** Values to replace by commitments. The file of the run must hold as it is, and stays as it is. */
  redaction?: Redaction;
  /** The disk when absent. */
  files?: BundleFiles;
}

export interface SealedBundle {
  dir: string;
  run_id: string;
  /** `identical` when the same bundle lay there already. */
  state: 'sealed' | 'identical';
  /** A bundle may hold a failure; this says so to whoever meant to keep a success. */
  success: boolean;
  termination_reason: string;
  /** The id of the key that signed, or null. */
  signed_by: string | null;
  /** How many values are redacted; absent when none was to be. */
  redacted?: number;
  /** Folders that killed seals had left behind and that this one removed. */
  removed: string[];
}

/**
 * Seals the bundle of a run: all of it or nothing, also when the process is killed or the disk fills. The files are
 * written and synced in a folder beside, which is then renamed.
 * @throws {BundleError} ARTIFACT_INVALID, SPEC_VERSION_UNSUPPORTED, ARTIFACT_HASH_MISMATCH, ARTIFACT_INCONSISTENT,
 * ARTIFACT_TOO_LARGE for an artifact whose bundle would not verify; BUNDLE_EXISTS when another bundle of this run lies
 * there, BUNDLE_UNREADABLE when a file or a link does; BUNDLE_UNWRITABLE, with nothing left behind unless the last sync
 * was all that failed; with a redaction as `writeSalts` does.
 * @throws {ArtifactError} as `redactArtifact` does.
 */
export async function sealBundle(options: SealOptions): Promise<SealedBundle> {
  const { dir, redaction, files = nodeFiles } = options;
  if (redaction === undefined) return sealText(options.artifactText, options);
  const { artifact } = bundleContents(options.artifactText, undefined);
  const { artifactText, values, disclosure } = redactRun(artifact, redaction);
  // Salts are drawn anew for every seal, so no bundle that lies there already can be the same.
  const target = join(dir, artifact.run_id);
  await requireFree(target);
  await writeSalts(redaction.saltsFile, disclosure, dir, files);
  try {
    return { ...(await sealText(artifactText, options)), redacted: values };
  } catch (error) {
    const another = error instanceof BundleError && error.code === 'BUNDLE_EXISTS';
    // A bundle that is in place, though its last sync failed, still needs its salts.
    if (another || !(await exists(target))) await files.remove(redaction.saltsFile).catch(() => undefined);
    throw error;
  }
}

async function sealText(artifactText: string, options: SealOptions): Promise<SealedBundle> {
  const { dir, signingKey, files = nodeFiles } = options;
  const { artifact, files: contents } = bundleContents(artifactText, signingKey);
  const target = join(dir, artifact.run_id);
  const sealed = {
    dir: target,
    run_id: artifact.run_id,
    success: artifact.success,
    termination_reason: artifact.termination_reason,
    signed_by: signingKey?.id ?? null,
  };
  if (await exists(target)) {
    await requireIdentical(target, contents);
    return { ...sealed, state: 'identical', removed: [] };
  }
  const temporary = join(dir, unfinishedName(artifact.run_id));
  await guarded(temporary, files, async () => {
    await files.ensureFolder(dir);
    await files.makeFolder(temporary);
    for (const [name, bytes] of contents) await writeNewFile(files, join(temporary, name), bytes);
    await files.syncFolder(temporary);
  });
  const removed = await removeLeftovers(dir, temporary, files);
  const state = await moveInPlace(temporary, target, contents, files);
  if (state === 'sealed') await guarded(null, files, () => files.syncFolder(dir));
  return { ...sealed, state, removed };
}

/** Only one of two seals gets its folder in place; the other finds it there, and the same bytes are no error. */
async function moveInPlace(
  temporary: string,
  target: string,
  contents: ReadonlyMap<string, Uint8Array>,
  files: BundleFiles,
): Promise<SealedBundle['state']> {
  try {
    await files.rename(temporary, target);
    return 'sealed';
  } catch (error) {
    await files.remove(temporary).catch(() => undefined);
    if (!(await exists(target))) throw unwritable(error);
    await requireIdentical(target, contents);
    return 'identical';
  }
}

/** A bundle that others signed since is still the same bundle. */
async function requireIdentical(target: string, contents: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const there = await readBundle(target);
  const differing = [...contents].find(([name, bytes]) => {
    const found = there.files.get(name);
    return !found || !Buffer.from(bytes).equals(found);
  });
  if (!differing) return;
  const [name] = differing;
  const step = name === ATTESTATION_FILE ? 'sign that one instead' : 'verify that one, or move it away';
  throw new BundleError('BUNDLE_EXISTS', `expected no bundle at ${target}, found one with another ${name}; ${step}`);
}

async function requireFree(target: string): Promise<void> {
  if (!(await exists(target))) return;
  throw new BundleError('BUNDLE_EXISTS', `expected no bundle at ${target}, found one; move it away to redact its run`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw unwritable(error);
  }
}

/** Runs steps that write; when one fails, `temporary` is removed. */
async function guarded(temporary: string | null, files: BundleFiles, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (temporary !== null) await files.remove(temporary).catch(() => undefined);
    throw unwritable(error);
  }
}

function unwritable(error: unknown): BundleError {
  return new BundleError('BUNDLE_UNWRITABLE', `could not write the bundle: ${reasonOf(error)}`, { cause: error });
}
