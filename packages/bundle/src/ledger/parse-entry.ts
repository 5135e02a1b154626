import { ArtifactError, canonicalBytes, parseJson } from '@tracecore/artifact';
import { isJsonObject, type Json, type JsonObject } from '@tracecore/spec';
import { BundleError } from '../error.js';

/** A bundle that an entry stands on, as whoever holds it can find it again. */
export interface EntryBundle {
  run_id: string;
  seed: number;
  artifact_hash: string;
  /** SHA-256 of its `integrity.sha256`, in hex. */
  integrity_sha256: string;
  /** Ids of the trusted keys that had signed it. */
  signers: string[];
  /** The signature of the first of them, in base64. */
  signature: string;
}

/** How an agent did on one task. The fields before `bundles` are those of the Python runtime's registry. */
export interface EntryTask {
  task_ref: string;
  /** 0 to 1. */
  success_rate: number;
  avg_steps: number;
  avg_tool_calls: number;
  run_count: number;
  /** The seed and the run id of the first of the bundles. */
  seed: number;
  run_artifact: string;
  bundles: EntryBundle[];
}

/** One certified agent. Further fields may be there; a reader keeps them. */
export interface LedgerEntry {
  agent: string;
  agent_hash: string | null;
  description: string;
  suite: string;
  tasks: EntryTask[];
  /** A date, or a date and time in UTC. */
  published_at: string;
  harness_version?: string;
  /** `fixed` when every run of a task had the same seed. */
  seed_policy?: 'fixed';
  maintainer?: string;
}

type Check = (value: Json | undefined) => boolean;
type Rules = Readonly<Record<string, readonly [check: Check, expected: string]>>;

const text =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const between =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most;
const whole =
  (least: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= least;
const list = (value: Json | undefined): boolean => Array.isArray(value) && value.length > 0;

const RUN_ID = text(/^[0-9a-fA-F-]{32,36}$/);
const KEY_ID = text(/^[0-9a-f]{64}$/);
const ARTIFACT_HASH = text(/^sha256:[0-9a-f]{64}$/);
const LINE = text(/^[^\p{Cc}]{1,300}$/u);

const ENTRY: Rules = {
  agent: [LINE, 'the reference of an agent'],
  agent_hash: [(value) => value === null || ARTIFACT_HASH(value), 'sha256: and 64 digits, or null'],
  description: [text(/^[^\p{Cc}]{10,300}$/u), '10 to 300 characters in one line'],
  suite: [text(/^[a-z0-9_-]{1,64}$/), 'lowercase letters, digits, _ and -'],
  tasks: [list, 'a list with at least one task'],
  published_at: [text(/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?Z)?$/), 'a date, or a date and time in UTC'],
  harness_version: [optional(LINE), 'a version'],
  seed_policy: [optional((value) => value === 'fixed'), '"fixed"'],
  maintainer: [optional(LINE), 'a name in one line'],
};
const TASK: Rules = {
  task_ref: [text(/^[a-z0-9_-]+@(?:0|[1-9]\d{0,8})$/), 'id@version'],
  success_rate: [between(0, 1), 'a number from 0 to 1'],
  avg_steps: [between(0, Number.MAX_VALUE), 'a number of 0 or more'],
  avg_tool_calls: [between(0, Number.MAX_VALUE), 'a number of 0 or more'],
  run_count: [whole(1), 'a whole number of 1 or more'],
  seed: [whole(Number.MIN_SAFE_INTEGER), 'a whole number'],
  run_artifact: [RUN_ID, 'a run id'],
  bundles: [list, 'a list with at least one bundle'],
};
const BUNDLE: Rules = {
  run_id: [RUN_ID, 'a run id'],
  seed: [whole(Number.MIN_SAFE_INTEGER), 'a whole number'],
  artifact_hash: [ARTIFACT_HASH, 'sha256: and 64 digits'],
  integrity_sha256: [text(/^[0-9a-f]{64}$/), '64 digits'],
  signers: [(value) => Array.isArray(value) && value.length > 0 && value.every(KEY_ID), 'a list of key ids'],
  signature: [text(/^[A-Za-z0-9+/]{86}==$/), 'a signature in base64'],
};

/**
 * Checks a value as an entry of the ledger.
 * @throws {BundleError} LEDGER_ENTRY_INVALID, naming the place and what belongs there.
 */
export function parseEntry(value: Json): LedgerEntry {
  const entry = requireFields(value, ENTRY, '');
  for (const [index, row] of (entry.tasks as Json[]).entries()) {
    const task = requireFields(row, TASK, `/tasks/${index}`);
    for (const [at, bundle] of (task.bundles as Json[]).entries()) {
      requireFields(bundle, BUNDLE, `/tasks/${index}/bundles/${at}`);
    }
  }
  return entry as unknown as LedgerEntry;
}

/**
 * Reads the bytes of an entry: canonical JSON of the form above.
 * @throws {BundleError} LEDGER_ENTRY_INVALID
 */
export function readEntry(bytes: Uint8Array): LedgerEntry {
  let value: Json;
  try {
    value = parseJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    throw invalid(error instanceof ArtifactError ? error.message : 'expected UTF-8 text');
  }
  const entry = parseEntry(value);
  if (Buffer.from(canonicalBytes(value)).equals(bytes)) return entry;
  throw invalid('expected canonical JSON, found another spelling of it');
}

/** The bytes that go into the log. */
export function entryBytes(entry: LedgerEntry): Uint8Array {
  return canonicalBytes(entry as unknown as JsonObject);
}

function requireFields(value: Json | undefined, rules: Rules, pointer: string): JsonObject {
  if (!isJsonObject(value)) throw invalid(`expected an object at ${pointer || 'the top'}`);
  for (const [field, [holds, expected]] of Object.entries(rules)) {
    const found = Object.hasOwn(value, field) ? value[field] : undefined;
    if (holds(found)) continue;
    const shown = found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 80);
    throw invalid(`expected ${expected} at ${pointer}/${field}, found ${shown}`);
  }
  return value;
}

function invalid(message: string): BundleError {
  return new BundleError('LEDGER_ENTRY_INVALID', `no entry of the ledger: ${message}`);
}
