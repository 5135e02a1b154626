import type { QueuedBatch, QueueWorkerInfo } from '@tracecore/runner';
import { printable } from './printable.js';
import { renderTable } from './table.js';

/** Batches of a queue, one a line. */
export function renderQueuedBatches(batches: readonly QueuedBatch[]): string {
  if (batches.length === 0) return 'no batches on this queue\n';
  const rows = batches.map((batch) => [
    printable(batch.id),
    stateOf(batch),
    `${batch.stored}/${batch.total}`,
    ...[batch.queued, batch.playing, batch.waiting, batch.givenUp].map(String),
    printable(batch.created),
  ]);
  return renderTable(['batch', 'state', 'stored', 'queued', 'playing', 'waiting', 'given up', 'created'], rows);
}

/** One batch, with the workers that serve it and why workers refuse it. */
export function renderQueuedBatch(batch: QueuedBatch, workers: readonly QueueWorkerInfo[]): string {
  const lanes = workers.reduce((sum, { concurrency }) => sum + concurrency, 0);
  const lines = [
    `batch ${printable(batch.id)}: ${stateOf(batch)}`,
    `  stored: ${batch.stored} of ${batch.total}${batch.givenUp === 0 ? '' : `, ${batch.givenUp} of them given up`}`,
    `  on the queue: ${batch.queued}, played now: ${batch.playing}, results that wait: ${batch.waiting}`,
    ...(batch.provider === null ? [] : [`  provider: ${printable(batch.provider)}`]),
    `  workers: ${workers.length}, ${lanes} ${lanes === 1 ? 'episode' : 'episodes'} at once`,
    ...workers.map(({ name, concurrency, runtime }) =>
      printable(`    ${name}: ${concurrency} at once, ${runtime.name} ${runtime.version}`),
    ),
    ...batch.refusals.map((text) => printable(`  refused by ${text}`)),
  ];
  return `${lines.join('\n')}\n`;
}

/** A batch that nobody collects goes on, as far as its window reaches. */
function stateOf({ state, submitter }: QueuedBatch): string {
  return state === 'running' && !submitter ? 'running, without a submitter' : printable(state);
}
