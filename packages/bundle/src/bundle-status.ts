import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BundleError, reasonOf, systemCode } from './error.js';
import type { TrustedKey } from './keys.js';
import { isRunId, isUnfinishedName, UNFINISHED_ATTESTATION } from './layout.js';
import type { BundleCheck, BundleReport, BundleSignature } from './report.js';
import { verifyBundle } from './verify-bundle.js';

export interface StatusOptions {
  trust?: readonly TrustedKey[];
  /** The most bundles to look into, newest first; all when absent. */
  limit?: number;
}

export interface BundleLine {
  dir: string;
  run_id: string;
  form: BundleReport['form'];
  /** A bundle is complete when every check but that of the trust in its signers passes. */
  state: 'complete' | 'damaged';
  /** What the first failed check found; null when the bundle is complete. */
  code: BundleCheck['code'] | 'NAME_MISMATCH' | null;
  message: string | null;
  signature: BundleSignature;
  /** A signing that did not end: it is under way, or was killed. */
  unfinished_signature: boolean;
}

export interface BundleStatus {
  /** Newest first by the time their folder changed, then by run id. */
  bundles: BundleLine[];
  /** How many bundles `limit` left out. */
  left_out: number;
  /** Folders of seals that did not end: under way, or killed. The next seal removes those that were. */
  unfinished: string[];
  /** Links, and folders that are named after no run. */
  foreign: string[];
}

/**
 * What lies in a folder of bundles. Other files, such as exported baselines, are not mentioned; no folder is an empty one.
 * @throws {BundleError} BUNDLE_UNREADABLE when the folder cannot be listed.
 */
export async function bundleStatus(dir: string, { trust = [], limit }: StatusOptions = {}): Promise<BundleStatus> {
  const status: BundleStatus = { bundles: [], left_out: 0, unfinished: [], foreign: [] };
  const found: { name: string; changed: number }[] = [];
  for (const entry of await entriesOf(dir)) {
    const { name } = entry;
    if (entry.isDirectory() && isUnfinishedName(name)) status.unfinished.push(name);
    else if (entry.isDirectory() && isRunId(name)) found.push({ name, changed: await changedAt(join(dir, name)) });
    else if (entry.isDirectory() || entry.isSymbolicLink()) status.foreign.push(name);
  }
  found.sort((a, b) => b.changed - a.changed || (a.name < b.name ? -1 : 1));
  const shown = found.slice(0, limit ?? found.length);
  for (const { name } of shown) {
    const line = await lineOf(join(dir, name), name, trust);
    if (line) status.bundles.push(line);
  }
  status.left_out = found.length - shown.length;
  return status;
}

/** Null when the bundle went away since the folder was listed. */
async function lineOf(dir: string, name: string, trust: readonly TrustedKey[]): Promise<BundleLine | null> {
  let report: BundleReport;
  try {
    report = await verifyBundle(dir, { trust });
  } catch (error) {
    if (error instanceof BundleError && error.code === 'BUNDLE_NOT_FOUND') return null;
    throw error;
  }
  const { form, run_id, signature, checks, extra } = report;
  const failed = checks.find(({ status, code }) => status === 'fail' && code !== 'SIGNATURE_UNTRUSTED');
  const misnamed = !failed && run_id !== name;
  return {
    dir,
    run_id: name,
    form,
    state: failed || misnamed ? 'damaged' : 'complete',
    code: misnamed ? 'NAME_MISMATCH' : (failed?.code ?? null),
    message: misnamed ? `the folder holds the run ${run_id}` : (failed?.message ?? null),
    signature,
    unfinished_signature: extra.includes(UNFINISHED_ATTESTATION),
  };
}

async function entriesOf(dir: string) {
  try {
    return (await readdir(dir, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw new BundleError('BUNDLE_UNREADABLE', `could not list ${dir}: ${reasonOf(error)}`, { cause: error });
  }
}

async function changedAt(path: string): Promise<number> {
  try {
    return (await lstat(path)).mtimeMs;
  } catch {
    return 0;
  }
}
