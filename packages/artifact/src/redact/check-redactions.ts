import { type Artifact, isJsonObject, type Json } from '@tracecore/spec';
import { type Finding, mismatch } from '../finding.js';
import { pointerTo, segmentsOf } from '../pointer.js';
import { commitmentIn, isCommitment } from './placeholder.js';
import { childrenOf, type Place, valueAt } from './places.js';
import { refusalOf, repeatedBy } from './redactable.js';

/** An entry of `redactions`: the placeholder with this commitment stands at this JSON pointer. */
export interface Redaction {
  pointer: string;
  commitment: string;
}

const LIST = '/redactions';

/** Whether values of an artifact are redacted: what it says there cannot be played again or compared. */
export function isRedacted(artifact: Artifact): boolean {
  return (artifact as { redactions?: unknown }).redactions !== undefined;
}

/** The redactions of an artifact; entries that are none are left out, and `checkRedactions` names them. */
export function redactionsOf(artifact: Artifact): Redaction[] {
  const { redactions } = artifact as { redactions?: Json };
  if (!Array.isArray(redactions)) return [];
  return redactions.flatMap((entry) => {
    if (!isJsonObject(entry)) return [];
    const { pointer, commitment } = entry;
    return typeof pointer === 'string' && isCommitment(commitment) ? [{ pointer, commitment }] : [];
  });
}

/**
 * Whether `redactions` and the placeholders say the same: each entry has its placeholder, each placeholder its entry, only
 * what may be redacted is, and a commitment stands twice only where an observation repeats a step. Needs no salts.
 * @returns nothing for an artifact without redactions.
 */
export function checkRedactions(artifact: Artifact): Finding[] {
  if (!isRedacted(artifact)) return [];
  const { redactions } = artifact as { redactions?: Json };
  if (!Array.isArray(redactions)) return [invalid(LIST, 'should be a list')];
  const document = artifact as unknown as Json;
  const listed = new Map<string, string>();
  const firstAt = new Map<string, string>();
  const findings: Finding[] = [];
  for (const [index, entry] of redactions.entries()) {
    const at = pointerTo(LIST, index);
    const finding = checkEntry(document, entry, at, listed, firstAt);
    if (finding) findings.push(finding);
  }
  return [...findings, ...unlisted(document, listed)];
}

function checkEntry(
  document: Json,
  entry: Json,
  at: string,
  listed: Map<string, string>,
  firstAt: Map<string, string>,
): Finding | null {
  const { pointer, commitment } = isJsonObject(entry) ? entry : {};
  const segments = typeof pointer === 'string' ? segmentsOf(pointer) : null;
  if (typeof pointer !== 'string' || segments === null || !isCommitment(commitment)) {
    return invalid(at, 'should have a pointer and a commitment, sha256: and 64 hex digits');
  }
  if (listed.has(pointer)) return invalid(at, `names ${pointer} again`);
  listed.set(pointer, commitment);
  const refusal = refusalOf(segments);
  if (refusal !== null) return invalid(at, `names ${pointer}, which has to stay: ${refusal}`);
  const there = commitmentIn(valueAt(document, pointer));
  if (there !== commitment) return mismatch('REDACTION_MISMATCH', pointer, `a placeholder of ${commitment}`, there);
  const first = firstAt.get(commitment);
  firstAt.set(commitment, first ?? pointer);
  const repeated = repeatedBy(segments)?.reduce<string>(pointerTo, '');
  if (first === undefined || first === repeated) return null;
  return invalid(at, `has the commitment of ${first}, which ${pointer} does not repeat`);
}

function unlisted(document: Json, listed: ReadonlyMap<string, string>): Finding[] {
  const findings: Finding[] = [];
  visit({ pointer: '', value: document });
  return findings;

  function visit(place: Place): void {
    if (place.pointer === LIST || listed.has(place.pointer)) return;
    if (commitmentIn(place.value) === null) {
      for (const child of childrenOf(place)) visit(child);
      return;
    }
    const message = `${place.pointer} is a placeholder that ${LIST} does not list`;
    findings.push({ code: 'REDACTION_MISMATCH', pointer: place.pointer, message });
  }
}

function invalid(pointer: string, what: string): Finding {
  return { code: 'REDACTION_INVALID', pointer, message: `${pointer} ${what}` };
}
