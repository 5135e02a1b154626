import { dirname, join, relative, sep } from 'node:path';
import { readJsonFile, writeFileAtomic } from '@tracecore/artifact/node';
import type { Artifact, Json } from '@tracecore/spec';
import { runIdOf } from './run-files.js';
import type { Session } from './types.js';

const FILE = 'session.json';

/** The pointer in `root`; null when there is none, or none that can be read. It can be rebuilt, so no fault is fatal. */
export async function readSession(root: string): Promise<Session | null> {
  try {
    return asSession((await readJsonFile(join(root, FILE))).value);
  } catch {
    return null;
  }
}

/**
 * Points the session at the last of the runs that were just written. Of two processes that write at once, the last wins.
 * @throws {ArtifactError} FILE_UNWRITABLE.
 */
export async function moveSession(root: string, artifacts: readonly Artifact[], now: Date): Promise<void> {
  let session = await readSession(root);
  for (const artifact of artifacts) session = sessionAt(artifact, session, now);
  if (session) await writeSession(root, session);
}

/**
 * Points the session at a bundle and leaves the rest of it; a session that is not there is made from the latest run.
 * The path is written from the folder above `root`, with `/`, so that a workspace can be moved.
 * @throws {ArtifactError} FILE_UNWRITABLE.
 */
export async function moveBundlePointer(root: string, dir: string, latest: Artifact | null, now: Date): Promise<void> {
  const before = (await readSession(root)) ?? (latest && sessionAt(latest, null, now));
  if (before === null) return;
  const latest_bundle_dir = relative(dirname(root), dir).split(sep).join('/');
  await writeSession(root, { ...before, latest_bundle_dir, updated_at: now.toISOString() });
}

function sessionAt(artifact: Artifact, before: Session | null, now: Date): Session {
  return {
    latest_run_id: artifact.run_id,
    latest_success_run_id: artifact.success ? artifact.run_id : (before?.latest_success_run_id ?? null),
    latest_bundle_dir: before?.latest_bundle_dir ?? null,
    agent: artifact.agent_ref,
    task_ref: artifact.task_ref,
    seed: artifact.seed,
    updated_at: now.toISOString(),
  };
}

async function writeSession(root: string, session: Session): Promise<void> {
  await writeFileAtomic(join(root, FILE), `${JSON.stringify(session, null, 2)}\n`);
}

/** Takes a document with a usable `latest_run_id`; other fields that are missing or of another type read as empty. */
function asSession(value: Json): Session | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { latest_run_id, latest_success_run_id, latest_bundle_dir, agent, task_ref, seed, updated_at } = value;
  if (!isRunId(latest_run_id)) return null;
  return {
    latest_run_id,
    latest_success_run_id: isRunId(latest_success_run_id) ? latest_success_run_id : null,
    latest_bundle_dir: typeof latest_bundle_dir === 'string' ? latest_bundle_dir : null,
    agent: typeof agent === 'string' ? agent : '',
    task_ref: typeof task_ref === 'string' ? task_ref : '',
    seed: typeof seed === 'number' ? seed : 0,
    updated_at: typeof updated_at === 'string' ? updated_at : '',
  };
}

function isRunId(value: Json | undefined): value is string {
  return typeof value === 'string' && runIdOf(`${value}.json`) !== null;
}
