import { resolve } from 'node:path';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { findBundle, requireBundle } from '../find-bundle.js';
import { renderSigned } from '../render/bundle.js';
import { colorsFor } from '../render/color.js';
import { findWorkspace, shownPath } from '../workspace.js';

/** `bundle sign`: adds a signature to a bundle that verifies; those that it has stay. */
export async function bundleSign(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const [named] = input.args;
  const keyFile = input.text('key');
  if (named === undefined || keyFile === undefined) {
    const missing = named === undefined ? 'a bundle: its folder, or the id of its run' : '--key FILE, a private key';
    throw new CliError('USAGE', `bundle sign needs ${missing}`);
  }
  const workspace = await findWorkspace(io, input.text('root'));
  const dir = await findBundle(deps, workspace, named);
  const { readSigningKey, signBundle, verifyBundle } = await deps.load.bundle();
  const key = await readSigningKey(resolve(io.cwd, keyFile));
  const shown = shownPath(dir, io.cwd);
  requireBundle(shown, await verifyBundle(dir));
  const signed = await signBundle(dir, key);
  io.stdout(renderSigned(shown, signed, colorsFor(io)));
  return EXIT.ok;
}
