import type { Colors } from './color.js';

/** One line for each label and its value, in two columns. */
export function renderFields(rows: readonly (readonly [label: string, value: string])[], colors: Colors): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${colors.dim(label.padEnd(width))}  ${value}\n`).join('');
}
