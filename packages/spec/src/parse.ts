import { type Issue, SpecError, type SpecErrorCode } from './error.js';
import { type ValidateFunction, validateArtifact, validateEpisodeConfig } from './generated/validators.js';
import { issuesOf } from './issues.js';
import type { ArtifactV1, EpisodeConfig } from './types.js';
import { SPEC_VERSION } from './version.js';

/**
 * Checks that a value is a v1.0 artifact, and types it.
 * @throws {SpecError} SPEC_VERSION_UNSUPPORTED for another spec version; ARTIFACT_INVALID with one issue per fault.
 */
export function parseArtifactV1(value: unknown): ArtifactV1 {
  const unknownVersion = unknownVersionOf(value);
  if (unknownVersion) {
    throw new SpecError(
      'SPEC_VERSION_UNSUPPORTED',
      `${unknownVersion.message}; read it with a release that knows that version`,
      [unknownVersion],
    );
  }
  return parseWith<ArtifactV1>(validateArtifact, value, 'ARTIFACT_INVALID', 'artifact');
}

/** Parses an artifact of any spec version this package knows; today that is v1.0 alone. */
export const parseArtifact = parseArtifactV1;

/** Whether `value` is an artifact that `parseArtifact` would take. */
export function isArtifact(value: unknown): value is ArtifactV1 {
  return validateArtifact(value) && value.spec_version === SPEC_VERSION;
}

/** Every fault of `value` as an artifact, another spec version included; empty when `parseArtifact` would take it. */
export function artifactIssues(value: unknown): Issue[] {
  const unknownVersion = unknownVersionOf(value);
  if (unknownVersion) return [unknownVersion];
  return validateArtifact(value) ? [] : issuesOf(validateArtifact.errors ?? [], value);
}

/**
 * Checks the file that `run --from-config` reads.
 * @throws {SpecError} EPISODE_CONFIG_INVALID with one issue per fault.
 */
export function parseEpisodeConfig(value: unknown): EpisodeConfig {
  return parseWith<EpisodeConfig>(validateEpisodeConfig, value, 'EPISODE_CONFIG_INVALID', 'episode config');
}

/** @throws {SpecError} `code` with one issue per fault. */
export function parseWith<T>(validate: ValidateFunction<T>, value: unknown, code: SpecErrorCode, what: string): T {
  if (validate(value)) return value;
  const issues = issuesOf(validate.errors ?? [], value);
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  throw new SpecError(
    code,
    `not a valid ${what}: ${first?.pointer || 'the document'} ${first?.message}${more}`,
    issues,
  );
}

/** The issue of a well-formed version that is not ours; a malformed one is left to the schema. */
function unknownVersionOf(value: unknown): Issue | null {
  const version = (value as { spec_version?: unknown } | null | undefined)?.spec_version;
  if (typeof version !== 'string' || version === SPEC_VERSION || !/^tracecore-spec-v\d+\.\d+$/.test(version))
    return null;
  return { pointer: '/spec_version', message: `expected ${SPEC_VERSION}, got ${version}` };
}
