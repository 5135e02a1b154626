import type { ReplayReport } from '@tracecore/runner';
import type { Artifact } from '@tracecore/spec';
import type { Colors } from './color.js';
import { renderFields } from './fields.js';
import { clip, printable } from './printable.js';
import { describe } from './run.js';

/** Two values and a pointer, each cut already. */
const MESSAGE_CHARS = 1_000;

interface Shown {
  artifact: Artifact;
  /** The file or folder as the reader would type it. */
  shown: string;
}

/** What there is to show of a replay. */
export interface ReplayView {
  baseline: Shown;
  played: Shown;
  report: ReplayReport;
}

/** One line of `replay --actions`. */
export interface ActionsCheck {
  check: 'task_hash' | 're-derivation';
  status: 'ok' | 'fail' | 'skip';
  code: 'OK' | 'VERDICT_ONLY' | 'TASK_HASH_DIFFERS' | 'TASK_HASH_FOREIGN' | 'SCORE_DIFFERS';
  message: string;
  pointer?: string;
}

export interface ActionsView {
  baseline: Shown;
  checks: readonly ActionsCheck[];
  ok: boolean;
}

/** Both runs, a line for each check, and the verdict with the first disagreement. */
export function renderReplay({ baseline, played, report }: ReplayView, colors: Colors): string {
  const rows = [
    ['baseline', printable(baseline.shown)],
    ['replay', printable(played.shown)],
  ] as const;
  const { first } = report;
  const verdict =
    first === null
      ? `${colors.green('[REPLAY OK]')} ${report.strict ? 'strict: ' : ''}the run agrees with its baseline`
      : `${colors.red(`[REPLAY FAILED: ${first.code}]`)} ${clip(first.message, MESSAGE_CHARS)}`;
  const lines = report.checks.map((check) => lineOf(check, colors));
  return `${renderFields(rows, colors)}\n${lines.join('')}\n${verdict}\n`;
}

/** The report as JSON; its form is docs/evidence.md. */
export function replayJson({ baseline, played, report }: ReplayView): string {
  const { ok, strict, first, checks } = report;
  const value = { replay_version: 1, ok, strict, baseline: namesOf(baseline), replay: namesOf(played), first, checks };
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function renderActions({ baseline, checks }: ActionsView, colors: Colors): string {
  return `${printable(baseline.shown)}\n${checks.map((check) => lineOf(check, colors)).join('')}`;
}

export function actionsJson({ baseline, checks, ok }: ActionsView): string {
  return `${JSON.stringify({ replay_version: 1, ok, baseline: namesOf(baseline), checks }, null, 2)}\n`;
}

function namesOf({ shown, artifact }: Shown) {
  return { file: shown, run_id: artifact.run_id, artifact_hash: artifact.artifact_hash };
}

type Check = Pick<ActionsCheck, 'status' | 'message' | 'pointer'> & { check: string; code: string };

function lineOf({ check, status, code, message, pointer }: Check, colors: Colors): string {
  if (status === 'ok') return `${check}: ${colors.green('OK')}\n`;
  const word = status === 'skip' ? colors.yellow('SKIP') : colors.red('FAIL');
  return `${check}: ${word} ${code} ${pointer === undefined ? clip(message, MESSAGE_CHARS) : describe(pointer, message)}\n`;
}
