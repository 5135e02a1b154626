import { isJsonObject, type Json } from '@tracecore/spec';

/** What the artifact's schema knows of a validator's answer; anything else in it is the task's own. */
const TEXTS = ['failure_reason', 'failure_type', 'termination_reason'] as const;
const OBJECTS = ['metrics', 'payload'] as const;

/** Why `value` is no answer of a validator that an artifact could hold; null when it is one. */
export function findValidationFault(value: Json): string | null {
  if (!isJsonObject(value) || typeof value.ok !== 'boolean') return 'expected an object with ok as true or false';
  const { success = true } = value;
  if (typeof success !== 'boolean') return 'expected success to be true or false';
  const text = TEXTS.find((name) => (value[name] ?? null) !== null && typeof value[name] !== 'string');
  if (text) return `expected ${text} to be a text or null`;
  const object = OBJECTS.find((name) => (value[name] ?? null) !== null && !isJsonObject(value[name] ?? null));
  return object ? `expected ${object} to be an object or null` : null;
}
