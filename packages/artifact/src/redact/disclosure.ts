import { type Artifact, isJsonObject, type Json } from '@tracecore/spec';
import { ArtifactError } from '../error.js';
import { type Finding, mismatch } from '../finding.js';
import type { Sha256 } from '../hash-artifact.js';
import { redactionsOf } from './check-redactions.js';
import { commitmentOf, type Disclosure, isSalt } from './commitment.js';
import { prefixesOf } from './places.js';

/** What opens commitments of one redacted artifact: all of them in the file of its salts, or some that were handed on. */
export interface DisclosureFile {
  version: 1;
  run_id: string;
  /** That of the redacted artifact. */
  artifact_hash: string;
  disclosures: Disclosure[];
}

/** A value that a disclosure proved, and the places of the artifact that it stood in. */
export interface ProvenValue {
  pointer: string;
  places: string[];
  value: Json;
}

/**
 * Checks the form of a disclosure.
 * @throws {ArtifactError} DISCLOSURE_INVALID, `at` the JSON pointer of what is wrong.
 */
export function parseDisclosure(value: Json): DisclosureFile {
  if (!isJsonObject(value))
    throw invalid('', 'should be an object with version, run_id, artifact_hash and disclosures');
  const { version, run_id, artifact_hash, disclosures } = value;
  if (version !== 1) throw invalid('/version', 'should be 1; a later form needs a later release');
  if (typeof run_id !== 'string') throw invalid('/run_id', 'should be a text');
  if (typeof artifact_hash !== 'string') throw invalid('/artifact_hash', 'should be a text');
  if (!Array.isArray(disclosures)) throw invalid('/disclosures', 'should be a list');
  return { version, run_id, artifact_hash, disclosures: disclosures.map(parseEntry) };
}

/**
 * Opens commitments of an artifact. That its redactions hold is for `checkRedactions` to say.
 * @returns each value that is proven, and a finding for each disclosure that is not about this artifact, is about no
 * redaction of it, or does not open its commitment.
 */
export function checkDisclosure(
  artifact: Artifact,
  file: DisclosureFile,
  sha256: Sha256,
): { proven: ProvenValue[]; findings: Finding[] } {
  for (const field of ['run_id', 'artifact_hash'] as const) {
    if (file[field] === artifact[field]) continue;
    return { proven: [], findings: [mismatch('DISCLOSURE_OTHER_RUN', `/${field}`, artifact[field], file[field])] };
  }
  const commitmentAt = new Map(redactionsOf(artifact).map(({ pointer, commitment }) => [pointer, commitment]));
  const placesOf = new Map<string, string[]>();
  for (const [pointer, commitment] of commitmentAt) {
    placesOf.set(commitment, [...(placesOf.get(commitment) ?? []), pointer]);
  }
  const proven: ProvenValue[] = [];
  const findings: Finding[] = [];
  for (const [index, disclosure] of file.disclosures.entries()) {
    const { pointer, value } = disclosure;
    const commitment = commitmentAt.get(pointer);
    if (commitment === undefined) {
      const message = `disclosure ${index + 1}: nothing is redacted at ${pointer}`;
      findings.push({ code: 'DISCLOSURE_UNKNOWN_POINTER', pointer, message });
    } else if (commitmentOf(disclosure, sha256) !== commitment) {
      const message = `disclosure ${index + 1}: value and salt do not open the commitment at ${pointer}`;
      findings.push({ code: 'DISCLOSURE_MISMATCH', pointer, message });
    } else {
      proven.push({ pointer, places: placesOf.get(commitment) as string[], value });
    }
  }
  return { proven, findings };
}

/**
 * The part of a disclosure that opens what stands at a pointer and everything redacted below it.
 * @throws {ArtifactError} DISCLOSURE_UNKNOWN_POINTER when it opens nothing there.
 */
export function selectDisclosures({ disclosures }: DisclosureFile, pointer: string): Disclosure[] {
  const selected = disclosures.filter((one) => one.pointer === pointer || prefixesOf(one.pointer).includes(pointer));
  if (selected.length > 0) return selected;
  const message = `expected a pointer that the salts open, got ${JSON.stringify(pointer)}`;
  throw new ArtifactError('DISCLOSURE_UNKNOWN_POINTER', message, pointer);
}

function parseEntry(entry: Json, index: number): Disclosure {
  const at = `/disclosures/${index}`;
  const { pointer, salt, value } = isJsonObject(entry) ? entry : {};
  if (typeof pointer !== 'string') throw invalid(`${at}/pointer`, 'should be a JSON pointer');
  if (!isSalt(salt)) throw invalid(`${at}/salt`, 'should be 64 lowercase hex digits');
  if (value === undefined) throw invalid(`${at}/value`, 'should be there');
  return { pointer, salt, value };
}

function invalid(at: string, what: string): ArtifactError {
  return new ArtifactError('DISCLOSURE_INVALID', `not a disclosure: ${at || 'the document'} ${what}`, at);
}
