import type { BundleCheck, BundleReport, SealedBundle, SignedBundle } from '@tracecore/bundle';
import type { Colors } from './color.js';
import { renderFields } from './fields.js';
import { clip, printable } from './printable.js';

/** A bundle that was sealed, and what to type next. `nextOptions` has a space before each. */
export function renderSealed(
  { dir, run_id, state, success, termination_reason, signed_by, removed }: SealedBundle,
  nextOptions: string,
  colors: Colors,
): string {
  const rows: [string, string][] = [
    ['bundle', `${printable(dir)}${state === 'identical' ? ' (it was there already, the same)' : ''}`],
    ['run', run_id],
    ['outcome', success ? colors.green('success') : colors.red(printable(termination_reason))],
    ['signed by', signed_by ?? 'nobody'],
  ];
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

/** One line for each check, under the bundle's folder; then who signed, and what was not looked at. */
export function renderBundleReport(dir: string, { checks, signature, extra }: BundleReport, colors: Colors): string {
  const signers = signature.signers.map(({ key_id, status, trusted_by }) => {
    const by = trusted_by === null ? '' : ` (${printable(trusted_by)})`;
    return `signed by: ${printable(key_id)} ${status}${by}\n`;
  });
  const beside = extra.length === 0 ? '' : `not checked: ${clip(extra.join(', '), 400)}\n`;
  return [`${printable(dir)}\n`, ...checks.map((check) => lineOf(check, colors)), ...signers, beside].join('');
}

function lineOf({ check, status, code, message, file, pointer }: BundleCheck, colors: Colors): string {
  if (status === 'ok') return `${check}: ${colors.green('OK')}\n`;
  const word = status === 'skip' ? colors.yellow('SKIP') : colors.red('FAIL');
  const place = [file, pointer].filter((part) => part !== undefined && !message.includes(part)).join(' ');
  return `${check}: ${word} ${code} ${place === '' ? '' : `${printable(place)}: `}${clip(message, 400)}\n`;
}
