import { isJsonObject, type Json } from '@tracecore/spec';
import { isRunId } from '../layout.js';
import type { CertifiedBundle } from '../ledger/certified-bundle.js';

/** One run on the leaderboard: what its bundle says, and where the bundle can be told from others. */
export interface BoardRecord {
  version: 1;
  run_id: string;
  agent: string;
  agent_hash: string | null;
  task_ref: string;
  task_hash: string;
  seed: number;
  success: boolean;
  termination_reason: string;
  steps_used: number;
  tool_calls_used: number;
  harness_version: string;
  artifact_hash: string;
  integrity_sha256: string;
  signers: string[];
  signature: string;
  /** A date and time in UTC. */
  submitted_at: string;
}

type Check = (value: Json | undefined) => boolean;

const isText: Check = (value) => typeof value === 'string' && value !== '';
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isHash: Check = (value) => typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);
const isDigest: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

const FIELDS: Readonly<Record<keyof BoardRecord, Check>> = {
  version: (value) => value === 1,
  run_id: (value) => typeof value === 'string' && isRunId(value),
  agent: isText,
  agent_hash: (value) => value === null || isHash(value),
  task_ref: (value) => typeof value === 'string' && /^[a-z0-9_-]+@\d+$/.test(value),
  task_hash: isHash,
  seed: (value) => Number.isSafeInteger(value),
  success: (value) => typeof value === 'boolean',
  termination_reason: isText,
  steps_used: isCount,
  tool_calls_used: isCount,
  harness_version: isText,
  artifact_hash: isHash,
  integrity_sha256: isDigest,
  signers: (value) => Array.isArray(value) && value.length > 0 && value.every(isDigest),
  signature: (value) => typeof value === 'string' && /^[A-Za-z0-9+/]{86}==$/.test(value),
  submitted_at: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value),
};

/** The record of a bundle. */
export function recordOf(bundle: CertifiedBundle, submittedAt: Date): BoardRecord {
  const { artifact, integrity_sha256, signers, signature } = bundle;
  return {
    version: 1,
    run_id: artifact.run_id,
    agent: artifact.agent_ref,
    agent_hash: artifact.agent_hash ?? null,
    task_ref: artifact.task_ref,
    task_hash: artifact.task_hash,
    seed: artifact.seed,
    success: artifact.success,
    termination_reason: artifact.termination_reason,
    steps_used: artifact.steps_used,
    tool_calls_used: artifact.tool_calls_used,
    harness_version: artifact.harness_version,
    artifact_hash: artifact.artifact_hash,
    integrity_sha256,
    signers,
    signature,
    submitted_at: submittedAt.toISOString(),
  };
}

/** What is wrong with a value as a record, or null. */
export function faultOf(value: Json): string | null {
  if (!isJsonObject(value)) return 'expected an object';
  const wrong = Object.entries(FIELDS).find(
    ([field, holds]) => !holds(Object.hasOwn(value, field) ? value[field] : undefined),
  );
  return wrong ? `expected a record of the leaderboard, found another value at /${wrong[0]}` : null;
}
