import { report } from '../batch/report.js';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import { printable } from '../render/printable.js';
import { findWorkspace } from '../workspace.js';
import { queueStatus } from './queue-batches.js';

/** `batch status`: how far a batch is, by its journal alone. */
export async function batchStatus(deps: Deps, input: CommandInput): Promise<number> {
  if (input.has('queue')) return queueStatus(deps, input);
  const workspace = await findWorkspace(deps.io, input.text('root'));
  const { openStore, openBatches } = await deps.load.store();
  const batches = openBatches(workspace.home, openStore(workspace.home), deps.io.cwd);
  const { plan, lines, holder } = await batches.read(input.args[0] ?? 'latest');
  const { resultsOf, summarizeBatch, elapsedOf } = await deps.load.runner();
  const results = resultsOf(plan.jobs, lines);
  if (holder !== null) deps.io.stderr(`tracecore: ${printable(holder)} is working on it\n`);
  await report(deps, input, {
    ...{ name: plan.batch_id, results, summary: summarizeBatch(results, elapsedOf(lines)), stopped: null },
  });
  return EXIT.ok;
}
