import type { BundleLine, BundleStatus } from '@tracecore/bundle';
import type { Colors } from './color.js';
import { clip, printable } from './printable.js';
import { renderTable } from './table.js';

/** One line for each bundle, then what else lies in the folder. */
export function renderBundleStatus(dir: string, status: BundleStatus, colors: Colors): string {
  const { bundles, left_out, unfinished, foreign } = status;
  const none = left_out === 0 && unfinished.length === 0 && foreign.length === 0;
  if (bundles.length === 0 && none) {
    return `there is no bundle in ${printable(dir)} yet; make one with: tracecore bundle seal\n`;
  }
  const table = bundles.length === 0 ? '' : renderTable(['run', 'state', 'signature', 'what'], bundles.map(rowOf));
  const notes = [
    ...(left_out === 0 ? [] : [`${left_out} more ${left_out === 1 ? 'is' : 'are'} not shown`]),
    ...unfinished.map((name) => `${printable(name)}: a seal that is under way or was killed; a later seal removes it`),
    ...foreign.map((name) => `${printable(name)}: no bundle of this folder; its name is no run id, or it is a link`),
  ];
  return `${table}${notes.map((note) => `${colors.dim(note)}\n`).join('')}`;
}

function rowOf({ run_id, form, state, signature, code, message, unfinished_signature }: BundleLine): string[] {
  const what = [
    ...(code === null ? [] : [`${code} ${message}`]),
    ...(form === 'python' ? ['of the Python runtime'] : []),
    ...(unfinished_signature ? ['a signing is under way or was killed: see .attestation.dsse.json.tmp'] : []),
  ];
  return [run_id, state, signature.status, clip(what.join('; '), 200)];
}
