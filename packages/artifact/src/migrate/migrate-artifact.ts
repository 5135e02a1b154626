import { type Artifact, artifactIssues, isJsonObject, type Json, type JsonObject, SPEC_VERSION } from '@tracecore/spec';
import { checkBudgets } from '../check-budgets.js';
import { checkTaxonomy } from '../check-taxonomy.js';
import { ArtifactError } from '../error.js';
import { hashArtifact, type Sha256 } from '../hash-artifact.js';
import { parseJson } from '../json-text.js';
import { referenceHash } from '../reference.js';
import { sealArtifact, type UnsealedArtifact } from '../seal-artifact.js';
import { type Changes, draftOf } from './draft.js';
import { findInexactNumber } from './exact-numbers.js';
import { fillBudgets } from './fill-budgets.js';
import { fillIdentity } from './fill-identity.js';
import { fillOutcome } from './fill-outcome.js';
import { fillTrace } from './fill-trace.js';
import { type Migration, type MigrationRecord, Refusal } from './types.js';

const UNVERSIONED = 'unversioned';
const OLD_VERSION = /^(?:tracecore-spec-)?v?0\.\d+(?:\.\d+)?$/;

/**
 * Brings a run file of v0.1, or of the time before versions, to v1.0. Only what is missing or has an old shape is filled,
 * from what the file itself says or by a rule that `migration.assumed` owns up to; the rest stays as it is. What is v1.0
 * already is `current`. The result passes `parseArtifact`, `checkBudgets` and `checkTaxonomy`, and has the canonical hash.
 * @param text the file, whole.
 * @see docs/migrate.md
 */
export function migrateArtifact(text: string, sha256: Sha256): Migration {
  try {
    const document = readObject(text);
    const from = versionOf(document);
    if (from === null) return { state: 'current' };
    return migrateFrom(from, document, text, sha256);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, pointer, message } = error;
    return { state: 'refused', code, pointer, message };
  }
}

function migrateFrom(from: string, document: JsonObject, text: string, sha256: Sha256): Migration {
  requireExactNumbers(text);
  const previous = requireOwnHash(document, text, sha256);
  const changes: Changes = { changed: [], assumed: [] };
  const draft = draftOf(document, changes);
  draft.set('spec_version', SPEC_VERSION, 'said');
  fillIdentity(draft);
  fillOutcome(draft);
  fillBudgets(draft);
  fillTrace(draft);
  const record: MigrationRecord = { from, ...changes, previous_hash: previous };
  const migrated = { ...document, migration: record as unknown as Json };
  const issues = artifactIssues({ ...migrated, artifact_hash: '' });
  const [issue] = issues;
  if (issue)
    throw new Refusal('ARTIFACT_INVALID', issue.pointer, `${issue.pointer || 'the document'} ${issue.message}`);
  const artifact = sealArtifact(migrated as unknown as UnsealedArtifact, sha256);
  requireConsistent(artifact);
  return { state: 'migrated', artifact, record };
}

function readObject(text: string): JsonObject {
  let value: Json;
  try {
    value = parseJson(text);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    throw new Refusal('JSON_INVALID', '', error.message);
  }
  const runs =
    isJsonObject(value) &&
    typeof value.run_id === 'string' &&
    Object.hasOwn(value, 'action_trace') &&
    ['task_ref', 'task_id'].some((field) => Object.hasOwn(value, field));
  if (runs) return value as JsonObject;
  throw new Refusal('NOT_AN_ARTIFACT', '', 'expected a run with run_id, action_trace and task_ref or task_id');
}

/** The old version that a file is of; null when it is valid v1.0. */
function versionOf(document: JsonObject): string | null {
  const version = Object.hasOwn(document, 'spec_version') ? document.spec_version : null;
  if (version === null || version === undefined) return UNVERSIONED;
  if (version === SPEC_VERSION) {
    const [issue] = artifactIssues(document);
    if (!issue) return null;
    const message = `the file says ${SPEC_VERSION} and is not: ${issue.pointer || 'the document'} ${issue.message}`;
    throw new Refusal('ARTIFACT_INVALID', issue.pointer, message);
  }
  if (typeof version === 'string' && OLD_VERSION.test(version)) return version;
  const message = `expected ${SPEC_VERSION}, v0.x or none, got ${JSON.stringify(version)}; a later release may know it`;
  throw new Refusal('SPEC_VERSION_UNKNOWN', '/spec_version', message);
}

/** Written anew, such a number would be another one. */
function requireExactNumbers(text: string): void {
  const spelled = findInexactNumber(text);
  if (spelled === null) return;
  throw new Refusal('NUMBER_INEXACT', '', `expected numbers that a double holds exactly, found ${spelled}`);
}

/** A hash that does not belong to the file says that somebody changed it; a new one would hide that. */
function requireOwnHash(document: JsonObject, text: string, sha256: Sha256): string | null {
  const { artifact_hash: hash } = document;
  if (hash === undefined || hash === null) return null;
  if (hash === referenceHash(text, sha256) || hash === hashArtifact(document, sha256)) return hash;
  const message = 'expected the hash that belongs to the file; it was changed after it was hashed, or by another rule';
  throw new Refusal('HASH_MISMATCH', '/artifact_hash', message);
}

function requireConsistent(artifact: Artifact): void {
  const [finding] = [...checkTaxonomy(artifact), ...checkBudgets(artifact)];
  if (finding) throw new Refusal('INCONSISTENT', finding.pointer, `${finding.code} ${finding.message}`);
}
