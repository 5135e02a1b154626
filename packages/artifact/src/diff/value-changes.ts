import { isJsonObject, type Json, type JsonObject } from '@tracecore/spec';
import { pointerTo } from '../pointer.js';
import type { ValueChange } from './types.js';

/**
 * Every place where two JSON values differ, members by name and elements by index: in the same order whichever comes
 * first. `undefined` is a side that has nothing. A number counts by its value, so 1.0 equals 1 and 0 equals -0.
 */
export function valueChanges(a: Json | undefined, b: Json | undefined, pointer: string): ValueChange[] {
  const changes: ValueChange[] = [];
  collect(a, b, pointer, changes);
  return changes;
}

/** The same for some members of two objects, in the order they are named in. */
export function memberChanges(a: JsonObject, b: JsonObject, names: readonly string[], pointer: string): ValueChange[] {
  const changes: ValueChange[] = [];
  for (const name of names) collectAt(own(a, name), own(b, name), pointer, name, changes);
  return changes;
}

/** The names that either object has, sorted. */
export function namesOf(a: JsonObject, b: JsonObject): string[] {
  const names = Object.keys(a);
  for (const name of Object.keys(b)) if (!Object.hasOwn(a, name)) names.push(name);
  return names.sort();
}

function collect(a: Json | undefined, b: Json | undefined, pointer: string, changes: ValueChange[]): void {
  if (a === b) return;
  if (Array.isArray(a) && Array.isArray(b)) {
    const length = Math.max(a.length, b.length);
    for (let index = 0; index < length; index += 1) collectAt(a[index], b[index], pointer, index, changes);
  } else if (isJsonObject(a) && isJsonObject(b)) {
    for (const name of namesOf(a, b)) collectAt(own(a, name), own(b, name), pointer, name, changes);
  } else {
    changes.push({ pointer, ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) });
  }
}

/** Most values are equal; a pointer is made only where they may differ. */
function collectAt(
  a: Json | undefined,
  b: Json | undefined,
  pointer: string,
  segment: string | number,
  changes: ValueChange[],
): void {
  if (a !== b) collect(a, b, pointerTo(pointer, segment), changes);
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
