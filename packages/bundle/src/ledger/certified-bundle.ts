import { parseJson } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import { type Artifact, type Json, parseArtifact } from '@tracecore/spec';
import { parseEnvelope } from '../dsse.js';
import { BundleError } from '../error.js';
import type { TrustedKey } from '../keys.js';
import { ARTIFACT_FILE, ATTESTATION_FILE, INTEGRITY_FILE } from '../layout.js';
import { readBundle } from '../read-bundle.js';
import { verifyBytes } from '../verify-bundle.js';
import type { EntryBundle } from './parse-entry.js';

/** A bundle that verified under a trusted signature, and what a list that names it needs of it. */
export interface CertifiedBundle extends EntryBundle {
  /** Each signature, in base64, by the id of its key. */
  signatures: ReadonlyMap<string, string>;
  artifact: Artifact;
  /** The artifact as it is parsed and as it stands, for whoever re-derives it. */
  value: Json;
  text: string;
}

/**
 * Reads a bundle that has to hold: every check, and a signature by a trusted key. What is returned comes from the bytes
 * that were checked.
 * @throws {BundleError} BUNDLE_NOT_FOUND, BUNDLE_UNREADABLE, BUNDLE_DAMAGED; BUNDLE_WITHOUT_ARTIFACT for one of the Python
 * runtime; BUNDLE_UNSIGNED, BUNDLE_UNTRUSTED.
 */
export async function readCertified(dir: string, trust: readonly TrustedKey[]): Promise<CertifiedBundle> {
  const bytes = await readBundle(dir);
  const { form, checks, signature } = verifyBytes(bytes, { trust, requireSignature: true });
  const failed = checks.find(({ status }) => status === 'fail');
  if (form === 'python' && bytes.files.has(INTEGRITY_FILE)) {
    throw new BundleError(
      'BUNDLE_WITHOUT_ARTIFACT',
      `expected ${ARTIFACT_FILE} in ${dir}, found a bundle of the Python runtime; seal its run file and take that bundle`,
    );
  }
  const damaged = checks.find(({ status, check }) => status === 'fail' && check !== 'signature') ?? failed;
  if (damaged) {
    const code =
      damaged.code === 'SIGNATURE_NONE'
        ? 'BUNDLE_UNSIGNED'
        : damaged.code === 'SIGNATURE_UNTRUSTED'
          ? 'BUNDLE_UNTRUSTED'
          : 'BUNDLE_DAMAGED';
    throw new BundleError(
      code,
      `expected ${dir} to verify under a trusted key, found ${damaged.code}: ${damaged.message}`,
    );
  }
  const text = Buffer.from(bytes.files.get(ARTIFACT_FILE) as Uint8Array).toString('utf8');
  const value = parseJson(text);
  const artifact = parseArtifact(value);
  const signatures = signaturesIn(bytes.files.get(ATTESTATION_FILE) as Uint8Array);
  const signers = signature.signers.filter(({ status }) => status === 'trusted').map(({ key_id }) => key_id);
  return {
    run_id: artifact.run_id,
    seed: artifact.seed,
    artifact_hash: artifact.artifact_hash,
    integrity_sha256: sha256(bytes.files.get(INTEGRITY_FILE) as Uint8Array),
    signers,
    signature: signatures.get(signers[0] as string) as string,
    signatures,
    artifact,
    value,
    text,
  };
}

function signaturesIn(attestation: Uint8Array): Map<string, string> {
  const envelope = parseEnvelope(parseJson(Buffer.from(attestation).toString('utf8')));
  const signatures = 'signatures' in envelope ? envelope.signatures : [];
  return new Map(signatures.map(({ keyid, sig }) => [keyid, Buffer.from(sig).toString('base64')]));
}
