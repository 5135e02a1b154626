import { ArtifactError, canonicalBytes, isRedacted } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import { type Artifact, isJsonObject, type Json, type JsonObject, type TraceEntry } from '@tracecore/spec';
import { summarize } from '../list-runs.js';
import type { IndexedRun } from './types.js';

/** Fields that an episode is given, beside those that every artifact has; what is absent plays no part. */
const FURTHER_INPUTS = ['limits', 'tools', 'forked_from', 'episode_config_meta', 'determinism'] as const;
/** Digits of a hash that fit into a number exactly. */
const EXACT_DIGITS = 13;

/** What the index says of an artifact with `bytes` of text in the file of that name. */
export function describeRun(artifact: Artifact, bytes: number, file: string): IndexedRun {
  const { calls, tokens } = modelUse(artifact);
  const inputs = inputsNumber(artifact);
  return {
    ...summarize(artifact),
    failure_type: artifact.failure_type,
    artifact_bytes: bytes,
    llm_calls: calls,
    llm_tokens: tokens,
    inputs_key: inputs === null ? null : inputsKey(inputs),
    file,
  };
}

/**
 * A number that is equal for runs of the same agent and task that were given the same, null where that cannot be known:
 * the agent's code has no hash, or values were redacted.
 */
export function inputsNumber(artifact: Artifact): number | null {
  if (typeof artifact.agent_hash !== 'string' || isRedacted(artifact)) return null;
  const { spec_version, runtime_identity, agent_ref, agent_hash, task_ref, task_hash, seed, budgets } = artifact;
  const further = FURTHER_INPUTS.map((field) => (artifact[field] ?? null) as Json);
  const inputs = [spec_version, runtime_identity, agent_ref, agent_hash, task_ref, task_hash, seed, budgets, further];
  try {
    return numberOf(canonicalBytes(inputs as unknown as Json));
  } catch (error) {
    // What has no canonical bytes has no inputs to compare, and a run to show all the same.
    if (error instanceof ArtifactError) return null;
    throw error;
  }
}

/** A number that is equal for equal artifact hashes, and for others with a chance of one in 2^52. */
export function outcomeNumber({ artifact_hash }: Artifact): number {
  return numberOf(Buffer.from(artifact_hash, 'utf8'));
}

/** The spelling of an `inputsNumber`. */
export function inputsKey(inputs: number): string {
  return inputs.toString(16).padStart(EXACT_DIGITS, '0');
}

/** Model calls of a trace and the tokens they report; null where nothing is recorded. */
export function modelUse({ action_trace }: Artifact): { calls: number | null; tokens: number | null } {
  const calls = (action_trace as TraceEntry[]).flatMap(({ llm_trace }) => (llm_trace ?? []) as Json[]);
  const tokens = calls.map(tokensOf).filter((count) => count !== null);
  return {
    calls: calls.length === 0 ? null : calls.length,
    tokens: tokens.length === 0 ? null : tokens.reduce((sum, count) => sum + count, 0),
  };
}

function numberOf(bytes: Uint8Array): number {
  return Number.parseInt(sha256(bytes).slice(0, EXACT_DIGITS), 16);
}

/** A call says its tokens itself, or in its response or usage, under one of the names that providers give them. */
function tokensOf(call: Json): number | null {
  const response = objectAt(call, 'response');
  const places = [objectAt(call, 'usage'), objectAt(response, 'usage'), response, call].filter(isJsonObject);
  for (const place of places) {
    const total = countAt(place, 'total_tokens') ?? countAt(place, 'tokens_used');
    if (total !== null) return total;
    const asked = countAt(place, 'prompt_tokens') ?? countAt(place, 'input_tokens');
    const answered = countAt(place, 'completion_tokens') ?? countAt(place, 'output_tokens');
    if (asked !== null || answered !== null) return (asked ?? 0) + (answered ?? 0);
  }
  return null;
}

function objectAt(value: Json | undefined, field: string): JsonObject | undefined {
  const found = isJsonObject(value) ? value[field] : undefined;
  return isJsonObject(found) ? found : undefined;
}

function countAt(place: JsonObject, field: string): number | null {
  const value = place[field];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
