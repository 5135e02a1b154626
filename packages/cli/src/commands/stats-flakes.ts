import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { selectEpisodes } from '../episodes/select.js';
import { EXIT } from '../error.js';
import { colorsFor } from '../render/color.js';
import { renderFlakes } from '../render/flakes.js';
import { readFormat } from '../shared-options.js';
import { flakeReport } from '../statistics/flake-report.js';
import { findWorkspace } from '../workspace.js';
import { readConfidence } from './stats.js';

/** `stats flakes`: runs of the same frozen inputs whose artifacts differ, and where they part. */
export async function statsFlakes(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const format = readFormat(input);
  const confidence = readConfidence(input);
  const workspace = await findWorkspace(io, input.text('root'));
  const { rows, source } = await selectEpisodes(deps, workspace, input, { keepRepeats: true });
  const report = await flakeReport(rows, source, confidence);
  io.stdout(format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : renderFlakes(report, colorsFor(io)));
  return report.flakes.length === 0 ? EXIT.ok : EXIT.failed;
}
