import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { TrustedKey } from '@tracecore/bundle';
import type { Deps } from './deps.js';
import { CliError } from './error.js';
import { printable } from './render/printable.js';
import { isThere, shownPath, type Workspace } from './workspace.js';

/** Where a reader's trust comes from. */
export interface TrustSources {
  /** Files of public keys, as they were typed. */
  keys?: readonly string[];
  /** A folder of public keys, as it was typed, in the place of the workspace's own. */
  folder?: string | undefined;
  /** The bundle that is looked at, absolute: what came with it cannot vouch for it. */
  bundle?: string;
}

/**
 * The keys whose signatures count: those named, then those in the folder. A file in the folder that is no public key is
 * named on stderr and passed over.
 * @throws {CliError} USAGE when the folder that was asked for is not there.
 * @throws {BundleError} KEY_NOT_FOUND, KEY_UNREADABLE, KEY_TYPE, KEY_INVALID for a file that was asked for.
 */
export async function readTrusted(
  deps: Deps,
  workspace: Workspace,
  { keys = [], folder, bundle }: TrustSources = {},
): Promise<TrustedKey[]> {
  const { io } = deps;
  const { readPublicKey, readTrust } = await deps.load.bundle();
  const named = await Promise.all(keys.map((file) => readPublicKey(resolve(io.cwd, file))));
  const from = await folderOf(deps, workspace, folder, bundle);
  const trust = await readTrust(from === null ? [] : [from]);
  for (const { message } of trust.faults) io.stderr(`tracecore: not a trusted key: ${printable(message)}\n`);
  return [...named, ...trust.keys].map((key) => ({ ...key, file: shownPath(key.file, io.cwd) }));
}

async function folderOf(
  { io }: Deps,
  { root }: Workspace,
  asked: string | undefined,
  bundle: string | undefined,
): Promise<string | null> {
  if (asked !== undefined) {
    const folder = resolve(io.cwd, asked);
    if (await isThere(folder)) return folder;
    throw new CliError('USAGE', `--trust: there is no ${asked}; give a folder of public keys`);
  }
  const own = join(root, 'trust');
  if (!(await isThere(own))) return null;
  if (bundle === undefined || !(await liesIn(root, bundle))) return own;
  io.stderr(
    'tracecore: the trust folder lies inside the bundle, so it does not count; name it with --trust if it should\n',
  );
  return null;
}

async function liesIn(path: string, folder: string): Promise<boolean> {
  const [inner, outer] = await Promise.all([path, folder].map((one) => realpath(one).catch(() => one)));
  const way = relative(outer as string, inner as string);
  return way !== '..' && !way.startsWith(join('..', '/')) && !isAbsolute(way);
}
