import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import { findBundle, latestBundle, requireBundle } from '../find-bundle.js';
import { readTrusted } from '../read-trusted.js';
import { renderBundleReport } from '../render/bundle.js';
import { colorsFor } from '../render/color.js';
import { findWorkspace, shownPath } from '../workspace.js';

/** `bundle verify`: the checks of one bundle, wherever it lies. */
export async function bundleVerify(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const workspace = await findWorkspace(io, input.text('root'));
  const [named] = input.args;
  const dir = named === undefined ? await latestBundle(deps, workspace) : await findBundle(deps, workspace, named);
  const trust = await readTrusted(deps, workspace, {
    keys: input.list('key'),
    folder: input.text('trust'),
    bundle: dir,
  });
  const { verifyBundle } = await deps.load.bundle();
  const report = await verifyBundle(dir, { trust, requireSignature: input.has('require-signature') });
  const shown = shownPath(dir, io.cwd);
  requireBundle(shown, report);
  io.stdout(
    input.has('json')
      ? `${JSON.stringify({ dir: shown, ...report }, null, 2)}\n`
      : renderBundleReport(shown, report, colorsFor(io)),
  );
  return report.ok ? EXIT.ok : EXIT.failed;
}
