import { sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@tracecore/artifact/node';
import type { Json, JsonObject } from '@tracecore/spec';
import { type SigningKey, showKey } from '../keys.js';

const FIELDS = [
  'run_id',
  'trace_id',
  'agent',
  'task_ref',
  'task_id',
  'version',
  'seed',
  'harness_version',
  'started_at',
  'completed_at',
  'success',
  'termination_reason',
  'failure_type',
  'failure_reason',
  'steps_used',
  'tool_calls_used',
];
const ROW = ['step', 'action_ts', 'action', 'result', 'io_audit', 'budget_after_step', 'budget_delta'];

/**
 * A bundle in the form of the Python runtime, made from one of its artifacts. Signed, it has that runtime's fault: the
 * manifest and the list of digests are written again after the signature was made, unless `honest`.
 */
export function writePythonBundle(
  dir: string,
  artifactText: string,
  signing?: { key: SigningKey; honest: boolean },
): string {
  const artifact = JSON.parse(artifactText) as JsonObject;
  const trace = artifact.action_trace as JsonObject[];
  const manifest: JsonObject = {
    ...picked(artifact, FIELDS),
    trace_entry_count: trace.length,
    sandbox: artifact.sandbox as Json,
  };
  const target = join(dir, artifact.run_id as string);
  mkdirSync(target, { recursive: true });
  const outcome = picked(artifact, ['success', 'termination_reason', 'failure_type', 'failure_reason', 'metrics']);
  const rows = trace.map((entry) => `${JSON.stringify(picked(entry, ROW))}\n`).join('');
  const integrity = (ofManifest: JsonObject) => {
    const texts = {
      'manifest.json': JSON.stringify(ofManifest, null, 2),
      'tool_calls.jsonl': rows,
      'validator.json': JSON.stringify(outcome, null, 2),
    };
    const lines = Object.entries(texts).map(([name, text]) => {
      writeFileSync(join(target, name), text);
      return `${sha256(Buffer.from(text))}  ${name}\n`;
    });
    writeFileSync(join(target, 'integrity.sha256'), lines.join(''));
    return lines.join('');
  };
  const signed = integrity(manifest);
  if (!signing) return target;
  const signature = {
    signed_file: 'integrity.sha256',
    algorithm: 'ed25519',
    signature_hex: sign(null, Buffer.from(signed), signing.key.privateKey).toString('hex'),
    public_key_pem: showKey(signing.key).public_pem,
  };
  writeFileSync(join(target, 'signature.json'), JSON.stringify(signature, null, 2));
  if (!signing.honest) integrity({ ...manifest, signed: true, signature_file: 'signature.json' });
  return target;
}

function picked(from: JsonObject, fields: string[]): JsonObject {
  return Object.fromEntries(fields.map((field) => [field, from[field] ?? null]));
}
