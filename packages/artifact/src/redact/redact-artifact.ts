import { type Artifact, type Json, type JsonObject, SpecError } from '@tracecore/spec';
import { ArtifactError } from '../error.js';
import type { Sha256 } from '../hash-artifact.js';
import { sealArtifact, type UnsealedArtifact } from '../seal-artifact.js';
import { isRedacted } from './check-redactions.js';
import { type Chosen, choosePlaces } from './choose-places.js';
import { commitmentOf, newSalt } from './commitment.js';
import type { DisclosureFile } from './disclosure.js';
import { findResidues } from './find-residues.js';
import { commitmentIn, placeholderFor } from './placeholder.js';
import { childrenOf, type Place, withReplaced } from './places.js';

const POINTERS_NAMED = 5;

export interface RedactOptions {
  /** JSON pointers; `*` as a segment stands for every member. */
  pointers: readonly string[];
  /** Redacts every place where a redacted text still stands, in place of refusing. */
  everywhere?: boolean;
  sha256: Sha256;
  /** Random bytes for the salts, as many as asked for; they have to be unguessable. */
  random: (length: number) => Uint8Array;
}

/**
 * Puts salted commitments in the place of values, lists them in `redactions`, and seals the result under a hash of its own.
 * `artifact` is left as it is; that it verifies is for the caller to check.
 * @returns the redacted artifact, and what opens each of its commitments.
 * @throws {ArtifactError} REDACTION_POINTER_INVALID; REDACTION_NO_MATCH; REDACTION_NOT_ALLOWED for what has to stay, and
 * where no placeholder fits; REDACTION_LEAKS when a redacted text stands elsewhere too; ALREADY_REDACTED.
 * @see spec/extensions/redaction.md
 */
export function redactArtifact(
  artifact: Artifact,
  options: RedactOptions,
): { artifact: Artifact; disclosure: DisclosureFile } {
  requireUnredacted(artifact);
  const { sha256, random } = options;
  const chosen = chosenOf(artifact, options);
  const disclosures = chosen.map(({ origin, value }) => ({ pointer: origin, salt: newSalt(random), value }));
  const commitments = disclosures.map((disclosure) => commitmentOf(disclosure, sha256));
  const replacements = new Map<string, Json>();
  const redactions: JsonObject[] = [];
  for (const [index, { value, places }] of chosen.entries()) {
    const commitment = commitments[index] as string;
    for (const pointer of places) {
      replacements.set(pointer, placeholderFor(value, commitment));
      redactions.push({ pointer, commitment });
    }
  }
  const fields = withReplaced(artifact as unknown as Json, replacements) as JsonObject;
  const redacted = seal({ ...fields, redactions } as unknown as UnsealedArtifact, sha256);
  const { run_id, artifact_hash } = redacted;
  return { artifact: redacted, disclosure: { version: 1, run_id, artifact_hash, disclosures } };
}

/** What is asked for and, where that was asked too, every place that a redacted text stands in, until none is left. */
function chosenOf(artifact: Artifact, { pointers, everywhere = false }: RedactOptions): Chosen[] {
  const patterns = [...pointers];
  for (;;) {
    const chosen = choosePlaces(artifact, patterns);
    const redacted = new Set(chosen.flatMap(({ places }) => places));
    const values = [...chosen.map(({ value }) => value), artifact.artifact_hash];
    const residues = findResidues(artifact as unknown as Json, values, redacted).map(({ pointer }) => pointer);
    if (residues.length === 0) return chosen;
    if (!everywhere) throw leak(residues, '--redact-everywhere redacts these too');
    try {
      choosePlaces(artifact, residues);
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error;
      throw leak([error.at ?? '', ...residues.filter((pointer) => pointer !== error.at)], error.message);
    }
    patterns.push(...residues);
  }
}

function leak(pointers: readonly string[], why: string): ArtifactError {
  const named = pointers.slice(0, POINTERS_NAMED).join(', ');
  const more = pointers.length > POINTERS_NAMED ? ` and ${pointers.length - POINTERS_NAMED} more` : '';
  const message = `expected what is redacted to stand nowhere else, it also stands at ${named}${more}; ${why}`;
  return new ArtifactError('REDACTION_LEAKS', message, pointers[0] ?? null);
}

/** A placeholder of the original could not be told from one that was put there. */
function requireUnredacted(artifact: Artifact): void {
  const pointer = isRedacted(artifact)
    ? '/redactions'
    : placeholderIn({ pointer: '', value: artifact as unknown as Json });
  if (pointer === null) return;
  const message = `expected an artifact that nobody redacted, found ${pointer}; redact the original in one go`;
  throw new ArtifactError('ALREADY_REDACTED', message, pointer);
}

function placeholderIn(place: Place): string | null {
  if (commitmentIn(place.value) !== null) return place.pointer;
  for (const child of childrenOf(place)) {
    const found = placeholderIn(child);
    if (found !== null) return found;
  }
  return null;
}

function seal(unsealed: UnsealedArtifact, sha256: Sha256): Artifact {
  try {
    return sealArtifact(unsealed, sha256);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    const [issue] = error.issues;
    const at = issue?.pointer ?? '';
    const message = `${at} cannot be redacted: no placeholder fits there (${issue?.message ?? error.message})`;
    throw new ArtifactError('REDACTION_NOT_ALLOWED', message, at);
  }
}
