import type { Json } from '@tracecore/spec';

const SHOWN_CHARS = 200;

/** A value within a message, cut where it is long; what is not there is `absent`. */
export function shownJson(value: Json | undefined): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS).toWellFormed()}…` : text;
}
