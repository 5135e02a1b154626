import type { Recovery } from '@tracecore/store/run-index';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import { renderRecoveries } from '../render/runs.js';
import { readRunFilter } from '../run-filter.js';
import { readFormat } from '../shared-options.js';
import { withIndex } from '../with-index.js';
import { findWorkspace } from '../workspace.js';
import { noRuns } from './runs-list.js';

/** All recoveries taken together. */
export type Overall = Pick<Recovery, 'outages' | 'recovered' | 'unresolved' | 'mttr_s'>;

/** `runs mttr`: the mean time from a failure to the next success of the same agent, task and seed. */
export async function runsMttr(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const format = readFormat(input);
  const filter = readRunFilter(input, new Date());
  const workspace = await findWorkspace(io, input.text('root'));
  await withIndex(deps, workspace, async (index) => {
    const recoveries = await index.recoveries(filter);
    const overall = overallOf(recoveries);
    if (format === 'json') io.stdout(`${JSON.stringify({ version: 1, overall, recoveries }, null, 2)}\n`);
    else if (recoveries.length > 0) io.stdout(renderRecoveries(recoveries, overall));
    else {
      const { failure_type: _, ...others } = filter;
      const none = (await index.count(others)) === 0;
      io.stdout(none ? await noRuns(deps, workspace, index, filter) : 'none of these runs failed\n');
    }
  });
  return EXIT.ok;
}

function overallOf(recoveries: readonly Recovery[]): Overall {
  const sum = (field: 'outages' | 'recovered' | 'unresolved') =>
    recoveries.reduce((total, one) => total + one[field], 0);
  const recovered = sum('recovered');
  const seconds = recoveries.reduce((total, one) => total + (one.mttr_s ?? 0) * one.recovered, 0);
  return {
    outages: sum('outages'),
    recovered,
    unresolved: sum('unresolved'),
    mttr_s: recovered === 0 ? null : seconds / recovered,
  };
}
