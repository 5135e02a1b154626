import { join } from 'node:path';
import { differenceBeyondRedactions } from '@tracecore/artifact';
import { type BundleReport, type OpenedBundle, openBundle, type Signer, type TrustedKey } from '@tracecore/bundle';
import { type Artifact, isArtifact, type Json } from '@tracecore/spec';
import { ARTIFACT_CHECKS, fail, ofFindings, ok, skip, type VerifyCheck } from './check.js';
import { type LedgerSource, ledgerLine } from './ledger-line.js';
import { checkStrictSpec, type StrictOptions } from './strict-spec.js';
import { type VerifyDependencies, type VerifyReport, verifyArtifact } from './verify-artifact.js';

/** What a reader holds in hands: the file of a run, parsed and as it stands, or the folder of a bundle. */
export type Subject = { kind: 'run'; value: Json; text: string } | { kind: 'bundle'; dir: string };

export interface EvidenceOptions {
  /** The folder where a run's bundle would lie as `<run_id>`; null where there is none to look into. */
  bundles: string | null;
  /** The keys whose signatures count. */
  trust: readonly TrustedKey[];
  /** The ledger that the bundle may stand in, and what is known of it; null where there is none. */
  ledger?: LedgerSource | null;
  /** Fails what nobody signed. */
  requireSignature?: boolean;
  /** Fails what could not be checked in full, and a bundle that nobody signed. */
  strict?: boolean;
  /** Adds the line `strict-spec`. */
  strictSpec?: StrictOptions;
}

export interface EvidenceReport extends VerifyReport {
  kind: Subject['kind'];
  /** Who signed the bundle, and whether the reader trusts the key. */
  signers: Signer[];
}

/** What may be absent without a fault, also under `strict`. */
const ABSENT: ReadonlySet<string> = new Set(['NO_BUNDLE', 'NO_LEDGER', 'LEDGER_ENTRY_NOT_FOUND']);
const NOT_SEALED = 'this run has no bundle here; tracecore bundle seal makes one';

/**
 * Every check there is of a run or a bundle: those of `verifyArtifact`, then the bundle as a whole, its signature, and
 * the rules of strict spec where asked for. Whatever is wrong with the evidence is a line of the report.
 * @throws {BundleError} BUNDLE_NOT_FOUND, BUNDLE_UNREADABLE for a subject that is no folder.
 * @see docs/verify.md
 */
export async function verifyEvidence(
  subject: Subject,
  dependencies: VerifyDependencies,
  options: EvidenceOptions,
): Promise<EvidenceReport> {
  const { report, value, opened, bundle, signers } =
    subject.kind === 'run'
      ? await verifyRun(subject, dependencies, options)
      : await verifySealed(subject.dir, dependencies, options);
  const { strictSpec, strict = false, ledger = null, trust } = options;
  const listed = await ledgerLine(bundle, ledger, trust);
  const extra = strictSpec === undefined ? [] : [strictSpecLine(value, strictSpec)];
  const checks = [...report.checks, ...opened, listed, ...extra].map((check) => (strict ? strictly(check) : check));
  const holds = checks.every(({ status }) => status !== 'fail');
  return { kind: subject.kind, ok: holds, run_id: report.run_id, checks, signers };
}

interface Verified {
  report: VerifyReport;
  value: Json | undefined;
  /** The lines about the bundle. */
  opened: VerifyCheck[];
  /** Its folder; null where there is none that can be read. */
  bundle: string | null;
  signers: Signer[];
}

async function verifyRun(
  { value, text }: Extract<Subject, { kind: 'run' }>,
  dependencies: VerifyDependencies,
  { bundles, trust, requireSignature }: EvidenceOptions,
): Promise<Verified> {
  const report = await verifyArtifact(value, text, dependencies);
  if (!isArtifact(value)) {
    const unmade = 'not made: the schema does not hold';
    return { report, value, opened: [skip('bundle', unmade), skip('signature', unmade)], bundle: null, signers: [] };
  }
  const dir = bundles === null ? null : join(bundles, value.run_id);
  const opened = dir === null ? null : await bundleOf(dir, value, trust);
  if (opened === null) {
    const lines = [
      skip('bundle', NOT_SEALED, 'NO_BUNDLE'),
      skip('signature', 'there is no bundle to sign', 'NO_BUNDLE'),
    ];
    if (requireSignature) lines[1] = fail('signature', 'SIGNATURE_NONE', NOT_SEALED);
    return { report, value, opened: lines, bundle: null, signers: [] };
  }
  if ('code' in opened) {
    const lines = [
      fail('bundle', opened.code, opened.message),
      skip('signature', 'not made: the bundle cannot be read'),
    ];
    return { report, value, opened: lines, bundle: null, signers: [] };
  }
  const lines = linesOf(opened.report, requireSignature ?? false);
  const other = lines[0]?.status === 'fail' ? null : otherThan(value, opened);
  if (other !== null) lines[0] = other;
  return { report, value, opened: lines, bundle: dir, signers: opened.report.signature.signers };
}

async function verifySealed(
  dir: string,
  dependencies: VerifyDependencies,
  { trust, requireSignature }: EvidenceOptions,
): Promise<Verified> {
  const { report: bundle, artifact } = await openBundle(dir, { trust });
  const opened = linesOf(bundle, requireSignature ?? false);
  const { signers } = bundle.signature;
  if (artifact !== null) {
    const report = await verifyArtifact(artifact.value, artifact.text, dependencies);
    return { report, value: artifact.value, opened, bundle: dir, signers };
  }
  const why =
    bundle.form === 'python'
      ? 'not made: a bundle of the Python runtime has no artifact'
      : 'not made: artifact.json is missing or cannot be read';
  const checks = ARTIFACT_CHECKS.map((check) => skip(check, why));
  return { report: { ok: true, run_id: bundle.run_id, checks }, value: undefined, opened, bundle: dir, signers };
}

/** Null when the run has none. */
async function bundleOf(
  dir: string,
  run: Artifact,
  trust: readonly TrustedKey[],
): Promise<OpenedBundle | { code: string; message: string } | null> {
  try {
    return await openBundle(dir, { trust, run });
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    if (code === 'BUNDLE_NOT_FOUND') return null;
    if (typeof code !== 'string') throw error;
    return { code, message };
  }
}

/** A bundle that holds by itself may still be another record than the run file is. */
function otherThan(run: Artifact, { artifact }: OpenedBundle): VerifyCheck | null {
  if (artifact === null) return null;
  const difference = differenceBeyondRedactions(artifact.value as unknown as Artifact, run);
  if (difference === null) return null;
  const message = `${difference.pointer || 'the artifact'} of the run file is not as the bundle has it`;
  return { ...fail('bundle', 'BUNDLE_DIFFERS', message, difference.pointer), file: 'artifact.json' };
}

function linesOf(report: BundleReport, requireSignature: boolean): VerifyCheck[] {
  return [bundleLine(report), signatureLine(report, requireSignature)];
}

function bundleLine({ checks, form, redacted }: BundleReport): VerifyCheck {
  const failed = checks.find(({ check, status }) => status === 'fail' && check !== 'signature');
  if (failed === undefined) {
    const values = redacted === 1 ? '1 value is redacted' : `${redacted} values are redacted`;
    const note = form === 'python' ? 'python form' : redacted > 0 ? values : undefined;
    return ok('bundle', 'its files agree with each other and their digests', note);
  }
  const { check, code, message, pointer, file } = failed;
  return { ...fail('bundle', code, `${check}: ${message}`, pointer), ...(file === undefined ? {} : { file }) };
}

function signatureLine({ checks, signature }: BundleReport, required: boolean): VerifyCheck {
  const { status, code, message, file } = checks.find(
    ({ check }) => check === 'signature',
  ) as BundleReport['checks'][number];
  const trusted = signature.signers.filter((signer) => signer.status === 'trusted');
  const names = trusted.map(({ key_id, trusted_by }) => `${key_id}${trusted_by === null ? '' : ` by ${trusted_by}`}`);
  if (status === 'ok')
    return ok('signature', message, names.length > 0 ? `trusted key ${names.join(', ')}` : undefined);
  if (signature.status === 'none' && !required) return skip('signature', message, code);
  return { ...fail('signature', code, message), ...(file === undefined ? {} : { file }) };
}

function strictSpecLine(value: Json | undefined, options: StrictOptions): VerifyCheck {
  const check = 'strict-spec';
  if (!isArtifact(value)) return skip(check, 'not made: there is no artifact whose schema holds');
  return ofFindings(check, checkStrictSpec(value, options), 'every rule of the spec holds');
}

/** Nothing is taken on faith: what was not checked, or not in full, fails. */
function strictly(check: VerifyCheck): VerifyCheck {
  const isOpen = check.code === 'VERDICT_ONLY' || (check.status === 'skip' && !ABSENT.has(check.code));
  return isOpen ? { ...check, status: 'fail' } : check;
}
