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

/** The part of an artifact that its hash covers: equal for every run of the same inputs. `artifact` is left as it is. */
export function stablePayload(artifact: Readonly<Record<string, unknown>>): JsonObject {
  const stable = without(artifact, VOLATILE);
  const { action_trace: trace } = stable;
  if (Array.isArray(trace)) {
    stable.action_trace = trace.map((entry) => (isJsonObject(entry) ? without(entry, VOLATILE_IN_ENTRY) : entry));
  }
  return stable;
}

/** `Object.fromEntries` defines own fields, so a `__proto__` key stays data. */
function without(object: Readonly<Record<string, unknown>>, fields: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.has(field))) as JsonObject;
}
