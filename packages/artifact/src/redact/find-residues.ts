import type { Json } from '@tracecore/spec';
import { childrenOf, type Place } from './places.js';

/** Shorter texts stand in too many places by chance. */
const SOUGHT_CHARS = 4;

/** Ids and times: their form leaves no room for a value, and digits meet by chance. */
const MACHINE_FIELDS = /^\/(?:run_id|trace_id|started_at|completed_at|artifact_hash|action_trace\/\d+\/action_ts)$/;

/** A place where a redacted text or number still stands; the name of a member is reported at its parent. */
export type Residue = Pick<Place, 'pointer'>;

/**
 * Where the texts and numbers of `values` stand in `document` outside of the places in `redacted`: as a whole, as a part of
 * a longer text, or in the name of a member. Below four characters nothing is looked for.
 */
export function findResidues(document: Json, values: readonly Json[], redacted: ReadonlySet<string>): Residue[] {
  const isSought = matcherOf(new Set(values.flatMap(textsIn)));
  const residues: Residue[] = [];
  visit({ pointer: '', value: document });
  return residues;

  function visit(place: Place): void {
    const { pointer, value } = place;
    if (redacted.has(pointer) || MACHINE_FIELDS.test(pointer)) return;
    if (typeof value === 'string' ? isSought(value) : typeof value === 'number' && isSought(String(value))) {
      residues.push({ pointer });
      return;
    }
    const children = childrenOf(place);
    if (children.some(({ key }) => typeof key === 'string' && isSought(key))) residues.push({ pointer });
    else for (const child of children) visit(child);
  }
}

/** The texts in a value, and its numbers as JSON spells them. */
function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  return childrenOf({ pointer: '', value }).flatMap((child) => textsIn(child.value));
}

/** Whether a text has one of many in it. They are found by their first characters, so their number hardly counts. */
function matcherOf(texts: ReadonlySet<string>): (text: string) => boolean {
  const byStart = new Map<string, string[]>();
  for (const text of texts) {
    if (text.length < SOUGHT_CHARS) continue;
    const start = text.slice(0, SOUGHT_CHARS);
    byStart.set(start, [...(byStart.get(start) ?? []), text]);
  }
  if (byStart.size === 0) return () => false;
  return (text) => {
    for (let at = 0; at + SOUGHT_CHARS <= text.length; at += 1) {
      const found = byStart.get(text.slice(at, at + SOUGHT_CHARS));
      if (found?.some((sought) => text.startsWith(sought, at))) return true;
    }
    return false;
  };
}
