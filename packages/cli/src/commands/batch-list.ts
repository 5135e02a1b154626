import { parseCount } from '../argv.js';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { describeError, EXIT, isCoded } from '../error.js';
import { printable } from '../render/printable.js';
import { renderTable } from '../render/table.js';
import { findWorkspace } from '../workspace.js';
import { queueList } from './queue-batches.js';

/** `batch list`: the batches of the workspace and how far they are. */
export async function batchList(deps: Deps, input: CommandInput): Promise<number> {
  if (input.has('queue')) return queueList(deps, input);
  const limit = parseCount('limit', 'batches', input.text('limit') ?? '20');
  const workspace = await findWorkspace(deps.io, input.text('root'));
  const { openStore, openBatches } = await deps.load.store();
  const batches = openBatches(workspace.home, openStore(workspace.home));
  const { resultsOf, summarizeBatch, elapsedOf } = await deps.load.runner();
  const rows = [];
  for (const id of (await batches.list()).slice(0, limit)) {
    try {
      const { plan, lines, holder } = await batches.read(id);
      const { total, passed, failed, infrastructure, pending } = summarizeBatch(
        resultsOf(plan.jobs, lines),
        elapsedOf(lines),
      );
      const state = holder !== null ? 'running' : pending + infrastructure > 0 ? 'unfinished' : 'over';
      const { created_at, shard } = plan;
      rows.push({ batch_id: id, created_at, shard, state, total, passed, failed, infrastructure, pending });
    } catch (error) {
      if (!isCoded(error)) throw error;
      deps.io.stderr(`tracecore: ${printable(describeError(error, false))}\n`);
    }
  }
  if (input.has('json')) deps.io.stdout(`${JSON.stringify(rows, null, 2)}\n`);
  else {
    const head = ['batch', 'state', 'episodes', 'passed', 'failed', 'infrastructure', 'not played', 'shard'];
    const cells = rows.map(({ shard, ...row }) => [
      ...[row.batch_id, row.state, row.total, row.passed, row.failed, row.infrastructure, row.pending].map(String),
      shard === null ? '-' : `${shard.index}/${shard.count}`,
    ]);
    deps.io.stdout(renderTable(head, cells));
  }
  return EXIT.ok;
}
