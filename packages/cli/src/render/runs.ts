import type {
  Collected,
  IndexedRun,
  PairMetrics,
  Percentiles,
  Recovery,
  RunsSummary,
} from '@tracecore/store/run-index';
import type { Overall } from '../commands/runs-mttr.js';
import type { Colors } from './color.js';
import { renderFields } from './fields.js';
import { figure, percent } from './ledger.js';
import { clip, printable } from './printable.js';
import { renderTable } from './table.js';

/** Digits that name a run; six are enough for a command. */
const ID_SHOWN = 12;
const FILES_SHOWN = 20;
const UNKNOWN = '-';

/** One line for each run. */
export function renderRuns(runs: readonly IndexedRun[], total: number): string {
  const rows = runs.map((run) => [
    run.run_id.slice(0, ID_SHOWN),
    run.started_at.slice(0, 19).replace('T', ' '),
    printable(run.task_ref),
    clip(run.agent_ref, 60),
    String(run.seed),
    clip(run.termination_reason, 40),
    `${run.steps_used}/${run.budgets.steps}`,
    `${run.tool_calls_used}/${run.budgets.tool_calls}`,
    seconds(run.wall_clock_elapsed_s),
  ]);
  const table = renderTable(
    ['run', 'started', 'task', 'agent', 'seed', 'ended', 'steps', 'tool calls', 'seconds'],
    rows,
  );
  const more = total > runs.length ? `, the newest of ${total}; --limit shows more` : '';
  return `${table}${plural(runs.length, 'run')}${more}\n`;
}

/** The counts, then a line for each task and agent. */
export function renderSummary(summary: RunsSummary): string {
  const { runs, succeeded, success_rate, failure_types, first_started_at, last_started_at, pairs } = summary;
  const failed = runs - succeeded;
  const rate = success_rate === null ? '' : ` (${percent(success_rate)})`;
  const how = failed === 0 ? '' : `: ${failures(failure_types)}`;
  const rows = pairs.map((pair) => [
    printable(pair.task_ref),
    clip(pair.agent_ref, 60),
    String(pair.runs),
    `${pair.succeeded} (${percent(pair.success_rate ?? 0)})`,
    figure(pair.mean_steps),
    figure(pair.mean_tool_calls),
    dayAndTime(pair.last_started_at),
  ]);
  return [
    `${plural(runs, 'run')} from ${dayAndTime(first_started_at)} to ${dayAndTime(last_started_at)}\n`,
    `${succeeded} succeeded${rate}, ${failed} failed${how}\n\n`,
    renderTable(['task', 'agent', 'runs', 'succeeded', 'mean steps', 'mean tool calls', 'last'], rows),
  ].join('');
}

/** A line for each task and agent. */
export function renderMetrics(metrics: readonly PairMetrics[]): string {
  const rows = metrics.map((pair) => {
    const { repeated, reproduced } = pair.reproducibility;
    return [
      printable(pair.task_ref),
      clip(pair.agent_ref, 60),
      String(pair.runs),
      percent(pair.success_rate ?? 0),
      repeated === 0 ? UNKNOWN : `${reproduced}/${repeated}`,
      `${both(pair.steps_used)}/${pair.steps_used.ceiling}`,
      `${both(pair.tool_calls_used)}/${pair.tool_calls_used.ceiling}`,
      pair.wall_clock_elapsed_s === null ? UNKNOWN : both(pair.wall_clock_elapsed_s, (value) => seconds(value)),
      both(pair.artifact_bytes, (value) => (value / 1024).toFixed(1)),
      pair.llm_calls === null ? UNKNOWN : String(pair.llm_calls.total),
      pair.llm_tokens === null ? UNKNOWN : String(pair.llm_tokens.total),
      failures(pair.failure_types),
    ];
  });
  const head = [
    'task',
    'agent',
    'runs',
    'success',
    'reproduced',
    'steps',
    'tool calls',
    'seconds',
    'KiB',
    'llm calls',
    'tokens',
    'failures',
  ];
  const legend =
    'steps, tool calls: P50/P95/budget; seconds, KiB: P50/P95; reproduced: of the inputs that were repeated\n';
  return `${renderTable(head, rows)}${legend}`;
}

/** A line for each agent, task and seed that failed, then all of them together. */
export function renderRecoveries(recoveries: readonly Recovery[], overall: Overall): string {
  const rows = recoveries.map((one) => [
    printable(one.task_ref),
    clip(one.agent_ref, 60),
    String(one.seed),
    String(one.runs),
    String(one.failures),
    `${one.recovered}/${one.outages}`,
    one.mttr_s === null ? UNKNOWN : seconds(one.mttr_s),
    one.longest_s === null ? UNKNOWN : seconds(one.longest_s),
    one.unresolved > 0 ? 'failing' : 'recovered',
  ]);
  const table = renderTable(
    ['task', 'agent', 'seed', 'runs', 'failures', 'recovered', 'mean s', 'longest s', 'now'],
    rows,
  );
  const mean = overall.mttr_s === null ? '' : `, after ${seconds(overall.mttr_s)} s in the mean`;
  return `${table}${overall.recovered} of ${plural(overall.outages, 'outage')} recovered${mean}; ${overall.unresolved} unresolved\n`;
}

/** Every field of a run, and what points to it. */
export function renderShownRun(run: IndexedRun, path: string, referencedBy: readonly string[], colors: Colors): string {
  const { budgets } = run;
  const outcome = run.success
    ? colors.green('success')
    : colors.red(printable(`${run.termination_reason} (${run.failure_type})`));
  const clock = budgets.wall_clock_seconds === null ? '' : ` of ${budgets.wall_clock_seconds}`;
  const llm =
    run.llm_calls === null ? 'none recorded' : `${run.llm_calls} calls, ${run.llm_tokens ?? 'unknown'} tokens`;
  return renderFields(
    [
      ['run', run.run_id],
      ['file', printable(path)],
      ['agent', clip(run.agent_ref, 300)],
      ['agent hash', printable(run.agent_hash ?? 'unknown')],
      ['task', printable(run.task_ref)],
      ['task hash', printable(run.task_hash)],
      ['seed', String(run.seed)],
      ['outcome', outcome],
      ['steps', `${run.steps_used} of ${budgets.steps}`],
      ['tool calls', `${run.tool_calls_used} of ${budgets.tool_calls}`],
      ['seconds', `${seconds(run.wall_clock_elapsed_s)}${clock}`],
      ['started', printable(run.started_at)],
      ['artifact', printable(run.artifact_hash)],
      ['bytes', String(run.artifact_bytes)],
      ['model', llm],
      ['inputs', run.inputs_key ?? 'unknown'],
      ['needed by', referencedBy.length === 0 ? 'nothing' : printable(referencedBy.join(', '))],
    ],
    colors,
  );
}

/** What went or would go, a few of many, and what stays although it is old. */
export function renderCollected({ removed, referenced, kept }: Collected, write: boolean): string {
  const failed = removed.filter(({ error }) => error !== null);
  const done = removed.filter(({ error }) => error === null);
  const bytes = done.reduce((sum, file) => sum + file.bytes, 0);
  const lines = [
    ...done.slice(0, FILES_SHOWN).map(({ file }) => `${write ? 'removed' : 'would remove'} ${printable(file)}\n`),
    ...(done.length > FILES_SHOWN ? [`and ${done.length - FILES_SHOWN} more; --format json names them\n`] : []),
    ...failed.map(({ file, error }) => `could not remove ${printable(file)}: ${printable(error ?? '')}\n`),
    ...referenced
      .slice(0, FILES_SHOWN)
      .map(({ run_id, by }) => `stays: ${run_id}, needed by ${printable(by.join(', '))}\n`),
    ...(referenced.length > FILES_SHOWN ? [`and ${referenced.length - FILES_SHOWN} more stay\n`] : []),
    `${plural(done.length, 'file')} of ${(bytes / 1024).toFixed(1)} KiB ${write ? 'removed' : 'would go'}, ${plural(kept, 'run')} kept\n`,
    ...(!write && done.length > 0 ? ['nothing was removed; --write does it\n'] : []),
  ];
  return lines.join('');
}

function both({ p50, p95 }: Percentiles, show: (value: number) => string = String): string {
  return `${show(p50)}/${show(p95)}`;
}

function failures(counts: PairMetrics['failure_types']): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.length === 0 ? UNKNOWN : some.map(([type, count]) => `${type} ${count}`).join(', ');
}

function seconds(value: number | null): string {
  return value === null ? UNKNOWN : value.toFixed(3);
}

function dayAndTime(moment: string | null): string {
  return (moment ?? UNKNOWN).slice(0, 19).replace('T', ' ');
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
