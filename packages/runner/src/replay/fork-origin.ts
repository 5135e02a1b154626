import { type Artifact, isJsonObject, type Json, type JsonObject, type TraceEntry } from '@tracecore/spec';
import { type FrozenStep, freezeStep } from '../episode/frozen-step.js';
import { RunnerError } from '../error.js';

/** Where an episode branches off another: the record it continues, and the steps of it that are repeated as they were. */
export interface ForkOrigin {
  /** The parent's `artifact_hash`: the same for every run of the same inputs. */
  artifactHash: string;
  /** The run that the steps were read from; null when it is not known. */
  runId: string | null;
  /** The first step that the fork's own agent is asked for, counted from 1. */
  at: number;
  /** The steps before it. */
  frozen: FrozenStep[];
}

/** Endings that the last recorded action itself brought about. */
const ENDED_BY_LAST_STEP = new Set([
  'success',
  'invalid_action',
  'action_exception',
  'sandbox_violation',
  'logic_failure',
]);

/**
 * The origin of a fork that goes on from step `at` of `parent`.
 * @throws {RunnerError} FORK_POINT_INVALID when there is no such step; FORK_OVER when the recorded steps end the episode.
 */
export function forkOf(parent: Artifact, at: number): ForkOrigin {
  const steps = parent.action_trace.length;
  if (!Number.isSafeInteger(at) || at < 1 || at > steps + 1) {
    throw new RunnerError(
      'FORK_POINT_INVALID',
      `a fork of this run starts at one of the steps 1 to ${steps + 1}, got ${at}: ${steps} were recorded`,
    );
  }
  if (at === steps + 1 && steps > 0 && ENDED_BY_LAST_STEP.has(parent.termination_reason)) {
    throw new RunnerError(
      'FORK_OVER',
      `step ${steps} ended the recorded episode (${parent.termination_reason}); fork it at step ${steps} or before`,
    );
  }
  return { artifactHash: parent.artifact_hash, runId: parent.run_id, at, frozen: frozenOf(parent, at) };
}

/**
 * The origin of an episode that is itself a fork, read from its own record; null for any other.
 * @throws {RunnerError} FORK_POINT_INVALID when `forked_from` is not as spec/extensions/replay.md has it.
 */
export function originOf(artifact: Artifact): ForkOrigin | null {
  const { forked_from: from } = artifact;
  if (from === undefined) return null;
  const { artifact_hash: artifactHash, at } = isJsonObject(from as Json) ? (from as JsonObject) : {};
  if (typeof artifactHash !== 'string' || typeof at !== 'number' || !Number.isSafeInteger(at) || at < 1) {
    throw new RunnerError(
      'FORK_POINT_INVALID',
      '/forked_from must have artifact_hash, a text, and at, a step from 1 on; this record was not made by a fork',
    );
  }
  const runId = (artifact.evidence_links as JsonObject | undefined)?.forked_from_run;
  return { artifactHash, at, runId: typeof runId === 'string' ? runId : null, frozen: frozenOf(artifact, at) };
}

function frozenOf({ action_trace: trace }: Artifact, at: number): FrozenStep[] {
  return (trace as TraceEntry[]).slice(0, at - 1).map(freezeStep);
}
