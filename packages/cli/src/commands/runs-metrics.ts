import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import { renderMetrics } from '../render/runs.js';
import { readRunFilter } from '../run-filter.js';
import { readFormat } from '../shared-options.js';
import { withIndex } from '../with-index.js';
import { findWorkspace } from '../workspace.js';
import { noRuns } from './runs-list.js';

/** `runs metrics`: what the runs of each task and agent used, and whether they repeat. */
export async function runsMetrics(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const format = readFormat(input);
  const filter = readRunFilter(input, new Date());
  const workspace = await findWorkspace(io, input.text('root'));
  await withIndex(deps, workspace, async (index) => {
    const metrics = await index.metrics(filter);
    if (format === 'json') io.stdout(`${JSON.stringify({ version: 1, metrics }, null, 2)}\n`);
    else io.stdout(metrics.length === 0 ? await noRuns(deps, workspace, index, filter) : renderMetrics(metrics));
  });
  return EXIT.ok;
}
