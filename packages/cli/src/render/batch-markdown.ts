import type { BatchView, Failure } from '../batch/report.js';
import { speedOf } from './batch.js';
import { clip } from './printable.js';

/** A page of a CI service takes a megabyte; a failure takes up to some 300 characters. */
const FAILURES_SHOWN = 200;

/** The summary of a batch as Markdown. What artifacts say stands in it as text, whatever it holds. */
export function renderBatchMarkdown({ name, summary, stopped }: BatchView, failures: readonly Failure[]): string {
  const { total, passed, failed, infrastructure, pending, wall_clock_s: clock } = summary;
  const times = clock === null ? '' : ` Wall clock: p50 ${clock.p50} s, p95 ${clock.p95} s, max ${clock.max} s.`;
  const lines = [
    `## Batch ${escaped(name)}`,
    '',
    `**${passed} of ${total} passed**, ${failed} failed, ${infrastructure} infrastructure, ${pending} not played; ${speedOf(summary)}.${times}`,
    '',
    ...(stopped === null ? [] : [escaped(stopped.message), '']),
    '| agent | task | passed | failed | infrastructure | not played |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...summary.pairs.map((pair) =>
      rowOf([
        pair.agent,
        pair.task_ref,
        `${pair.passed}/${pair.total}`,
        pair.failed,
        pair.infrastructure,
        pair.pending,
      ]),
    ),
    '',
  ];
  if (failures.length > 0) {
    lines.push('| failure | agent | task | seed | run | why |', '| --- | --- | --- | ---: | --- | --- |');
    for (const one of failures.slice(0, FAILURES_SHOWN)) {
      lines.push(rowOf([one.failure, one.agent, one.task_ref, one.seed, one.run_id ?? '', one.message ?? '']));
    }
    if (failures.length > FAILURES_SHOWN) lines.push('', `and ${failures.length - FAILURES_SHOWN} more`);
    lines.push('');
  }
  return `${lines.join('\n')}\n`;
}

function rowOf(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => escaped(String(cell))).join(' | ')} |`;
}

/** One line of text that no Markdown or HTML reads as anything but text. */
function escaped(text: string): string {
  return clip(text, 160)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~@-]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
