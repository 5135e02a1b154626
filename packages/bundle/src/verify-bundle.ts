import type { DisclosureFile } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { Artifact, Json } from '@tracecore/spec';
import { parseIntegrity } from './integrity.js';
import type { TrustedKey } from './keys.js';
import { ARTIFACT_FILE, ATTESTATION_FILE, INTEGRITY_FILE, LEGACY_SIGNATURE_FILE } from './layout.js';
import { type BundleBytes, readBundle } from './read-bundle.js';
import { type BundleCheck, type BundleFinding, type BundleReport, judged, skipped } from './report.js';
import { checkArtifact } from './verify/check-artifact.js';
import { checkDocuments } from './verify/check-documents.js';
import { checkLegacySignature } from './verify/check-legacy-signature.js';
import { checkPythonDocuments } from './verify/check-python-documents.js';
import { checkRedacted } from './verify/check-redactions.js';
import { checkSandbox } from './verify/check-sandbox.js';
import { type CheckedSignature, checkAttestation } from './verify/check-signature.js';
import { type Contents, parseContents } from './verify/contents.js';

export interface VerifyOptions {
  /** The keys whose signatures count; none when absent, and then a signed bundle is `untrusted`. */
  trust?: readonly TrustedKey[];
  /** Fails a bundle without a signature, which otherwise passes: whoever can strip one could replace it. */
  requireSignature?: boolean;
  /** Opens commitments of a redacted bundle; each value is proven, or its fault is a line of the report. */
  disclosure?: DisclosureFile;
  /** The artifact whose record a bundle without one of its own should be; with it the documents are compared. */
  run?: Artifact;
}

/** A bundle's report and the artifact that it is about. */
export interface OpenedBundle {
  report: BundleReport;
  /** `artifact.json`, out of the very bytes that were checked; null where it is missing or no JSON. */
  artifact: { text: string; value: Json } | null;
}

/**
 * Checks a bundle: its files, digests, documents, artifact and signature. Each file is read once, and what is parsed is
 * what was hashed. Whatever is wrong with the bundle is a line of the report.
 * @throws {BundleError} BUNDLE_NOT_FOUND, BUNDLE_UNREADABLE when there is no folder to look into.
 * @see spec/extensions/attestation.md
 */
export async function verifyBundle(dir: string, options: VerifyOptions = {}): Promise<BundleReport> {
  return verifyBytes(await readBundle(dir), options);
}

/** The same, and hands the artifact out, so that further checks are about the bytes that were checked here. */
export async function openBundle(dir: string, options: VerifyOptions = {}): Promise<OpenedBundle> {
  return judge(await readBundle(dir), options);
}

/** The same for a bundle that is already in memory, as it is before it is sealed. */
export function verifyBytes(bytes: BundleBytes, options: VerifyOptions = {}): BundleReport {
  return judge(bytes, options).report;
}

function judge(bytes: BundleBytes, options: VerifyOptions): OpenedBundle {
  const { form, files, extra } = bytes;
  const digests = new Map([...files].map(([name, content]) => [name, sha256(content)]));
  const contents = parseContents(bytes);
  const parsed = contents.parsed.get(ARTIFACT_FILE);
  const ofArtifact = checkArtifact(parsed, reasonWithoutArtifact(bytes));
  const { artifact } = ofArtifact;
  const { checks: ofRedactions, redacted, proven } = checkRedacted(artifact, options.disclosure);
  const { check, signature } = checkSignature(bytes, contents, artifact, digests, options);
  const checks = [
    judged('files', bytes.findings, `the ${bytes.covered.length + 1} files of a bundle are there`),
    ...checkIntegrity(bytes, contents, digests),
    judged('json', contents.findings, 'every file is well-formed'),
    ...ofArtifact.checks,
    ...ofRedactions,
    ...checkOfDocuments(bytes, contents, artifact, options),
    checkSandbox(contents.parsed),
    check,
  ];
  const ok = checks.every(({ status }) => status !== 'fail');
  const run_id = artifact?.run_id ?? runIdIn(contents);
  const report = { ok, form, run_id, signature, redacted, ...(proven === null ? {} : { proven }), checks, extra };
  return { report, artifact: parsed ?? null };
}

function checkOfDocuments(
  { form }: BundleBytes,
  { parsed }: Contents,
  artifact: Artifact | null,
  { run }: VerifyOptions,
): BundleCheck[] {
  if (form !== 'python') return checkDocuments(artifact, parsed);
  return run === undefined ? checkPythonDocuments(parsed) : checkDocuments(run, parsed);
}

function reasonWithoutArtifact({ form }: BundleBytes): string {
  return form === 'python'
    ? 'not made: a bundle of the Python runtime has no artifact'
    : `not made: ${ARTIFACT_FILE} is missing or cannot be read`;
}

function checkIntegrity(
  { covered }: BundleBytes,
  { parsed }: Contents,
  actual: ReadonlyMap<string, string>,
): BundleCheck[] {
  const integrity = parsed.get(INTEGRITY_FILE);
  if (!integrity) {
    const reason = `not made: ${INTEGRITY_FILE} is missing or cannot be read`;
    return [skipped('integrity', reason), skipped('digests', reason)];
  }
  const { digests, findings } = parseIntegrity(integrity.text, covered);
  const mismatches = [...digests].flatMap(([file, expected]): BundleFinding[] => {
    const computed = actual.get(file);
    if (computed === undefined || computed === expected) return [];
    const message = `${file} should have the digest ${expected} and has ${computed}`;
    return [{ code: 'DIGEST_MISMATCH', file, message }];
  });
  return [
    judged('integrity', findings, `${INTEGRITY_FILE} lists the ${covered.length} files`),
    judged('digests', mismatches, 'every file is as it was listed'),
  ];
}

function checkSignature(
  { form, files, findings }: BundleBytes,
  { parsed }: Contents,
  artifact: Artifact | null,
  digests: ReadonlyMap<string, string>,
  { trust = [], requireSignature = false }: VerifyOptions,
): CheckedSignature {
  const name = form === 'python' ? LEGACY_SIGNATURE_FILE : ATTESTATION_FILE;
  const there = files.has(name) || findings.some(({ file }) => file === name);
  if (!there) return unsigned(name, requireSignature);
  const value: Json | null = parsed.get(name)?.value ?? null;
  if (form === 'python') return checkLegacySignature(value, files.get(INTEGRITY_FILE) ?? null, trust);
  return checkAttestation(value, artifact, digests, trust);
}

function unsigned(file: string, required: boolean): CheckedSignature {
  const message = 'nobody signed this bundle';
  const findings: BundleFinding[] = [{ code: 'SIGNATURE_NONE', file, message }];
  const failed = judged('signature', findings, '');
  const check: BundleCheck = required ? failed : { ...failed, status: 'skip', findings: [] };
  return { check, signature: { status: 'none', kind: null, signers: [] } };
}

/** The run id that the manifest names, for a report about a bundle without a readable artifact. */
function runIdIn({ parsed }: Contents): string | null {
  const manifest = parsed.get('manifest.json')?.value;
  const id = typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest) ? manifest.run_id : null;
  return typeof id === 'string' ? id : null;
}
