import { canonicalBytes, type Difference, firstDifference } from '@tracecore/artifact';
import type { Artifact, Json, JsonObject } from '@tracecore/spec';
import { ARTIFACT_FILE, INTEGRITY_FILE } from './layout.js';

const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const PREDICATE_TYPE = 'https://tracecore.dev/attestation/episode/v1';

/** What a signature says: these bytes are the record of this episode. An in-toto Statement v1. */
export function statementOf(artifact: Artifact, digests: ReadonlyMap<string, string>): JsonObject {
  return {
    _type: STATEMENT_TYPE,
    subject: subjectsOf(digests),
    predicateType: PREDICATE_TYPE,
    predicate: {
      spec_version: artifact.spec_version,
      run_id: artifact.run_id,
      task_ref: artifact.task_ref,
      task_hash: artifact.task_hash,
      agent_ref: artifact.agent_ref,
      agent_hash: artifact.agent_hash ?? null,
      seed: artifact.seed,
      success: artifact.success,
      termination_reason: artifact.termination_reason,
      failure_type: artifact.failure_type,
      steps_used: artifact.steps_used,
      tool_calls_used: artifact.tool_calls_used,
      artifact_hash: artifact.artifact_hash,
    },
  };
}

/** The payload of an envelope: canonical, so that two seals of the same bytes are the same bytes. */
export function statementBytes(statement: JsonObject): Uint8Array {
  return canonicalBytes(statement);
}

/**
 * Where a statement differs from the one that these files call for, subjects first; null when it is that one.
 * @param artifact null when the artifact is unreadable: then only the subjects can be compared.
 */
export function compareStatement(
  actual: Json,
  artifact: Artifact | null,
  digests: ReadonlyMap<string, string>,
): Difference | null {
  const isObject = typeof actual === 'object' && actual !== null && !Array.isArray(actual);
  const subjects = isObject ? (actual.subject ?? null) : null;
  const difference = firstDifference(subjectsOf(digests), subjects, '/subject');
  return difference || artifact === null ? difference : firstDifference(statementOf(artifact, digests), actual);
}

function subjectsOf(digests: ReadonlyMap<string, string>): Json[] {
  return [ARTIFACT_FILE, INTEGRITY_FILE].map((name) => ({ name, digest: { sha256: digests.get(name) ?? '' } }));
}
