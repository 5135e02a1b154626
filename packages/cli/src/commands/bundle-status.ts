import { parseCount } from '../argv.js';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import { bundlesOf } from '../find-bundle.js';
import { readTrusted } from '../read-trusted.js';
import { renderBundleStatus } from '../render/bundle-status.js';
import { colorsFor } from '../render/color.js';
import { findWorkspace, shownPath } from '../workspace.js';

/** `bundle status`: every bundle of the workspace, newest first, and what else lies among them. */
export async function bundleStatus(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const typed = input.text('limit');
  const limit = typed === undefined ? undefined : parseCount('limit', 'bundles', typed);
  const workspace = await findWorkspace(io, input.text('root'));
  const dir = bundlesOf(workspace);
  const trust = await readTrusted(deps, workspace);
  const bundle = await deps.load.bundle();
  const found = await bundle.bundleStatus(dir, { trust, ...(limit === undefined ? {} : { limit }) });
  const status = { ...found, bundles: found.bundles.map((line) => ({ ...line, dir: shownPath(line.dir, io.cwd) })) };
  io.stdout(
    input.has('json')
      ? `${JSON.stringify(status, null, 2)}\n`
      : renderBundleStatus(shownPath(dir, io.cwd), status, colorsFor(io)),
  );
  return status.bundles.every(({ state }) => state === 'complete') ? EXIT.ok : EXIT.failed;
}
