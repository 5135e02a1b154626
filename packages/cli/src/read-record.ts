import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Artifact } from '@tracecore/spec';
import type { Deps } from './deps.js';
import { CliError, describeError, isCoded } from './error.js';
import { findBundle } from './find-bundle.js';
import { findRun } from './find-run.js';
import type { Workspace } from './workspace.js';

/** The file of a bundle that a record is read from. */
const ARTIFACT = 'artifact.json';

/** An artifact that was named, and where it was read from. */
export interface FoundRecord {
  path: string;
  artifact: Artifact;
  /** The file as it stands. */
  text: string;
  /** Whether it was named as a run of this workspace, and not as a file from anywhere. */
  own: boolean;
}

/**
 * Reads what a command is about: a run id, the beginning of one, `latest`, a file, or the folder or id of a bundle.
 * @throws {CliError} USAGE also for a file that is no artifact: exit code 1 says that two artifacts differ.
 * @throws {StoreError} when there is no run with this id.
 */
export async function readRecord(deps: Deps, workspace: Workspace, ref: string): Promise<FoundRecord> {
  const { path, own } = await locateRecord(deps, workspace, ref);
  const { readArtifactFile } = await deps.load.artifact();
  const read = await readArtifactFile(path).catch((error: unknown) => {
    throw isCoded(error) ? new CliError('USAGE', describeError(error, false)) : error;
  });
  return { path, own, ...read };
}

/**
 * The file that `ref` names, whatever is in it. What looks like a path, or is there, is a file or a bundle's folder;
 * anything else names a run, or else its bundle.
 * @throws {CliError} USAGE when there is no run yet. @throws {StoreError} when there is none with this id.
 */
export async function locateRecord(
  deps: Deps,
  workspace: Workspace,
  ref: string,
): Promise<Pick<FoundRecord, 'path' | 'own'>> {
  if (ref === 'latest') return { path: (await findRun(deps, workspace, undefined)).file, own: true };
  const path = resolve(deps.io.cwd, ref);
  const kind = await kindOf(path);
  if (kind === 'folder') return { path: join(path, ARTIFACT), own: false };
  if (kind === 'file' || /[/\\]|\.json(?:\.gz)?$/.test(ref)) return { path, own: false };
  try {
    return { path: (await findRun(deps, workspace, ref)).file, own: true };
  } catch (error) {
    if (!isCoded(error) || error.code !== 'RUN_NOT_FOUND') throw error;
    const bundle = await findBundle(deps, workspace, ref).catch(() => null);
    if (bundle === null) throw error;
    return { path: join(bundle, ARTIFACT), own: false };
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return null;
  }
}
