import { ArtifactError, parseJson } from '@tracecore/artifact';
import type { Artifact, Json } from '@tracecore/spec';
import { type Envelope, type EnvelopeSignature, parseEnvelope, signatureHolds } from '../dsse.js';
import type { TrustedKey } from '../keys.js';
import { ATTESTATION_FILE } from '../layout.js';
import { type BundleCheck, type BundleFinding, type BundleSignature, judged, type Signer } from '../report.js';
import { compareStatement } from '../statement.js';
import { ofDifference } from './check-documents.js';

/** What a check of a signature gives: its line, and who signed. */
export interface CheckedSignature {
  check: BundleCheck;
  signature: BundleSignature;
}

/**
 * The DSSE envelope of a bundle: its form, each signature, and that its statement is about these bytes.
 * @param value the parsed envelope; null when it could not be parsed, which another check has said.
 * @param artifact null when it is unreadable; only the digests are then compared.
 */
export function checkAttestation(
  value: Json | null,
  artifact: Artifact | null,
  digests: ReadonlyMap<string, string>,
  trust: readonly TrustedKey[],
): CheckedSignature {
  const envelope = parseEnvelope(value);
  if ('message' in envelope) {
    const { pointer, message } = envelope;
    const finding = { code: 'ENVELOPE_INVALID', pointer, file: ATTESTATION_FILE, message } as const;
    return verdict([finding], []);
  }
  const signers = envelope.signatures.map((signature) => signerOf(envelope, signature, trust));
  return verdict(
    [...signatureFindings(signers), ...statementFindings(envelope, artifact, digests), ...trustFindings(signers)],
    signers,
  );
}

function signerOf(envelope: Envelope, signature: EnvelopeSignature, trust: readonly TrustedKey[]): Signer {
  const { keyid } = signature;
  if (!signatureHolds(envelope, signature)) return { key_id: keyid, status: 'invalid', trusted_by: null };
  // The signature holds under the key it carries, and the id is that key's own digest: equal ids are equal keys.
  const trusted = trust.find(({ id }) => id === keyid);
  return { key_id: keyid, status: trusted ? 'trusted' : 'untrusted', trusted_by: trusted?.file ?? null };
}

/** One signature that does not hold fails the bundle, though another may: somebody changed the file. */
function signatureFindings(signers: readonly Signer[]): BundleFinding[] {
  return signers.flatMap(({ key_id, status }, index) => {
    if (status !== 'invalid') return [];
    const pointer = `/signatures/${index}`;
    const message = `${ATTESTATION_FILE}: ${pointer} is no signature by the key ${key_id} over this payload`;
    return [{ code: 'SIGNATURE_INVALID' as const, file: ATTESTATION_FILE, pointer, message }];
  });
}

function statementFindings(
  { payload }: Envelope,
  artifact: Artifact | null,
  digests: ReadonlyMap<string, string>,
): BundleFinding[] {
  const finding = (code: BundleFinding['code'], message: string) => [{ code, file: ATTESTATION_FILE, message }];
  let statement: Json;
  try {
    statement = parseJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload));
  } catch (error) {
    const why = error instanceof ArtifactError ? error.message : 'it is no UTF-8';
    return finding('ENVELOPE_INVALID', `${ATTESTATION_FILE}: the payload should be a statement in JSON: ${why}`);
  }
  const difference = compareStatement(statement, artifact, digests);
  if (!difference) return [];
  const ofSubject = difference.pointer.startsWith('/subject');
  const code = ofSubject ? 'SIGNATURE_SUBJECT_MISMATCH' : 'STATEMENT_MISMATCH';
  const found = ofDifference(ATTESTATION_FILE, code, difference);
  return [{ ...found, message: `${found.message}; the signature is about other bytes than these` }];
}

function trustFindings(signers: readonly Signer[]): BundleFinding[] {
  if (signers.some(({ status }) => status === 'trusted')) return [];
  return signers.flatMap(({ key_id, status }, index) => {
    if (status !== 'untrusted') return [];
    const message = `signed by the key ${key_id}, which is not trusted here; put its public half among the trusted keys if it should be`;
    const pointer = `/signatures/${index}`;
    return [{ code: 'SIGNATURE_UNTRUSTED' as const, file: ATTESTATION_FILE, pointer, message }];
  });
}

function verdict(findings: BundleFinding[], signers: Signer[]): CheckedSignature {
  const names = signers.filter(({ status }) => status === 'trusted').map(({ key_id }) => key_id);
  const broken = findings.some(({ code }) => code !== 'SIGNATURE_UNTRUSTED');
  const status = broken ? 'invalid' : names.length > 0 ? 'trusted' : 'untrusted';
  const check = judged('signature', findings, `signed by the trusted key ${names.join(', ')}`);
  return { check, signature: { status, kind: 'dsse', signers } };
}
