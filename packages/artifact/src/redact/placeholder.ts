import { isJsonObject, type Json } from '@tracecore/spec';

const COMMITMENT = /^sha256:[0-9a-f]{64}$/;
const MARK = 'redacted';
const PREFIX = `${MARK}:`;

export function isCommitment(value: unknown): value is string {
  return typeof value === 'string' && COMMITMENT.test(value);
}

/**
 * What stands where `value` stood. An object stays an object and a list a list; anything else becomes a text. None of the
 * three is what another one becomes when a placeholder is put inside of it.
 */
export function placeholderFor(value: Json, commitment: string): Json {
  if (Array.isArray(value)) return [MARK, commitment];
  if (isJsonObject(value)) return { [MARK]: commitment };
  return PREFIX + commitment;
}

/** The commitment of a placeholder, or null when `value` is none. */
export function commitmentIn(value: Json | undefined): string | null {
  if (typeof value === 'string') return committed(value.startsWith(PREFIX) ? value.slice(PREFIX.length) : undefined);
  if (Array.isArray(value)) return value.length === 2 && value[0] === MARK ? committed(value[1]) : null;
  if (!isJsonObject(value)) return null;
  return Object.keys(value).length === 1 && Object.hasOwn(value, MARK) ? committed(value[MARK]) : null;
}

function committed(value: Json | undefined): string | null {
  return isCommitment(value) ? value : null;
}
