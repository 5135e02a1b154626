import { randomUUID } from 'node:crypto';

/** The file that lists the digests of the others. */
export const INTEGRITY_FILE = 'integrity.sha256';
export const ARTIFACT_FILE = 'artifact.json';
export const ATTESTATION_FILE = 'attestation.dsse.json';
/** Where the Python runtime keeps the signature of its bundles. */
export const LEGACY_SIGNATURE_FILE = 'signature.json';

/** What `integrity.sha256` lists, in this order. The list is fixed: what a file names cannot shorten it. */
export const COVERED_FILES = ['manifest.json', 'tool_calls.jsonl', 'validator.json', ARTIFACT_FILE] as const;
/** The same in a bundle that the Python runtime wrote: it has no artifact. */
export const COVERED_FILES_OF_PYTHON = ['manifest.json', 'tool_calls.jsonl', 'validator.json'] as const;

const MIB = 1024 * 1024;
/** The most bytes that a file of a bundle may have; a larger one is neither read nor written. */
export const MAX_BYTES: Readonly<Record<string, number>> = {
  'manifest.json': 16 * MIB,
  'tool_calls.jsonl': 256 * MIB,
  'validator.json': 16 * MIB,
  [ARTIFACT_FILE]: 256 * MIB,
  [INTEGRITY_FILE]: MIB / 16,
  [ATTESTATION_FILE]: MIB,
  [LEGACY_SIGNATURE_FILE]: MIB / 16,
};

const RUN_ID = /^[0-9a-fA-F-]{32,36}$/;
const UNFINISHED = /^\.[0-9a-fA-F-]{32,36}\.[0-9a-f-]{36}\.tmp$/;

/** Whether a name is a run id; the pattern keeps separators and dots out, so no id leads elsewhere. */
export function isRunId(name: string): boolean {
  return RUN_ID.test(name);
}

/** A name for a bundle in the making, its own for every seal. */
export function unfinishedName(runId: string): string {
  return `.${runId}.${randomUUID()}.tmp`;
}

export function isUnfinishedName(name: string): boolean {
  return UNFINISHED.test(name);
}

/** An envelope in the making. There is one name for it, so it also keeps two signers of one bundle apart. */
export const UNFINISHED_ATTESTATION = `.${ATTESTATION_FILE}.tmp`;

/** A name for any other folder in the making, beside the one it will become. */
export function unfinishedOutput(name: string): string {
  return `.${name}.${randomUUID()}.tmp`;
}
