import type { StrictFault } from '@tracecore/runner';
import type { Artifact } from '@tracecore/spec';
import type { Colors } from './color.js';
import { isolationText } from './isolation.js';
import { clip, printable } from './printable.js';

/** What there is to show of a finished episode. */
export interface RunView {
  artifact: Artifact;
  /** The run file as the reader would type it. */
  file: string;
  /** What strict spec found, or null when it was not asked for. */
  strict: readonly StrictFault[] | null;
  /** Options that the next commands need, each with a space before it; null leaves those commands out. */
  nextOptions: { root: string; task: string } | null;
}

/** Whether the run may be called verified: it succeeded, and strict spec held if it was asked for. */
export function isVerified({ artifact, strict }: Pick<RunView, 'artifact' | 'strict'>): boolean {
  return artifact.success && (strict === null || strict.length === 0);
}

/** The panel, the strict-spec lines, the block that always has the same form, and what to do next. */
export function renderRun(view: RunView, colors: Colors): string {
  const parts = [renderPanel(view, colors), renderBlock(view, colors)];
  if (view.nextOptions !== null) parts.push(renderNext(view.artifact, view.nextOptions, colors));
  if (view.strict !== null) parts.splice(1, 0, renderStrict(view.strict, colors));
  return parts.join('\n');
}

function renderPanel({ artifact, file }: RunView, colors: Colors): string {
  const { budgets } = artifact;
  const seconds = artifact.wall_clock_elapsed_s;
  const limit = budgets.wall_clock_seconds == null ? '' : ` of ${budgets.wall_clock_seconds} s`;
  const isolation = isolationText(artifact);
  const rows: [string, string][] = [
    ['agent', printable(artifact.agent_ref)],
    ['task', printable(artifact.task_ref)],
    ['seed', String(artifact.seed)],
    ...forkedRow(artifact),
    ['outcome', outcomeOf(artifact, colors)],
    ['steps', `${artifact.steps_used} of ${budgets.steps}`],
    ['tool calls', `${artifact.tool_calls_used} of ${budgets.tool_calls}`],
    ['wall clock', seconds === null ? 'unknown' : `${seconds.toFixed(3)} s${limit}`],
    ...(isolation === null ? [] : [['isolation', isolation] satisfies [string, string]]),
    ['run file', printable(file)],
  ];
  return `${rows.map(([label, value]) => `${colors.dim(label.padEnd(10))}  ${value}\n`).join('')}`;
}

/** Where a fork comes from; any JSON may stand there in a file of somebody else. */
function forkedRow({ forked_from: from, evidence_links: links }: Artifact): [string, string][] {
  const { at, artifact_hash: hash } = (from ?? {}) as Record<string, unknown>;
  if (typeof at !== 'number' || typeof hash !== 'string') return [];
  const run = (links as Record<string, unknown> | undefined)?.forked_from_run;
  return [['forked', clip(`at step ${at} from ${typeof run === 'string' ? run : hash}`, 100)]];
}

/** `success`, or how the episode failed and why, in one line. */
export function outcomeOf(artifact: Artifact, colors: Colors): string {
  if (artifact.success) return colors.green('success');
  const { termination_reason: reason, failure_type: type, failure_reason: why } = artifact;
  const kind = type === null || type === reason ? '' : ` (${type})`;
  const detail = typeof why === 'string' && why !== reason ? `: ${clip(why, 300)}` : '';
  return `${colors.red(printable(`${reason}${kind}`))}${detail}`;
}

/** One line for strict spec that held, else one for each rule that did not. */
export function renderStrict(findings: readonly StrictFault[], colors: Colors): string {
  if (findings.length === 0) return `strict-spec: ${colors.green('OK')}\n`;
  return findings
    .map(({ code, pointer, message }) => `strict-spec: ${colors.red('FAIL')} ${code} ${describe(pointer, message)}\n`)
    .join('');
}

/** A pointer and a message in one line; the pointer only once where the message starts with it. */
export function describe(pointer: string | undefined, message: string): string {
  const text = clip(message, 400);
  return pointer && !message.startsWith(pointer) ? `${printable(pointer)} ${text}` : text;
}

function renderBlock(view: RunView, colors: Colors): string {
  const { artifact } = view;
  const verified = isVerified(view);
  return [
    colors.bold(verified ? 'TraceCore Verified' : 'TraceCore Recorded'),
    `  agent: ${printable(artifact.agent_ref)}`,
    `  task: ${printable(artifact.task_ref)}`,
    `  spec: ${printable(artifact.spec_version)}`,
    `  artifact_hash: ${printable(artifact.artifact_hash)}`,
    '',
  ].join('\n');
}

function renderNext(artifact: Artifact, { root, task }: { root: string; task: string }, colors: Colors): string {
  const id = printable(artifact.run_id);
  return [
    colors.dim('Next:'),
    `  tracecore verify --run ${id}${task}${root}`,
    `  tracecore inspect --run ${id}${root}`,
    `  tracecore bundle seal --run ${id}${root}`,
    '',
  ].join('\n');
}
