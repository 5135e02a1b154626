import { exitOf, report } from '../batch/report.js';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError } from '../error.js';
import { findWorkspace } from '../workspace.js';

/** `merge`: the summary of a batch whose shards were played apart. */
export async function batchMerge(deps: Deps, input: CommandInput): Promise<number> {
  if (input.args.length === 0) {
    throw new CliError('USAGE', 'merge needs the shards of a batch: their ids or folders');
  }
  const workspace = await findWorkspace(deps.io, input.text('root'));
  const { openStore, openBatches } = await deps.load.store();
  const batches = openBatches(workspace.home, openStore(workspace.home), deps.io.cwd);
  const { mergeShards, summarizeBatch } = await deps.load.runner();
  const records = await Promise.all(input.args.map((ref) => batches.read(ref)));
  const { results, elapsedS } = mergeShards(records);
  const summary = summarizeBatch(results, elapsedS);
  const name = records.map(({ plan }) => plan.batch_id).join(' ');
  await report(deps, input, { name, results, summary, stopped: null });
  return exitOf(summary);
}
