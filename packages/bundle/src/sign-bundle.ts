import { join } from 'node:path';
import { parseJson } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import { parseArtifact } from '@tracecore/spec';
import { type Envelope, formatEnvelope, PAYLOAD_TYPE, parseEnvelope, signPayload } from './dsse.js';
import { BundleError, reasonOf, systemCode } from './error.js';
import { type BundleFiles, type NewFile, nodeFiles } from './files.js';
import type { SigningKey } from './keys.js';
import { ARTIFACT_FILE, ATTESTATION_FILE, UNFINISHED_ATTESTATION } from './layout.js';
import { type BundleBytes, readBundle } from './read-bundle.js';
import { statementBytes, statementOf } from './statement.js';
import { verifyBytes } from './verify-bundle.js';

export interface SignedBundle {
  dir: string;
  run_id: string;
  key_id: string;
  /** `unchanged` when this key had signed it already. */
  state: 'signed' | 'unchanged';
}

/**
 * Signs a bundle that verifies; the files it covers are not touched. A bundle can carry signatures of several keys.
 * @throws {BundleError} BUNDLE_NOT_FOUND, BUNDLE_UNREADABLE; BUNDLE_DAMAGED when a check or an existing signature fails;
 * BUNDLE_WITHOUT_ARTIFACT for one of the Python runtime; BUNDLE_BUSY when another signing is under way or was killed;
 * BUNDLE_UNWRITABLE. The signatures there are kept whatever happens.
 */
export async function signBundle(
  dir: string,
  key: SigningKey,
  { files = nodeFiles }: { files?: BundleFiles } = {},
): Promise<SignedBundle> {
  // Looked at before anything is written, so that nothing is written where there is no bundle.
  await readBundle(dir);
  const temporary = join(dir, UNFINISHED_ATTESTATION);
  const file = await createOnce(temporary, files);
  try {
    const { bytes, run_id } = await requireSound(dir);
    const { envelope, state } = withSignature(bytes, key);
    const signed = { dir, run_id, key_id: key.id, state };
    if (state === 'unchanged') {
      await file.close();
      await files.remove(temporary);
      return signed;
    }
    await writeAndClose(file, Buffer.from(formatEnvelope(envelope), 'utf8'));
    await files.rename(temporary, join(dir, ATTESTATION_FILE));
    await files.syncFolder(dir);
    return signed;
  } catch (error) {
    await file.close().catch(() => undefined);
    await files.remove(temporary).catch(() => undefined);
    if (error instanceof BundleError) throw error;
    throw unwritable(dir, error);
  }
}

/** Two signers would each keep only their own signature: the name of the file in the making lets one through. */
async function createOnce(path: string, files: BundleFiles): Promise<NewFile> {
  try {
    return await files.create(path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw unwritable(path, error);
    throw new BundleError(
      'BUNDLE_BUSY',
      `expected nobody else to be signing, found ${path}; if no signing is under way, one was killed: remove that file`,
    );
  }
}

async function requireSound(dir: string): Promise<{ bytes: BundleBytes; run_id: string }> {
  const bytes = await readBundle(dir);
  if (bytes.form === 'python') {
    throw new BundleError(
      'BUNDLE_WITHOUT_ARTIFACT',
      `expected ${ARTIFACT_FILE} in ${dir}, found a bundle of the Python runtime; seal its run file and sign that bundle`,
    );
  }
  const { checks, signature, run_id } = verifyBytes(bytes);
  const failed = checks.find(({ check, status }) => status === 'fail' && check !== 'signature');
  const bad =
    failed ?? (signature.status === 'invalid' ? checks.find(({ check }) => check === 'signature') : undefined);
  if (bad) {
    throw new BundleError('BUNDLE_DAMAGED', `expected a bundle that verifies, found ${bad.code}: ${bad.message}`);
  }
  return { bytes, run_id: run_id as string };
}

/** The envelope with this key's signature in it, after those that are there. */
function withSignature({ files }: BundleBytes, key: SigningKey): { envelope: Envelope; state: SignedBundle['state'] } {
  const existing = files.get(ATTESTATION_FILE);
  const envelope = existing ? (parseEnvelope(parseJson(textOf(existing))) as Envelope) : newEnvelope(files);
  if (envelope.signatures.some(({ keyid }) => keyid === key.id)) return { envelope, state: 'unchanged' };
  const signature = signPayload(envelope.payloadType, envelope.payload, key);
  return { envelope: { ...envelope, signatures: [...envelope.signatures, signature] }, state: 'signed' };
}

function newEnvelope(files: ReadonlyMap<string, Uint8Array>): Envelope {
  const artifact = parseArtifact(parseJson(textOf(files.get(ARTIFACT_FILE) as Uint8Array)));
  const digests = new Map([...files].map(([name, bytes]) => [name, sha256(bytes)]));
  return { payload: statementBytes(statementOf(artifact, digests)), payloadType: PAYLOAD_TYPE, signatures: [] };
}

async function writeAndClose(file: NewFile, bytes: Uint8Array): Promise<void> {
  await file.write(bytes);
  await file.sync();
  await file.close();
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function unwritable(path: string, error: unknown): BundleError {
  return new BundleError('BUNDLE_UNWRITABLE', `could not sign ${path}: ${reasonOf(error)}`, { cause: error });
}
