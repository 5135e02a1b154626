import { checkBudgets, checkHash, checkTaxonomy, type Finding } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import { isReferenceArtifact, referenceHash } from '@tracecore/artifact/reference';
import { type Artifact, parseArtifact, SpecError } from '@tracecore/spec';
import { ARTIFACT_FILE } from '../layout.js';
import { type BundleCheck, type BundleCheckName, type BundleFinding, judged, PYTHON_FORM, skipped } from '../report.js';
import type { Parsed } from './contents.js';

const CHECKS = ['schema', 'hash', 'budgets', 'taxonomy'] as const;

/**
 * Schema, hash, budgets and taxonomy of `artifact.json`.
 * @param parsed undefined when there is no such file or it is no JSON; `reason` then says why nothing was checked.
 */
export function checkArtifact(
  parsed: Parsed | undefined,
  reason: string,
): { artifact: Artifact | null; checks: BundleCheck[] } {
  if (!parsed) return { artifact: null, checks: CHECKS.map((check) => skipped(check, reason)) };
  let artifact: Artifact;
  try {
    artifact = parseArtifact(parsed.value);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const [schema, ...others] = CHECKS;
    const findings = schemaFindings(error);
    const unmade = others.map((check) => skipped(check, 'not made: the schema does not hold'));
    return { artifact: null, checks: [judged(schema, findings, ''), ...unmade] };
  }
  const checks = [
    judged('schema', [], 'the fields are those of v1.0'),
    checkArtifactHash(artifact, parsed.text),
    ofFindings('budgets', checkBudgets(artifact), 'every step adds up'),
    ofFindings('taxonomy', checkTaxonomy(artifact), 'outcome, reason and type agree'),
  ];
  return { artifact, checks };
}

function schemaFindings({ code, message, issues }: SpecError): BundleFinding[] {
  const known = code === 'SPEC_VERSION_UNSUPPORTED' ? code : 'ARTIFACT_INVALID';
  if (issues.length === 0) return [{ code: known, file: ARTIFACT_FILE, message }];
  return issues.map((issue) => ({
    code: known,
    file: ARTIFACT_FILE,
    pointer: issue.pointer,
    message: `${ARTIFACT_FILE}: ${issue.pointer || 'the document'} ${issue.message}`,
  }));
}

function checkArtifactHash(artifact: Artifact, text: string): BundleCheck {
  const message = 'the bytes are those that were hashed';
  if (!isReferenceArtifact(artifact)) return ofFindings('hash', checkHash(artifact, sha256), message);
  const computed = referenceHash(text, sha256);
  const pointer = '/artifact_hash';
  const says = `${pointer} should be ${JSON.stringify(computed)} (${PYTHON_FORM}) and is ${JSON.stringify(artifact.artifact_hash)}`;
  const findings: Finding[] =
    computed === artifact.artifact_hash ? [] : [{ code: 'HASH_MISMATCH', pointer, message: says }];
  return ofFindings('hash', findings, message, PYTHON_FORM);
}

function ofFindings(check: BundleCheckName, findings: Finding[], message: string, note?: string): BundleCheck {
  const found = findings.map((finding) => ({
    ...finding,
    file: ARTIFACT_FILE,
    message: `${ARTIFACT_FILE}: ${finding.message}`,
  }));
  return judged(check, found, message, note);
}
