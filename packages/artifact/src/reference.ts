import type { Artifact } from '@tracecore/spec';
import { LosslessNumber, parse } from 'lossless-json';
import type { Sha256 } from './hash-artifact.js';
import { parseJson } from './json-text.js';

/** What the Python runtime leaves out of its hash; `telemetry`, with its latencies, stays in. */
const EXCLUDED: ReadonlySet<string> = new Set([
  'run_id',
  'trace_id',
  'started_at',
  'completed_at',
  'wall_clock_elapsed_s',
  'artifact_hash',
]);
const EXCLUDED_IN_ENTRY: ReadonlySet<string> = new Set(['action_ts']);
const NONE: ReadonlySet<string> = new Set();

/**
 * The `artifact_hash` as the Python runtime computes it: over compact JSON with keys sorted by code point and every
 * number spelled as the file spells it.
 * @param text the artifact's file, whole.
 * @throws {ArtifactError} as `parseJson` does.
 */
export function referenceHash(text: string, sha256: Sha256): string {
  parseJson(text);
  const document = parse(text, null, (spelled) => new LosslessNumber(spelled));
  return `sha256:${sha256(new TextEncoder().encode(dumpArtifact(document)))}`;
}

/**
 * Whether the Python runtime played this episode: it calls itself `tracecore` and lacks the two fields that this runtime
 * always writes and that one never does, `isolation` and `determinism`. Says what to expect of the file; proves nothing.
 */
export function isReferenceRun(artifact: Artifact): boolean {
  const { runtime_identity: runtime, isolation, determinism } = artifact;
  return runtime.name === 'tracecore' && isolation === undefined && determinism === undefined;
}

/**
 * Whether the Python runtime wrote this file, and its `artifact_hash` has that runtime's form. What was migrated or
 * redacted since was written by this runtime and has the canonical one.
 */
export function isReferenceArtifact(artifact: Artifact): boolean {
  const { migration, redactions } = artifact as { migration?: unknown; redactions?: unknown };
  return isReferenceRun(artifact) && migration === undefined && redactions === undefined;
}

function dumpArtifact(document: unknown): string {
  if (!isObject(document)) return dump(document);
  return dumpObject(document, EXCLUDED, (field, value) =>
    field === 'action_trace' && Array.isArray(value) ? `[${value.map(dumpEntry).join(',')}]` : dump(value),
  );
}

function dumpEntry(entry: unknown): string {
  return isObject(entry) ? dumpObject(entry, EXCLUDED_IN_ENTRY, (_, value) => dump(value)) : dump(entry);
}

/** JSON.stringify escapes a string exactly as `json.dumps(ensure_ascii=False)` does. */
function dump(value: unknown): string {
  if (value instanceof LosslessNumber) return value.value;
  if (Array.isArray(value)) return `[${value.map(dump).join(',')}]`;
  if (isObject(value)) return dumpObject(value, NONE, (_, child) => dump(child));
  return JSON.stringify(value);
}

function dumpObject(
  object: Record<string, unknown>,
  excluded: ReadonlySet<string>,
  dumpField: (field: string, value: unknown) => string,
): string {
  const fields = Object.keys(object).filter((field) => !excluded.has(field));
  fields.sort(byCodePoint);
  return `{${fields.map((field) => `${JSON.stringify(field)}:${dumpField(field, object[field])}`).join(',')}}`;
}

/** Python compares strings by code point, JavaScript by UTF-16 code unit; they part where surrogates meet U+E000 and up. */
function byCodePoint(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const [a, b] = [left.codePointAt(index) as number, right.codePointAt(index) as number];
    if (a !== b) return a - b;
  }
  return left.length - right.length;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
