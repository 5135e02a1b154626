import { isJsonObject, type Json, type JsonObject } from '@tracecore/spec';
import { pointerTo } from './pointer.js';

/** Where two values part; `undefined` on the side that has nothing there. */
export interface Difference {
  pointer: string;
  expected: Json | undefined;
  actual: Json | undefined;
}

/**
 * The first place where two JSON values differ, or null. Key order does not count, and 0 equals -0, as in a hash.
 * Objects are walked in the key order of `expected`, then over what only `actual` has; arrays by index.
 */
export function firstDifference(expected: Json, actual: Json, pointer = ''): Difference | null {
  if (expected === actual) return null;
  if (Array.isArray(expected) && Array.isArray(actual)) return differenceOfArrays(expected, actual, pointer);
  if (isJsonObject(expected) && isJsonObject(actual)) return differenceOfObjects(expected, actual, pointer);
  return { pointer, expected, actual };
}

function differenceOfArrays(expected: Json[], actual: Json[], pointer: string): Difference | null {
  const length = Math.max(expected.length, actual.length);
  for (let index = 0; index < length; index += 1) {
    const difference = differenceAt(expected[index], actual[index], pointerTo(pointer, index));
    if (difference) return difference;
  }
  return null;
}

function differenceOfObjects(expected: JsonObject, actual: JsonObject, pointer: string): Difference | null {
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const difference = differenceAt(own(expected, key), own(actual, key), pointerTo(pointer, key));
    if (difference) return difference;
  }
  return null;
}

function differenceAt(expected: Json | undefined, actual: Json | undefined, pointer: string): Difference | null {
  if (expected === undefined || actual === undefined) return { pointer, expected, actual };
  return firstDifference(expected, actual, pointer);
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
