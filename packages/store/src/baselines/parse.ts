import { isJsonObject, type Json, type JsonObject } from '@tracecore/spec';
import { StoreError } from '../error.js';
import type { Baseline, BaselineEpisode, BaselineMetadata, BaselineRow } from './types.js';

/**
 * Checks an export of either runtime. Fields that are not known are passed over; `last_seed` and `metadata`, which early
 * releases of the Python runtime lack, may be missing.
 * @throws {StoreError} BASELINE_INVALID, naming the place and what was expected there.
 */
export function parseBaseline(value: Json): Baseline {
  const document = objectAt('', value);
  if (Array.isArray(document.action_trace)) throw invalid('', 'an export of baseline --export, found a run');
  const { generated_at, rows, metadata } = document;
  if (typeof generated_at !== 'string' || Number.isNaN(Date.parse(generated_at))) {
    throw invalid('/generated_at', 'a date and time');
  }
  if (!Array.isArray(rows)) throw invalid('/rows', 'a list of rows');
  return {
    generated_at,
    rows: rows.map((row, at) => rowAt(`/rows/${at}`, row)),
    ...(isJsonObject(metadata) ? { metadata: metadataOf(metadata) } : {}),
  };
}

function rowAt(place: string, value: Json): BaselineRow {
  const row = objectAt(place, value);
  const { agent, task_ref, runs, success_rate, episodes } = row;
  if (typeof agent !== 'string') throw invalid(`${place}/agent`, 'a text');
  if (typeof task_ref !== 'string') throw invalid(`${place}/task_ref`, 'a text');
  if (!isWhole(runs) || runs < 1) throw invalid(`${place}/runs`, 'a whole number from 1 on');
  if (typeof success_rate !== 'number' || !(success_rate >= 0 && success_rate <= 1)) {
    throw invalid(`${place}/success_rate`, 'a number from 0 to 1');
  }
  const listed = episodes === undefined ? null : episodesAt(`${place}/episodes`, episodes);
  if (listed !== null && listed.length !== runs)
    throw invalid(`${place}/episodes`, `as many as there are runs, ${runs}`);
  return {
    ...{ agent, task_ref, runs, success_rate },
    avg_steps: numberOrNull(row.avg_steps),
    avg_tool_calls: numberOrNull(row.avg_tool_calls),
    last_run_id: textOrNull(row.last_run_id),
    last_completed_at: textOrNull(row.last_completed_at),
    last_success: typeof row.last_success === 'boolean' ? row.last_success : null,
    last_seed: isWhole(row.last_seed) ? row.last_seed : null,
    ...(listed === null ? {} : { episodes: listed }),
  };
}

function episodesAt(place: string, value: Json): BaselineEpisode[] {
  if (!Array.isArray(value)) throw invalid(place, 'a list');
  return value.map((item, at) => {
    const { run_id, seed, success, agent_hash, artifact_hash } = objectAt(`${place}/${at}`, item);
    if (typeof run_id !== 'string') throw invalid(`${place}/${at}/run_id`, 'a text');
    if (!isWhole(seed)) throw invalid(`${place}/${at}/seed`, 'a whole number');
    if (typeof success !== 'boolean') throw invalid(`${place}/${at}/success`, 'true or false');
    if (typeof artifact_hash !== 'string') throw invalid(`${place}/${at}/artifact_hash`, 'a text');
    return { run_id, seed, success, agent_hash: textOrNull(agent_hash), artifact_hash };
  });
}

function metadataOf(metadata: JsonObject): BaselineMetadata {
  return {
    ...metadata,
    agent_filter: textOrNull(metadata.agent_filter),
    task_filter: textOrNull(metadata.task_filter),
    limit: isWhole(metadata.limit) ? metadata.limit : null,
  };
}

function objectAt(place: string, value: Json | undefined): JsonObject {
  if (isJsonObject(value)) return value;
  throw invalid(place, 'an object');
}

function numberOrNull(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function textOrNull(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function isWhole(value: Json | undefined): value is number {
  return Number.isSafeInteger(value);
}

function invalid(place: string, expected: string): StoreError {
  return new StoreError('BASELINE_INVALID', `no baseline export: expected ${expected} at ${place || 'the top'}`);
}
