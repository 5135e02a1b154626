import { parseCount } from '../argv.js';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { CliError, EXIT } from '../error.js';
import { readQueue } from '../queue/address.js';
import { renderQueuedBatch, renderQueuedBatches } from '../render/queue.js';

/** `batch list --queue`. */
export async function queueList(deps: Deps, input: CommandInput): Promise<number> {
  const limit = parseCount('limit', 'batches', input.text('limit') ?? '20');
  const address = readQueue(deps.io, input);
  const batches = (await (await deps.load.queue()).listBatches(address)).slice(0, limit);
  deps.io.stdout(input.has('json') ? json({ batches }) : renderQueuedBatches(batches));
  return EXIT.ok;
}

/** `batch status ID --queue`. */
export async function queueStatus(deps: Deps, input: CommandInput): Promise<number> {
  const id = requireId(input, 'status');
  const report = ['junit', 'markdown'].find((option) => input.has(option));
  if (report !== undefined) {
    throw new CliError(
      'USAGE',
      `--${report} needs results, which stand in the workspace of the submitter, not on the queue`,
    );
  }
  const address = readQueue(deps.io, input);
  const status = await (await deps.load.queue()).batchStatus(address, id);
  deps.io.stdout(input.has('json') ? json(status) : renderQueuedBatch(status.batch, status.workers));
  return EXIT.ok;
}

/** `batch cancel ID --queue`. */
export async function queueCancel(deps: Deps, input: CommandInput): Promise<number> {
  const id = requireId(input, 'cancel');
  const address = readQueue(deps.io, input);
  const { withdrawn } = await (await deps.load.queue()).cancelBatch(address, id);
  const text = `cancelled: ${withdrawn} ${withdrawn === 1 ? 'episode' : 'episodes'} taken from the queue\n`;
  deps.io.stdout(input.has('json') ? json({ id, withdrawn }) : text);
  return EXIT.ok;
}

function requireId(input: CommandInput, word: string): string {
  const [id] = input.args;
  if (id !== undefined) return id;
  throw new CliError('USAGE', `batch ${word} takes the id of a batch; tracecore batch list --queue URL lists them`);
}

const json = (value: object) => `${JSON.stringify({ version: 1, ...value }, null, 2)}\n`;
