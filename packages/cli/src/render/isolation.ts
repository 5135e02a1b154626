import type { Artifact } from '@tracecore/spec';
import { clip } from './printable.js';

/** How the programs of an episode were kept, as the artifact tells it: `process, process-bubblewrap (contained)`. */
export function isolationText({ isolation }: Artifact): string | null {
  const { host, mechanism, level } = fieldsOf(isolation);
  if (typeof host !== 'string') return null;
  const kept = typeof mechanism === 'string' && mechanism !== 'none' ? `, ${mechanism}` : '';
  const reached = typeof level === 'string' && level !== 'none' ? ` (${level})` : '';
  return clip(`${host}${kept}${reached}`, 120);
}

/** What to tell whoever ran programs that nothing but their process kept apart; null for every other run. */
export function bareWarning({ isolation }: Artifact): string | null {
  const { level, held } = fieldsOf(isolation);
  if (level !== 'bare') return null;
  const open = Object.entries(fieldsOf(held))
    .filter(([, hold]) => hold === 'open')
    .map(([thing]) => thing.replaceAll('_', ' '));
  const what = open.length === 0 ? '' : `; not held: ${open.join(', ')}`;
  return clip(`warning: a program ran as a bare process${what}; tracecore doctor says what to install`, 400);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
