import type { Artifact } from '@tracecore/spec';

/** Why a file is left alone. */
export type MigrationRefusalCode =
  | 'JSON_INVALID'
  | 'NUMBER_INEXACT'
  | 'NOT_AN_ARTIFACT'
  | 'SPEC_VERSION_UNKNOWN'
  | 'ARTIFACT_INVALID'
  | 'HASH_MISMATCH'
  | 'OUTCOME_UNKNOWN'
  | 'TRACE_UNKNOWN'
  | 'FIELD_UNKNOWN'
  | 'FIELD_CONFLICT'
  | 'INCONSISTENT';

/** What a migrated artifact says of its migration, in its hash. */
export interface MigrationRecord {
  /** The version that the file named, or `unversioned`. */
  from: string;
  /** JSON pointers of everything that was filled in or brought to another shape, in the order it was done. */
  changed: string[];
  /** Those of them whose value stood nowhere in the file and follows from a rule of docs/migrate.md. */
  assumed: string[];
  /** The `artifact_hash` that the file had, or null. */
  previous_hash: string | null;
}

/** What became of a file. */
export type Migration =
  | { state: 'current' }
  | { state: 'migrated'; artifact: Artifact; record: MigrationRecord }
  | { state: 'refused'; code: MigrationRefusalCode; pointer: string; message: string };

/** Ends a migration: the file cannot be brought to v1.0 without making something up. */
export class Refusal extends Error {
  constructor(
    readonly code: MigrationRefusalCode,
    readonly pointer: string,
    message: string,
  ) {
    super(message);
  }
}
