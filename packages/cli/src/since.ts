import { CliError } from './error.js';

const AGO = /^(\d{1,6})([smhdw])$/;
const MS_OF: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * Reads `--since`: so long before now, such as 12h or 7d, or a date with or without a time of day, in UTC where no zone
 * stands.
 * @throws {CliError} USAGE
 */
export function parseSince(text: string, now: Date): Date {
  const [, count, unit = ''] = AGO.exec(text) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * (MS_OF[unit] as number));
  const [, day, time = '00:00', zone = 'Z'] = MOMENT.exec(text) ?? [];
  const moment = new Date(`${day}T${time}${zone}`);
  if (day !== undefined && isDay(day) && !Number.isNaN(moment.getTime())) return moment;
  throw new CliError(
    'USAGE',
    `--since takes 7d, 12h, 30m, or a date such as 2026-03-01 or 2026-03-01T12:00Z, got "${text}"`,
  );
}

/** The 30th of February would come out as another day. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
