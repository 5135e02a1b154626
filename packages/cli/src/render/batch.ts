import type { BatchView, Failure } from '../batch/report.js';
import { clip, printable } from './printable.js';
import { renderTable } from './table.js';

const FAILURES_SHOWN = 20;

/** The summary of a batch for a terminal. */
export function renderBatch({ name, summary, stopped }: BatchView, failures: readonly Failure[]): string {
  const { total, passed, failed, infrastructure, pending, retried, wall_clock_s: clock } = summary;
  const rows: [string, string][] = [
    ['batch', printable(name)],
    [
      'episodes',
      `${total}: ${passed} passed, ${failed} failed, ${infrastructure} infrastructure, ${pending} not played`,
    ],
    ...(retried > 0 ? [['retried', String(retried)] satisfies [string, string]] : []),
    ['wall clock', clock === null ? '-' : `p50 ${clock.p50} s, p95 ${clock.p95} s, max ${clock.max} s`],
    ['speed', speedOf(summary)],
  ];
  const parts = [rows.map(([label, value]) => `${label.padEnd(10)}  ${value}\n`).join('')];
  if (summary.pairs.length > 1) {
    const head = ['agent', 'task', 'passed', 'failed', 'infrastructure', 'not played'];
    const cells = summary.pairs.map((pair) => [
      ...[clip(pair.agent, 60), clip(pair.task_ref, 60), `${pair.passed}/${pair.total}`],
      ...[String(pair.failed), String(pair.infrastructure), String(pair.pending)],
    ]);
    parts.push(renderTable(head, cells));
  }
  if (failures.length > 0) {
    const shown = failures.slice(0, FAILURES_SHOWN);
    const cells = shown.map((one) => [
      ...[clip(one.failure, 40), clip(one.agent, 60), clip(one.task_ref, 60), String(one.seed)],
      ...[one.run_id ?? '-', clip(one.message ?? '', 80)],
    ]);
    const more = failures.length - shown.length;
    const rest = more > 0 ? `and ${more} more; --json lists all\n` : '';
    parts.push(`${renderTable(['failure', 'agent', 'task', 'seed', 'run', 'why'], cells)}${rest}`);
  }
  if (stopped !== null) parts.push(`${printable(stopped.message)}\n`);
  return parts.join('\n');
}

/** `120 episodes a second in 3.2 s`. */
export function speedOf({ episodes_per_second: rate, elapsed_s }: BatchView['summary']): string {
  return rate === null ? '-' : `${rate.toFixed(1)} episodes a second in ${elapsed_s.toFixed(1)} s`;
}
