import { isJsonObject, type Json } from '@tracecore/spec';
import { pointerTo, segmentsOf } from '../pointer.js';

/** A value within a document, and where it stands. */
export interface Place {
  pointer: string;
  value: Json;
}

const INDEX = /^(?:0|[1-9]\d*)$/;

/** The members of a container by pointer, in their order; none of any other value. */
export function childrenOf({ pointer, value }: Place): (Place & { key: string | number })[] {
  if (Array.isArray(value)) {
    return value.map((child, index) => ({ key: index, pointer: pointerTo(pointer, index), value: child }));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).map(([key, child]) => ({ key, pointer: pointerTo(pointer, key), value: child }));
}

/** Every place that the segments lead to; a segment `*` stands for every member. */
export function placesAt(document: Json, segments: readonly string[]): Place[] {
  let places: Place[] = [{ pointer: '', value: document }];
  for (const segment of segments) places = places.flatMap((place) => step(place, segment));
  return places;
}

/** The value at a pointer, own members only; undefined when nothing stands there. */
export function valueAt(document: Json, pointer: string): Json | undefined {
  let value: Json | undefined = document;
  for (const segment of segmentsOf(pointer) ?? []) {
    if (Array.isArray(value)) value = INDEX.test(segment) ? value[Number(segment)] : undefined;
    else if (isJsonObject(value) && Object.hasOwn(value, segment)) value = value[segment];
    else return undefined;
  }
  return value;
}

/** A copy of a document with other values at some pointers. What is not on the way to one of them is shared. */
export function withReplaced(document: Json, replacements: ReadonlyMap<string, Json>): Json {
  const ways = new Set([...replacements.keys()].flatMap(prefixesOf));
  return rebuilt({ pointer: '', value: document });

  function rebuilt(place: Place): Json {
    const replacement = replacements.get(place.pointer);
    if (replacement !== undefined) return replacement;
    if (!ways.has(place.pointer)) return place.value;
    const children = childrenOf(place).map((child) => [child.key, rebuilt(child)] as const);
    // `Object.fromEntries` defines own members, so a `__proto__` key stays data.
    return Array.isArray(place.value) ? children.map(([, child]) => child) : Object.fromEntries(children);
  }
}

/** The pointers above a pointer, the empty one first. */
export function prefixesOf(pointer: string): string[] {
  const segments = pointer.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}

function step(place: Place, segment: string): Place[] {
  if (segment === '*') return childrenOf(place).map(({ pointer, value }) => ({ pointer, value }));
  const pointer = pointerTo(place.pointer, segment);
  const value = valueAt(place.value, pointerTo('', segment));
  return value === undefined ? [] : [{ pointer, value }];
}
