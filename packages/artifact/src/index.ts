export { canonicalBytes, canonicalize } from './canonicalize.js';
export { checkBudgets } from './check-budgets.js';
export { checkHash } from './check-hash.js';
export { checkTaxonomy } from './check-taxonomy.js';
export { diffArtifacts } from './diff/diff-artifacts.js';
export type { ArtifactDiff, StepDiff, ValueChange } from './diff/types.js';
export { ArtifactError, type ArtifactErrorCode } from './error.js';
export type { Finding, FindingCode } from './finding.js';
export { type Difference, firstDifference } from './first-difference.js';
export { hashArtifact, type Sha256 } from './hash-artifact.js';
export { type FileDigest, hashFiles } from './hash-files.js';
export { parseJson } from './json-text.js';
export { migrateArtifact } from './migrate/migrate-artifact.js';
export type { Migration, MigrationRecord, MigrationRefusalCode } from './migrate/types.js';
export { checkRedactions, isRedacted, type Redaction, redactionsOf } from './redact/check-redactions.js';
export type { Disclosure } from './redact/commitment.js';
export { differenceBeyondRedactions } from './redact/difference-beyond.js';
export {
  checkDisclosure,
  type DisclosureFile,
  type ProvenValue,
  parseDisclosure,
  selectDisclosures,
} from './redact/disclosure.js';
export { type RedactOptions, redactArtifact } from './redact/redact-artifact.js';
export { sealArtifact, type UnsealedArtifact } from './seal-artifact.js';
export { stablePayload } from './stable-payload.js';
