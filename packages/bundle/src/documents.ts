import type { Artifact, Json, JsonObject, TraceEntry } from '@tracecore/spec';

/** What a bundle says about its artifact in the files that both runtimes share. */
export interface BundleDocuments {
  manifest: JsonObject;
  toolCalls: JsonObject[];
  validator: JsonObject;
}

/** The shared documents of an artifact. Fields and their order are those of the Python runtime, which reads them too. */
export function documentsOf(artifact: Artifact): BundleDocuments {
  const [id = '', version = ''] = artifact.task_ref.split('@');
  const outcome = {
    success: artifact.success,
    termination_reason: artifact.termination_reason,
    failure_type: artifact.failure_type,
    failure_reason: artifact.failure_reason ?? null,
  };
  const { sandbox = {} } = artifact as { sandbox?: Record<string, Json> };
  const trace = artifact.action_trace as TraceEntry[];
  return {
    manifest: {
      run_id: artifact.run_id,
      trace_id: artifact.trace_id,
      agent: artifact.agent_ref,
      task_ref: artifact.task_ref,
      task_id: id,
      version: Number(version),
      seed: artifact.seed,
      harness_version: artifact.harness_version,
      started_at: artifact.started_at,
      completed_at: artifact.completed_at,
      ...outcome,
      steps_used: artifact.steps_used,
      tool_calls_used: artifact.tool_calls_used,
      trace_entry_count: trace.length,
      sandbox: {
        filesystem_roots: sandbox.filesystem_roots ?? sandbox.filesystem_allowlist ?? [],
        network_hosts: sandbox.network_hosts ?? sandbox.network_allowlist ?? [],
      },
    },
    toolCalls: trace.map(toolCallOf),
    validator: { ...outcome, metrics: (artifact.metrics ?? {}) as JsonObject },
  };
}

/** The documents as texts, by file name. */
export function documentTexts({ manifest, toolCalls, validator }: BundleDocuments): Map<string, string> {
  return new Map([
    ['manifest.json', `${JSON.stringify(manifest, null, 2)}\n`],
    ['tool_calls.jsonl', toolCalls.map((row) => `${lineOf(row)}\n`).join('')],
    ['validator.json', `${JSON.stringify(validator, null, 2)}\n`],
  ]);
}

function toolCallOf(entry: TraceEntry): JsonObject {
  const { step, action_ts, action, result, io_audit, budget_after_step, budget_delta } = entry;
  return { step, action_ts, action, result, io_audit, budget_after_step, budget_delta } as JsonObject;
}

/** The Python runtime ends lines at U+0085, U+2028 and U+2029 too, so no line may hold one as it is. */
function lineOf(row: JsonObject): string {
  return JSON.stringify(row).replaceAll(/[\u0085\u2028\u2029]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
