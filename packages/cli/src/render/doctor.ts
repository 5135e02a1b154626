import { HELD_THINGS, type Hold } from '@tracecore/sandbox/confine';
import type { Check } from '../doctor/check.js';
import type { DoctorReport } from '../doctor/examine.js';
import type { HostRow } from '../doctor/host-rows.js';
import type { Colors } from './color.js';
import { printable } from './printable.js';

const LABEL_WIDTH = 16;

/** The report for a reader: what was found, what to do about it, and what holds here. */
export function renderDoctor(report: DoctorReport, colors: Colors): string {
  const { machine, confinement, interpreters, project, hosts } = report;
  return [
    section('machine', machine, colors),
    section('confinement', confinement, colors),
    section('interpreters', interpreters, colors),
    renderHosts(hosts, colors),
    section('project', project, colors),
  ].join('\n');
}

function section(title: string, checks: readonly Check[], colors: Colors): string {
  const lines = checks.flatMap(({ name, ok, found, fix }) => {
    const line = `  ${colors.dim(name.padEnd(LABEL_WIDTH))}  ${ok ? printable(found) : colors.red(printable(found))}\n`;
    return fix === null ? [line] : [line, `  ${' '.repeat(LABEL_WIDTH)}  to do: ${printable(fix)}\n`];
  });
  return `${colors.bold(title)}\n${lines.join('')}`;
}

/** A column for each kind of program, a line for each thing that it could reach for. */
function renderHosts(hosts: readonly HostRow[], colors: Colors): string {
  const lines: [label: string, cells: string[]][] = [
    ['', hosts.map(({ host, programs }) => `${host} (${programs})`)],
    ['mechanism', hosts.map(({ mechanism }) => mechanism)],
    ['level', hosts.map(({ level }) => level)],
    ...HELD_THINGS.map((thing): [string, string[]] => [
      thing.replaceAll('_', ' '),
      hosts.map(({ held }) => held[thing]),
    ]),
  ];
  const widths = hosts.map((_, column) => Math.max(...lines.map(([, cells]) => cells[column]?.length ?? 0)));
  const rows = lines.map(([label, cells]) => {
    const last = cells.length - 1;
    const padded = cells.map((cell, column) => {
      const text = column === last ? cell : cell.padEnd(widths[column] ?? 0);
      return text.replace(cell, () => colorOf(cell, colors));
    });
    return `  ${colors.dim(label.padEnd(LABEL_WIDTH))}  ${padded.join('  ')}\n`;
  });
  return `${colors.bold('what holds here')}\n${rows.join('')}`;
}

function colorOf(cell: string, colors: Colors): string {
  const paint: Record<Hold, (text: string) => string> = {
    held: colors.green,
    cooperative: colors.yellow,
    open: colors.red,
  };
  return Object.hasOwn(paint, cell) ? paint[cell as Hold](cell) : cell;
}
