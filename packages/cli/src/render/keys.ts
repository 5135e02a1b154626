import { passedOn } from '../passed-on.js';
import type { Colors } from './color.js';
import { renderFields } from './fields.js';
import { printable } from './printable.js';

/** A key that was just written, and how it is used. */
export function renderNewKey(id: string, files: { private: string; public: string }, colors: Colors): string {
  const fields = renderFields(
    [
      ['key', id],
      ['private', `${printable(files.private)} (only you can read it; whoever has it signs as you)`],
      ['public', `${printable(files.public)} (for those who verify what you sign)`],
    ],
    colors,
  );
  const next = printable(`  tracecore bundle seal --sign${passedOn('key', files.private)}`);
  return `${fields}\n${colors.dim('Next:')}\n${next}\n`;
}

/** The id of a key and its public half. */
export function renderKey(
  { id, public_pem }: { id: string; public_pem: string },
  kind: 'private' | 'public',
  colors: Colors,
): string {
  const what = kind === 'private' ? 'private; its public half is' : 'public';
  return `${renderFields(
    [
      ['key', id],
      ['kind', what],
    ],
    colors,
  )}${public_pem}`;
}
