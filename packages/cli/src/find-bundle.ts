import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { BundleReport } from '@tracecore/bundle';
import type { Deps } from './deps.js';
import { CliError } from './error.js';
import { isThere, shownPath, type Workspace } from './workspace.js';

const RUN_ID = /^[0-9a-fA-F-]{32,36}$/;
const RUN_REF = /^[0-9a-fA-F-]{6,36}$/;
const CANDIDATES_NAMED = 5;
const OF_EVERY_BUNDLE = ['manifest.json', 'tool_calls.jsonl', 'validator.json', 'integrity.sha256'];

/** The folder that a workspace's bundles lie in. It may not exist yet. */
export function bundlesOf({ home }: Workspace): string {
  return join(home, 'baselines');
}

/**
 * The folder of a bundle, absolute: the one at a path, else the one whose run id begins with `named`.
 * @throws {CliError} USAGE when there is none, or more than one.
 */
export async function findBundle({ io }: Deps, workspace: Workspace, named: string): Promise<string> {
  const path = resolve(io.cwd, named);
  if (await isThere(path)) return path;
  const bundles = bundlesOf(workspace);
  const shown = shownPath(bundles, io.cwd);
  if (!RUN_REF.test(named)) {
    throw new CliError(
      'USAGE',
      `there is no bundle at ${named}; give its folder, or the first 6 digits or more of the id of its run`,
    );
  }
  const ids = await sealedRuns(bundles, shown);
  const candidates = ids.includes(named) ? [named] : ids.filter((id) => id.startsWith(named));
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return join(bundles, only);
  if (only === undefined) {
    throw new CliError(
      'USAGE',
      `there is no bundle of a run ${named} in ${shown}; tracecore bundle status lists those there are`,
    );
  }
  const names = candidates.slice(0, CANDIDATES_NAMED).join(', ');
  const more = candidates.length > CANDIDATES_NAMED ? ` and ${candidates.length - CANDIDATES_NAMED} more` : '';
  throw new CliError('USAGE', `${named} begins the ids of ${candidates.length} bundles: ${names}${more}`);
}

/** The bundle that the session names; null when it names none, or one that is gone. */
export async function sessionBundle({ load }: Deps, { home }: Workspace): Promise<string | null> {
  const session = await (await load.store()).openStore(home).session();
  if (typeof session?.latest_bundle_dir !== 'string') return null;
  const dir = resolve(dirname(home), session.latest_bundle_dir);
  return (await isThere(dir)) ? dir : null;
}

/**
 * The bundle that was sealed last: the one that the session names, else the newest there is.
 * @throws {CliError} USAGE when there is none.
 */
export async function latestBundle(deps: Deps, workspace: Workspace): Promise<string> {
  const { io, load } = deps;
  const named = await sessionBundle(deps, workspace);
  if (named !== null) return named;
  const bundles = bundlesOf(workspace);
  const { bundleStatus } = await load.bundle();
  const [newest] = (await bundleStatus(bundles, { limit: 1 })).bundles;
  if (newest !== undefined) return newest.dir;
  throw new CliError(
    'USAGE',
    `there is no bundle in ${shownPath(bundles, io.cwd)} yet; make one with: tracecore bundle seal`,
  );
}

/**
 * Refuses a folder in which nothing of a bundle was found.
 * @throws {CliError} USAGE
 */
export function requireBundle(shown: string, { form, checks }: BundleReport): void {
  const files = checks.find(({ check }) => check === 'files');
  const missing = new Set(files?.findings.map(({ code, file }) => (code === 'FILE_MISSING' ? file : null)));
  // Only a folder without artifact and attestation has this form, so these four are all that could be there.
  if (form !== 'python' || !OF_EVERY_BUNDLE.every((file) => missing.has(file))) return;
  throw new CliError('USAGE', `${shown} is no bundle: it has no manifest.json, integrity.sha256 or artifact.json`);
}

/** The runs that have a bundle, sorted. */
async function sealedRuns(bundles: string, shown: string): Promise<string[]> {
  try {
    return (await readdir(bundles)).filter((name) => RUN_ID.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new CliError('CHECK_FAILED', `could not list the bundles in ${shown}: ${(error as Error).message}`);
  }
}
