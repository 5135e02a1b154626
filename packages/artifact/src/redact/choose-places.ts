import { type Artifact, isJsonObject, type Json } from '@tracecore/spec';
import { ArtifactError } from '../error.js';
import { firstDifference } from '../first-difference.js';
import { pointerTo, segmentsOf } from '../pointer.js';
import { type Place, placesAt, prefixesOf, valueAt } from './places.js';
import { refusalOf, repeatedBy, repetitionOf } from './redactable.js';

/** One value that is redacted: where it stood first, and every place that gets its placeholder, that one included. */
export interface Chosen {
  origin: string;
  value: Json;
  places: string[];
}

/**
 * What the patterns lead to: JSON pointers in which `*` may stand for every member. A value that the next observation
 * repeats is chosen there too, whichever of the two was named, and what lies inside of another chosen value is part of it.
 * @throws {ArtifactError} REDACTION_POINTER_INVALID, REDACTION_NO_MATCH, REDACTION_NOT_ALLOWED.
 */
export function choosePlaces(artifact: Artifact, patterns: readonly string[]): Chosen[] {
  const document = artifact as unknown as Json;
  const found = patterns.flatMap((pattern) => placesOf(document, pattern));
  const chosen = new Map<string, Chosen>();
  for (const place of found) {
    requireAllowed(place.pointer);
    const origin = originOf(document, place.pointer);
    const value = valueAt(document, origin) as Json;
    chosen.set(origin, { origin, value, places: [origin, ...repetitions(document, origin)] });
  }
  return [...chosen.values()].filter(({ origin }) => !prefixesOf(origin).some((prefix) => chosen.has(prefix)));
}

function placesOf(document: Json, pattern: string): Place[] {
  const segments = segmentsOf(pattern);
  if (segments === null || segments.length === 0) {
    const example = '/action_trace/*/result/content';
    const message = `expected a JSON pointer to what should be redacted, such as ${example}, got ${JSON.stringify(pattern)}`;
    throw new ArtifactError('REDACTION_POINTER_INVALID', message, pattern);
  }
  const places = placesAt(document, segments);
  if (places.length > 0) return places;
  throw new ArtifactError('REDACTION_NO_MATCH', `expected a value at ${pattern}, the artifact has none`, pattern);
}

function requireAllowed(pointer: string): void {
  const refusal = refusalOf(segmentsOf(pointer) as string[]);
  if (refusal === null) return;
  throw new ArtifactError('REDACTION_NOT_ALLOWED', `${pointer} has to stay: ${refusal}`, pointer);
}

/** The pointer itself, or what it repeats where an observation repeats a whole action or result. */
function originOf(document: Json, pointer: string): string {
  const segments = segmentsOf(pointer) as string[];
  const repeated = repeatedBy(segments);
  if (repeated === null || !repeatsWhole(document, segments, repeated)) return pointer;
  return pointerOf(repeated);
}

function repetitions(document: Json, origin: string): string[] {
  const segments = segmentsOf(origin) as string[];
  const repetition = repetitionOf(segments);
  return repetition !== null && repeatsWhole(document, repetition, segments) ? [pointerOf(repetition)] : [];
}

/** An observation that says anything else about the step before it repeats nothing. */
function repeatsWhole(document: Json, repetition: readonly string[], repeated: readonly string[]): boolean {
  const there = valueAt(document, pointerOf(repetition.slice(0, 4)));
  const here = valueAt(document, pointerOf(repeated.slice(0, 3)));
  return isJsonObject(there) && isJsonObject(here) && firstDifference(here, there) === null;
}

function pointerOf(segments: readonly string[]): string {
  return segments.reduce<string>(pointerTo, '');
}
