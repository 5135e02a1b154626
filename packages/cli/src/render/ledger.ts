import type { LedgerCheck, LedgerReport, PlacedEntry, Published } from '@tracecore/bundle/ledger';
import { passedOn } from '../passed-on.js';
import type { Colors } from './color.js';
import { renderFields } from './fields.js';
import { clip, printable } from './printable.js';
import { renderTable } from './table.js';

/** Digits of a hash that tell entries apart for a reader. */
const SHOWN_HASH = 12;

/** One line for each entry. */
export function renderLedger(dir: string, entries: readonly PlacedEntry[], colors: Colors): string {
  if (entries.length === 0) {
    const hint = 'publish the first entry with: tracecore ledger publish --bundle RUN_ID --key FILE';
    return `there is no entry in ${printable(dir)} yet; ${hint}\n`;
  }
  const rows = entries.map(({ index, leaf_hash, entry }) => [
    String(index),
    leaf_hash.slice(0, SHOWN_HASH),
    clip(entry.agent, 60),
    printable(entry.suite),
    clip(entry.tasks.map(({ task_ref, success_rate }) => `${task_ref} ${percent(success_rate)}`).join(', '), 100),
    entry.published_at.slice(0, 10),
  ]);
  const table = renderTable(['entry', 'hash', 'agent', 'suite', 'tasks', 'published'], rows);
  return `${table}${colors.dim(`${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`)}\n`;
}

/** An entry with a row for each task. */
export function renderEntry({ index, leaf_hash, entry }: PlacedEntry, colors: Colors): string {
  const { agent, agent_hash, description, suite, published_at, harness_version, seed_policy, maintainer } = entry;
  const fields: [string, string | undefined][] = [
    ['entry', String(index)],
    ['hash', leaf_hash],
    ['agent', agent],
    ['agent hash', agent_hash ?? 'unknown'],
    ['about', description],
    ['suite', suite],
    ['published', published_at],
    ['maintainer', maintainer],
    ['harness', harness_version],
    ['seeds', seed_policy],
  ];
  const rows = fields.flatMap(([label, value]) => (value === undefined ? [] : [[label, clip(value, 300)] as const]));
  const tasks = entry.tasks.map((task) => [
    printable(task.task_ref),
    percent(task.success_rate),
    figure(task.avg_steps),
    figure(task.avg_tool_calls),
    String(task.run_count),
    task.bundles.map(({ run_id }) => run_id).join(' '),
  ]);
  return `${renderFields(rows, colors)}\n${renderTable(['task', 'success', 'steps', 'tool calls', 'runs', 'bundles'], tasks)}`;
}

/** An entry that was published, and what to type next. */
export function renderPublished(dir: string, published: Published, nextOptions: string, colors: Colors): string {
  const { index, leaf_hash, entry, checkpoint } = published;
  const fields = renderFields(
    [
      ['ledger', printable(dir)],
      ['origin', printable(checkpoint.origin)],
      ['entry', `${index} of ${checkpoint.size}`],
      ['hash', leaf_hash],
      ['agent', printable(entry.agent)],
    ],
    colors,
  );
  const next = printable(`  tracecore ledger prove ${index} --out proof.json${nextOptions}`);
  return `${fields}\n${colors.dim('Next:')}\n${next}\n`;
}

/** A proof that was written, and how it is checked. */
export function renderProven(
  { index }: PlacedEntry,
  { origin, size }: { origin: string; size: number },
  file: string,
  keys: readonly string[],
  colors: Colors,
): string {
  const fields = renderFields(
    [
      ['proof', printable(file)],
      ['of', `entry ${index} of the ${size} of ${printable(origin)}`],
    ],
    colors,
  );
  const options = keys.map((key) => passedOn('key', key)).join('');
  const next = printable(`  tracecore ledger verify${passedOn('proof', file)}${options}`);
  return `${fields}\n${colors.dim('Next:')}\n${next}\n`;
}

/** One line for each check, under what it is about. */
export function renderLedgerReport(subject: string, report: LedgerReport, colors: Colors): string {
  const { origin, size, signed_by, entry, checks } = report;
  const about = origin === null ? '' : `log: ${clip(origin, 100)}, ${size} ${size === 1 ? 'entry' : 'entries'}\n`;
  const signer = signed_by === null ? '' : `signed by: ${signed_by}\n`;
  const at = entry === null ? '' : `entry: ${entry.index} ${entry.leaf_hash}\n`;
  return [`${printable(subject)}\n`, ...checks.map((check) => lineOf(check, colors)), about, signer, at].join('');
}

function lineOf({ check, status, code, message }: LedgerCheck, colors: Colors): string {
  if (status === 'ok') return `${check}: ${colors.green('OK')}\n`;
  const word = status === 'skip' ? colors.yellow('SKIP') : colors.red('FAIL');
  return `${check}: ${word} ${code} ${clip(message, 400)}\n`;
}

/** A share as a whole percentage; 99.6 % is not 100 %. */
export function percent(share: number): string {
  const whole = Math.floor(share * 100 + 1e-9);
  return `${whole} %`;
}

/** A mean, with at most two digits after the point. */
export function figure(value: number): string {
  return String(Math.round(value * 100) / 100);
}
