import type { EvidenceReport, VerifyCheck } from '@tracecore/runner';
import type { Colors } from './color.js';
import { clip, printable } from './printable.js';
import { describe } from './run.js';

const UNREADABLE = { code: 'FILE_UNREADABLE', message: 'it cannot be read' };

/** A report as `verify --json` gives it, by what was checked. */
export type ReportedSubject = { file: string } & EvidenceReport;

/** The report of what cannot be read at all, so that nothing of it was checked. */
export function unreadableReport(
  kind: EvidenceReport['kind'],
  { code, message }: { code: string; message: string } = UNREADABLE,
): EvidenceReport {
  const check = kind === 'run' ? 'schema' : 'bundle';
  return { kind, ok: false, run_id: null, checks: [{ check, status: 'fail', code, message }], signers: [] };
}

/** What `verify --json` prints: spec/extensions/verify-report-schema-v1.json. */
export function verifyJson(subjects: readonly ReportedSubject[]): string {
  const ok = subjects.every((subject) => subject.ok);
  return `${JSON.stringify({ verify_version: 1, ok, subjects }, null, 2)}\n`;
}

/** One line for each check, under the name of the file or the bundle. */
export function renderReport(name: string, { checks }: Pick<EvidenceReport, 'checks'>, colors: Colors): string {
  return `${printable(name)}\n${checks.map((check) => `${lineOf(check, colors)}\n`).join('')}`;
}

function lineOf({ check, status, code, message, note, pointer, file }: VerifyCheck, colors: Colors): string {
  if (status === 'ok') return `${check}: ${colors.green('OK')}${note === undefined ? '' : ` (${clip(note, 400)})`}`;
  const word = status === 'skip' ? colors.yellow('SKIP') : colors.red('FAIL');
  const of = file === undefined || message.includes(file) ? '' : `${printable(file)}: `;
  return `${check}: ${word} ${code} ${of}${describe(pointer, message)}`;
}
