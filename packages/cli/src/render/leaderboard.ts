import type { BoardRecord, TaskStandings } from '@tracecore/bundle/leaderboard';
import { passedOn } from '../passed-on.js';
import type { Colors } from './color.js';
import { renderFields } from './fields.js';
import { figure, percent } from './ledger.js';
import { clip, printable } from './printable.js';
import { renderTable } from './table.js';

/** A table for each task, best first. */
export function renderLeaderboard(dir: string, tasks: readonly TaskStandings[]): string {
  if (tasks.length === 0) {
    return `there is no run in ${printable(dir)} yet; submit one with: tracecore leaderboard submit --bundle RUN_ID\n`;
  }
  const tables = tasks.map(({ task_ref, standings }) => {
    const rows = standings.map((one) => [
      String(one.rank),
      clip(one.agent, 60),
      percent(one.success_rate),
      figure(one.avg_steps),
      figure(one.avg_tool_calls),
      String(one.run_count),
    ]);
    return `${printable(task_ref)}\n${renderTable(['place', 'agent', 'success', 'steps', 'tool calls', 'runs'], rows)}`;
  });
  return tables.join('\n');
}

export function renderRecord(record: BoardRecord, colors: Colors): string {
  const outcome = record.success ? colors.green('success') : colors.red(printable(record.termination_reason));
  const rows: [string, string][] = [
    ['run', record.run_id],
    ['agent', clip(record.agent, 300)],
    ['agent hash', record.agent_hash ?? 'unknown'],
    ['task', `${record.task_ref} ${record.task_hash}`],
    ['seed', String(record.seed)],
    ['outcome', outcome],
    ['used', `${record.steps_used} steps, ${record.tool_calls_used} tool calls`],
    ['artifact', record.artifact_hash],
    ['bundle', record.integrity_sha256],
    ['signed by', record.signers.join(' ')],
    ['submitted', record.submitted_at],
  ];
  return renderFields(rows, colors);
}

/** A run that was submitted, and what to type next. */
export function renderSubmitted(
  record: BoardRecord,
  state: 'submitted' | 'unchanged',
  root: string | undefined,
  colors: Colors,
): string {
  const note = state === 'unchanged' ? ' (it was there already)' : '';
  const rows: [string, string][] = [
    ['run', `${record.run_id}${note}`],
    ['agent', clip(record.agent, 300)],
    ['task', record.task_ref],
    ['outcome', record.success ? colors.green('success') : colors.red(printable(record.termination_reason))],
  ];
  const next = printable(`  tracecore leaderboard${passedOn('root', root)}`);
  return `${renderFields(rows, colors)}\n${colors.dim('Next:')}\n${next}\n`;
}
