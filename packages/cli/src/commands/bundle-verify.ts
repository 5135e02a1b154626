import { resolve } from 'node:path';
import { type DisclosureFile, parseDisclosure } from '@tracecore/artifact';
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
  const report = await verifyBundle(dir, {
    trust,
    requireSignature: input.has('require-signature'),
    ...(await readDisclosure(deps, input.text('disclosure'))),
  });
  const shown = shownPath(dir, io.cwd);
  requireBundle(shown, report);
  io.stdout(
    input.has('json')
      ? `${JSON.stringify({ dir: shown, ...report }, null, 2)}\n`
      : renderBundleReport(shown, report, colorsFor(io)),
  );
  return report.ok ? EXIT.ok : EXIT.failed;
}

/** What opens redacted values; a file of another form was given by mistake. */
async function readDisclosure({ io, load }: Deps, typed: string | undefined): Promise<{ disclosure?: DisclosureFile }> {
  if (typed === undefined) return {};
  const { readJsonFile } = await load.artifact();
  return { disclosure: parseDisclosure((await readJsonFile(resolve(io.cwd, typed))).value) };
}
