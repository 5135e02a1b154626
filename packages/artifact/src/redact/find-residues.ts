import type { Json } from '@tracecore/spec';
import { childrenOf, type Place } from './places.js';

/** Shorter texts stand in too many places by chance. */
const SOUGHT_CHARS = 4;

/** The longest beginning that a text has is what it is looked up by: the longer, the fewer have the same. */
const START_CHARS = [32, 12, SOUGHT_CHARS];

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

/** Whether a text has one of many in it. They are looked up by their beginnings, so their number hardly counts. */
function matcherOf(texts: ReadonlySet<string>): (text: string) => boolean {
  const byStart = new Map<number, Map<string, string[]>>();
  for (const text of texts) {
    const length = START_CHARS.find((chars) => text.length >= chars);
    if (length === undefined) continue;
    const starts = getOrAdd(byStart, length, () => new Map<string, string[]>());
    getOrAdd(starts, text.slice(0, length), () => []).push(text);
  }
  const indexes = [...byStart];
  if (indexes.length === 0) return () => false;
  return (text) => {
    for (let at = 0; at + SOUGHT_CHARS <= text.length; at += 1) {
      for (const [length, starts] of indexes) {
        const found = starts.get(text.slice(at, at + length));
        if (found?.some((sought) => text.startsWith(sought, at))) return true;
      }
    }
    return false;
  };
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}
