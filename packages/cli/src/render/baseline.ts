import type { Baseline } from '@tracecore/store';
import type { Colors } from './color.js';
import { shownHash, shownShare } from './figures.js';
import { printable } from './printable.js';
import { renderTable } from './table.js';

export interface RenderedBaseline {
  baseline: Baseline;
  /** For each row, the rate over its distinct episodes with its interval, ready to show, and their number. */
  distinct: readonly { rate: string; n: number }[];
  /** Where it was exported to; null when it was not. */
  exported: string | null;
  /** The bundles that were sealed. */
  bundles: readonly string[];
}

/** One line for each row, then what was written. */
export function renderBaseline({ baseline, distinct, exported, bundles }: RenderedBaseline, colors: Colors): string {
  const average = (value: number | null) => (value === null ? '-' : value.toFixed(1));
  const rows = baseline.rows.map((row, at) => [
    printable(row.agent),
    printable(row.task_ref),
    String(row.runs),
    shownShare(row.success_rate),
    String(distinct[at]?.n ?? ''),
    distinct[at]?.rate ?? '',
    average(row.avg_steps),
    average(row.avg_tool_calls),
    printable(shownHash(row.last_run_id ?? '-')),
  ]);
  const table = renderTable(
    [
      ...['agent', 'task', 'runs', 'success rate', 'episodes', 'their rate at 95 %'],
      ...['steps', 'tool calls', 'last run'],
    ],
    rows,
  );
  const notes = [
    ...(exported === null ? [] : [`exported to ${printable(exported)}`]),
    ...bundles.map((dir) => `sealed ${printable(dir)}`),
  ];
  return `${table}${notes.map((note) => `${colors.dim(note)}\n`).join('')}`;
}
