import { redactionsOf } from '@tracecore/artifact';
import { type Artifact, isJsonObject, type Json } from '@tracecore/spec';
import type { Colors } from './color.js';
import { isolationText } from './isolation.js';
import { clip, printable } from './printable.js';
import { outcomeOf } from './run.js';

/** An artifact for a reader: its identity, its outcome, and one line for each step. */
export function renderInspect(artifact: Artifact, colors: Colors): string {
  const { budgets } = artifact;
  const rows: [string, string][] = [
    ['run', artifact.run_id],
    ['agent', artifact.agent_ref],
    ['task', artifact.task_ref],
    ['seed', String(artifact.seed)],
    ['spec', artifact.spec_version],
    ['isolation', isolationText(artifact) ?? 'not told'],
    ['runtime', `${artifact.runtime_identity.name} ${artifact.runtime_identity.version}`],
    ['started', artifact.started_at],
    ['completed', artifact.completed_at],
    ['steps', `${artifact.steps_used} of ${budgets.steps}`],
    ['tool calls', `${artifact.tool_calls_used} of ${budgets.tool_calls}`],
    ['hash', artifact.artifact_hash],
    ...originRows(artifact),
  ];
  const head = rows.map(([label, value]) => `${colors.dim(label.padEnd(10))}  ${printable(value)}\n`).join('');
  const outcome = `${colors.dim('outcome'.padEnd(10))}  ${outcomeOf(artifact, colors)}\n`;
  const { action_trace: trace } = artifact;
  const steps = trace.length === 0 ? 'no step was recorded\n' : trace.map((entry) => stepLine(entry, colors)).join('');
  return `${head}${outcome}\n${steps}`;
}

/** What was done to a record, or where it comes from; nothing of an ordinary run. */
function originRows(artifact: Artifact): [string, string][] {
  const { forked_from: fork, migration } = artifact as { forked_from?: Json; migration?: Json };
  const places = redactionsOf(artifact).length;
  const rows: [string, string][] = [];
  if (isJsonObject(fork)) rows.push(['forked', `at step ${fork.at} of ${fork.artifact_hash}`]);
  if (isJsonObject(migration)) rows.push(['migrated', `from ${migration.from}`]);
  if (places > 0) rows.push(['redacted', places === 1 ? '1 place' : `${places} places`]);
  return rows;
}

function stepLine({ step, action, result, io_audit }: Artifact['action_trace'][number], colors: Colors): string {
  const { type, args } = action as { type?: unknown; args?: unknown };
  const { ok, ...rest } = result as { ok?: unknown };
  const mark = ok === true ? colors.green('ok') : ok === false ? colors.red('refused') : '?';
  const touched = io_audit.length === 0 ? '' : colors.dim(`  [${clip(io_audit.map(touchOf).join(', '), 60)}]`);
  const name = typeof type === 'string' ? printable(type) : clip(json(action), 60);
  return `${String(step).padStart(4)}  ${name} ${clip(json(args ?? {}), 80)} -> ${mark} ${clip(json(rest), 120)}${touched}\n`;
}

function touchOf({ type, op, path, host }: { type: string; op?: unknown; path?: unknown; host?: unknown }): string {
  return [type, op, path ?? host].filter((part) => typeof part === 'string').join(' ');
}

function json(value: unknown): string {
  return JSON.stringify(value) ?? '';
}
