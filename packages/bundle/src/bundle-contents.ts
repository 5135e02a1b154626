import { ArtifactError, parseJson } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import { type Artifact, parseArtifact, SpecError } from '@tracecore/spec';
import { documentsOf, documentTexts } from './documents.js';
import { formatEnvelope, PAYLOAD_TYPE, signPayload } from './dsse.js';
import { BundleError } from './error.js';
import { formatIntegrity } from './integrity.js';
import type { SigningKey } from './keys.js';
import { ARTIFACT_FILE, ATTESTATION_FILE, COVERED_FILES, INTEGRITY_FILE, isRunId, MAX_BYTES } from './layout.js';
import { statementBytes, statementOf } from './statement.js';
import { verifyBytes } from './verify-bundle.js';

/** The bytes of a bundle that is not written yet. */
export interface BundleContents {
  artifact: Artifact;
  /** Every file by its name, in the order they are written. */
  files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Makes the files of a bundle from the file of a run, and checks them as a reader will.
 * @throws {BundleError} ARTIFACT_INVALID, SPEC_VERSION_UNSUPPORTED, ARTIFACT_HASH_MISMATCH, ARTIFACT_INCONSISTENT,
 * ARTIFACT_TOO_LARGE.
 */
export function bundleContents(artifactText: string, signingKey: SigningKey | undefined): BundleContents {
  const artifact = readArtifact(artifactText);
  const files = contentsOf(artifact, artifactText, signingKey);
  requireVerifiable(files);
  return { artifact, files };
}

function readArtifact(text: string): Artifact {
  try {
    const artifact = parseArtifact(parseJson(text));
    if (isRunId(artifact.run_id)) return artifact;
    throw new BundleError('ARTIFACT_INVALID', `expected a run id to name the bundle by, got ${artifact.run_id}`);
  } catch (error) {
    if (error instanceof SpecError && error.code === 'SPEC_VERSION_UNSUPPORTED') {
      throw new BundleError('SPEC_VERSION_UNSUPPORTED', error.message, { cause: error });
    }
    if (error instanceof SpecError || error instanceof ArtifactError) {
      throw new BundleError('ARTIFACT_INVALID', `the artifact cannot be sealed: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function contentsOf(artifact: Artifact, text: string, key: SigningKey | undefined): Map<string, Uint8Array> {
  const texts = documentTexts(documentsOf(artifact)).set(ARTIFACT_FILE, text);
  const contents = new Map<string, Uint8Array>();
  for (const [name, content] of texts) contents.set(name, Buffer.from(content, 'utf8'));
  const digests = new Map([...contents].map(([name, bytes]) => [name, sha256(bytes)]));
  const integrity = Buffer.from(formatIntegrity(digests), 'utf8');
  contents.set(INTEGRITY_FILE, integrity);
  if (!key) return contents;
  const payload = statementBytes(statementOf(artifact, digests.set(INTEGRITY_FILE, sha256(integrity))));
  const signatures = [signPayload(PAYLOAD_TYPE, payload, key)];
  const envelope = formatEnvelope({ payload, payloadType: PAYLOAD_TYPE, signatures });
  return contents.set(ATTESTATION_FILE, Buffer.from(envelope, 'utf8'));
}

/** What is sealed is what verifies: the same checks, on the bytes that will be written. */
function requireVerifiable(contents: ReadonlyMap<string, Uint8Array>): void {
  for (const [name, bytes] of contents) {
    if (bytes.length <= (MAX_BYTES[name] as number)) continue;
    throw new BundleError(
      'ARTIFACT_TOO_LARGE',
      `expected ${name} to have at most ${MAX_BYTES[name]} bytes, it would have ${bytes.length}`,
    );
  }
  const { checks } = verifyBytes({
    form: 'tracecore',
    covered: COVERED_FILES,
    files: contents,
    findings: [],
    extra: [],
  });
  const failed = checks.find(({ check, status }) => status === 'fail' && check !== 'signature');
  if (!failed) return;
  const code = failed.code === 'HASH_MISMATCH' ? 'ARTIFACT_HASH_MISMATCH' : 'ARTIFACT_INCONSISTENT';
  throw new BundleError(code, `the artifact cannot be sealed: ${failed.code} ${failed.message}`);
}
