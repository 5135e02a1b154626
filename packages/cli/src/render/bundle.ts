import type { BundleCheck, BundleReport, SealedBundle, SignedBundle } from '@tracecore/bundle';
import type { Colors } from './color.js';
import { renderFields } from './fields.js';
import { clip, printable } from './printable.js';

/** A bundle that was sealed, and what to type next. `nextOptions` has a space before each. */
export function renderSealed(
  { dir, run_id, state, success, termination_reason, signed_by, redacted, removed }: SealedBundle,
  { nextOptions, salts = '' }: { nextOptions: string; salts?: string | undefined },
  colors: Colors,
): string {
  const rows: [string, string][] = [
    ['bundle', `${printable(dir)}${state === 'identical' ? ' (it was there already, the same)' : ''}`],
    ['run', run_id],
    ['outcome', success ? colors.green('success') : colors.red(printable(termination_reason))],
    ['signed by', signed_by ?? 'nobody'],
  ];
  if (redacted !== undefined)
    rows.push(['redacted', `${counted(redacted)}; ${printable(salts)} opens ${redacted === 1 ? 'it' : 'them'}`]);
  if (removed.length > 0) rows.push(['removed', `${removed.length} left behind by seals that were killed`]);
  const next = printable(`  tracecore bundle verify ${run_id}${nextOptions}`);
  return `${renderFields(rows, colors)}\n${colors.dim('Next:')}\n${next}\n`;
}

export function renderSigned(dir: string, { key_id, state }: SignedBundle, colors: Colors): string {
  const note = state === 'unchanged' ? ' (it had signed already)' : '';
  return renderFields(
    [
      ['bundle', printable(dir)],
      ['signed by', `${key_id}${note}`],
    ],
    colors,
  );
}

/** One line for each check, under the bundle's folder; then what is redacted, who signed, and what was not looked at. */
export function renderBundleReport(dir: string, report: BundleReport, colors: Colors): string {
  const { checks, signature, redacted, proven = [], extra } = report;
  const signers = signature.signers.map(({ key_id, status, trusted_by }) => {
    const by = trusted_by === null ? '' : ` (${printable(trusted_by)})`;
    return `signed by: ${printable(key_id)} ${status}${by}\n`;
  });
  const hidden = redacted === 0 ? '' : `redacted: ${counted(redacted)}, ${proven.length} of them proven here\n`;
  const opened = proven.map(
    ({ pointer, value }) => `proven: ${printable(pointer)} ${clip(JSON.stringify(value), 400)}\n`,
  );
  const beside = extra.length === 0 ? '' : `not checked: ${clip(extra.join(', '), 400)}\n`;
  const lines = checks.map((check) => lineOf(check, colors));
  return [`${printable(dir)}\n`, ...lines, hidden, ...opened, ...signers, beside].join('');
}

function counted(values: number): string {
  return values === 1 ? '1 value' : `${values} values`;
}

function lineOf({ check, status, code, message, note, file, pointer }: BundleCheck, colors: Colors): string {
  if (status === 'ok') return `${check}: ${colors.green('OK')}${note === undefined ? '' : ` (${note})`}\n`;
  const word = status === 'skip' ? colors.yellow('SKIP') : colors.red('FAIL');
  const place = [file, pointer].filter((part) => part !== undefined && !message.includes(part)).join(' ');
  return `${check}: ${word} ${code} ${place === '' ? '' : `${printable(place)}: `}${clip(message, 400)}\n`;
}
