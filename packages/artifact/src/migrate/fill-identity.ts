import { isJsonObject, type Json, parseTaskRef, SpecError, type TaskRef } from '@tracecore/spec';
import type { Draft } from './draft.js';
import { Refusal } from './types.js';

/** The text that the Python runtime writes for what it does not know. */
const UNKNOWN = 'unknown';
/** That runtime's name for itself; no other wrote files of these versions. */
const PYTHON_RUNTIME = 'tracecore';

const TIME_WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?$/;

/** Who ran what, and when. */
export function fillIdentity(draft: Draft): void {
  required(draft, 'run_id', isText, 'a text');
  required(draft, 'seed', Number.isSafeInteger, 'a whole number');
  if (draft.get('trace_id', true) === undefined) draft.set('trace_id', draft.get('run_id') as string, 'assumed');
  fillPair(draft, 'agent_ref', 'agent');
  fillTask(draft);
  if (draft.get('task_hash', true) === undefined) draft.set('task_hash', UNKNOWN, 'assumed');
  fillRuntime(draft);
  for (const field of ['started_at', 'completed_at']) fillTime(draft, field);
  if (draft.get('wall_clock_elapsed_s') === undefined) draft.set('wall_clock_elapsed_s', null, 'assumed');
}

/** A time without a zone is UTC, as that runtime took it; a blank between day and hour is its `T`. */
export function fillTime(draft: Draft, field: string): void {
  const time = required(draft, field, isText, 'a time') as string;
  if (TIME_WITHOUT_ZONE.test(time)) draft.set(field, `${time.replace(' ', 'T')}Z`, 'assumed');
}

function fillPair(draft: Draft, one: string, other: string): void {
  const [first, second] = [draft.get(one, true), draft.get(other, true)];
  if (first === undefined) draft.set(one, required(draft, other, isText, 'a text'), 'said');
  else if (second === undefined) draft.set(other, first, 'said');
  else if (first !== second) throw conflict(draft, one, second);
}

function fillTask(draft: Draft): void {
  const [ref, id, version] = ['task_ref', 'task_id', 'version'].map((field) => draft.get(field, true));
  if (ref === undefined) {
    const known = typeof id === 'string' && Number.isSafeInteger(version);
    if (!known) throw unknown('/task_ref', 'expected task_ref, or task_id and version');
    draft.set('task_ref', `${id}@${version}`, 'said');
  }
  const parsed = parsedRef(draft.get('task_ref') as Json);
  if (id === undefined) draft.set('task_id', parsed.id, 'said');
  else if (id !== parsed.id) throw conflict(draft, 'task_ref', id);
  if (version === undefined) draft.set('version', parsed.version, 'said');
  else if (version !== parsed.version) throw conflict(draft, 'task_ref', version);
}

function parsedRef(ref: Json): TaskRef {
  try {
    return parseTaskRef(String(ref));
  } catch (error) {
    if (error instanceof SpecError) throw unknown('/task_ref', error.message);
    throw error;
  }
}

function fillRuntime(draft: Draft): void {
  const [identity, version] = [draft.get('runtime_identity', true), draft.get('harness_version', true)];
  if (version === undefined) {
    const said = isJsonObject(identity) && typeof identity.version === 'string';
    draft.set('harness_version', said ? (identity.version as string) : UNKNOWN, said ? 'said' : 'assumed');
  }
  if (identity !== undefined) return;
  const runtime = { name: PYTHON_RUNTIME, version: draft.get('harness_version') as Json, git_sha: null };
  draft.set('runtime_identity', runtime, 'assumed');
}

/** A field that no other can stand in for. */
function required(draft: Draft, field: string, is: (value: unknown) => boolean, what: string): Json {
  const value = draft.get(field);
  if (is(value)) return value as Json;
  throw unknown(`${draft.pointer}/${field}`, `expected ${what}, got ${JSON.stringify(value) ?? 'nothing'}`);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function conflict(draft: Draft, field: string, other: Json | undefined): Refusal {
  const here = JSON.stringify(draft.get(field));
  return new Refusal(
    'FIELD_CONFLICT',
    `/${field}`,
    `/${field} is ${here}, another field says ${JSON.stringify(other)}`,
  );
}

function unknown(pointer: string, message: string): Refusal {
  return new Refusal('FIELD_UNKNOWN', pointer, `${pointer}: ${message}`);
}
