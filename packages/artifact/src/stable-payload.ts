import { isJsonObject, type JsonObject } from '@tracecore/spec';

/** Top-level fields that differ between identical episodes, or that this machine decides. */
const VOLATILE: ReadonlySet<string> = new Set([
  'run_id',
  'trace_id',
  'started_at',
  'completed_at',
  'wall_clock_elapsed_s',
  'artifact_hash',
  'evidence_links',
  'isolation',
]);

/** The same in a trace entry. */
const VOLATILE_IN_ENTRY: ReadonlySet<string> = new Set(['action_ts', 'telemetry']);

const PLAIN = { writable: true, enumerable: true, configurable: true };

/** The part of an artifact that its hash covers: equal for every run of the same inputs. `artifact` is left as it is. */
export function stablePayload(artifact: Readonly<Record<string, unknown>>): JsonObject {
  const stable = without(artifact, VOLATILE);
  const { action_trace: trace } = stable;
  if (Array.isArray(trace)) {
    stable.action_trace = trace.map((entry) => (isJsonObject(entry) ? without(entry, VOLATILE_IN_ENTRY) : entry));
  }
  return stable;
}

function without(object: Readonly<Record<string, unknown>>, fields: ReadonlySet<string>): JsonObject {
  const kept: Record<string, unknown> = {};
  for (const field of Object.keys(object)) {
    if (fields.has(field)) continue;
    // Assigning it would set the prototype; a `__proto__` key is data like any other.
    if (field === '__proto__') Object.defineProperty(kept, field, { value: object[field], ...PLAIN });
    else kept[field] = object[field];
  }
  return kept as JsonObject;
}
