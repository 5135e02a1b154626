import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import { renderSummary } from '../render/runs.js';
import { readRunFilter } from '../run-filter.js';
import { readFormat } from '../shared-options.js';
import { withIndex } from '../with-index.js';
import { findWorkspace } from '../workspace.js';
import { noRuns, tellSkipped } from './runs-list.js';

/** `runs summary`: how many runs there are and how they ended. */
export async function runsSummary(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const format = readFormat(input);
  const filter = readRunFilter(input, new Date());
  const workspace = await findWorkspace(io, input.text('root'));
  await withIndex(deps, workspace, async (index) => {
    const summary = await index.summary(filter);
    if (format === 'json') io.stdout(`${JSON.stringify({ version: 1, ...summary }, null, 2)}\n`);
    else {
      io.stdout(summary.runs === 0 ? await noRuns(deps, workspace, index, filter) : renderSummary(summary));
      tellSkipped(deps, workspace, await index.skipped());
    }
  });
  return EXIT.ok;
}
