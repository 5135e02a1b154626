import type { Redaction, SealedBundle } from '@tracecore/bundle';
import type { Deps } from './deps.js';
import { bundlesOf } from './find-bundle.js';
import { runOf } from './find-run.js';
import { shownPath, type Workspace } from './workspace.js';

export interface SealRunOptions {
  /** The private key to sign with, absolute; null signs nothing. */
  keyFile?: string | null;
  redaction?: Redaction;
}

/**
 * Seals a run of the workspace and points the session at its bundle, whose folder comes back as a reader would type it.
 * @param file the file of the run.
 * @throws {StoreError} RUN_UNREADABLE. @throws {BundleError} as `readSigningKey` and `sealBundle` do.
 */
export async function sealRun(
  { io, load }: Deps,
  workspace: Workspace,
  file: string,
  { keyFile = null, redaction }: SealRunOptions = {},
): Promise<SealedBundle> {
  const store = (await load.store()).openStore(workspace.home);
  const { text: artifactText } = await store.get(runOf(file));
  const { readSigningKey, sealBundle } = await load.bundle();
  const signing = keyFile === null ? {} : { signingKey: await readSigningKey(keyFile) };
  const redacting = redaction === undefined ? {} : { redaction };
  const made = await sealBundle({ artifactText, dir: bundlesOf(workspace), ...signing, ...redacting });
  await store.pointToBundle(made.dir);
  return { ...made, dir: shownPath(made.dir, io.cwd) };
}
