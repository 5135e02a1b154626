import type { MigrationLine } from '@tracecore/store';
import type { Colors } from './color.js';
import { clip, printable } from './printable.js';

const POINTERS_SHOWN = 400;

/** A line for each file that is not v1.0 already, with what is filled in below it, then how many there are of each kind. */
export function renderMigration(home: string, lines: readonly MigrationLine[], colors: Colors): string {
  const counts = (state: MigrationLine['state']) => lines.filter((line) => line.state === state).length;
  const [changing, migrated, failed] = [counts('would_change'), counts('migrated'), counts('failed')];
  const summary = [
    `${counts('current')} v1.0 already`,
    ...(changing > 0 ? [`${changing} would change`] : []),
    ...(migrated > 0 ? [`${migrated} migrated`] : []),
    ...(failed > 0 ? [`${failed} not written`] : []),
    `${counts('left')} left alone`,
  ].join(', ');
  const next = changing > 0 ? 'nothing was written; --write does it\n' : '';
  return [...lines.map((line) => textOf(line, colors)), `${printable(home)}: ${summary}\n`, next].join('');
}

function textOf({ file, state, code, message, record, backup }: MigrationLine, colors: Colors): string {
  const name = printable(file);
  if (state === 'current') return '';
  if (record === null) {
    const word = state === 'left' ? colors.yellow('left alone') : colors.red('not written');
    return `${name}: ${word} ${code} ${clip(message ?? '', POINTERS_SHOWN)}\n`;
  }
  const { from, changed, assumed } = record;
  const did = state === 'migrated' ? colors.green('migrated') : colors.yellow('would change');
  return [
    `${name}: ${did} from ${printable(from)}\n`,
    `  filled:  ${clip(changed.join(' '), POINTERS_SHOWN)}\n`,
    ...(assumed.length > 0 ? [`  assumed: ${clip(assumed.join(' '), POINTERS_SHOWN)}\n`] : []),
    ...(backup === null ? [] : [`  kept:    ${printable(backup)}\n`]),
  ].join('');
}
