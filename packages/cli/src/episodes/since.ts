import { CliError } from '../error.js';

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Reads `--since`: a date (UTC midnight), a date and time with its zone, or so long ago, such as 12h or 7d.
 * @throws {CliError} USAGE
 */
export function parseSince(text: string, now: Date): Date {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * (UNITS[unit] ?? 0));
  if (/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) {
    const moment = new Date(text);
    // The 30th of February would come out as another day.
    if (!Number.isNaN(moment.getTime()) && isDay(text.slice(0, 10))) return moment;
  }
  throw new CliError(
    'USAGE',
    `--since must be a date such as 2026-03-01, a time such as 2026-03-01T10:00:00Z, or so long ago such as 12h or 7d, got "${text}"`,
  );
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
