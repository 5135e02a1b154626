import type { AttemptLine, BatchFileEntry, BatchPlan } from './batch.js';
import { type Issue, SpecError } from './error.js';
import { validateBatchFile, validateBatchLine, validateBatchPlan } from './generated/validators.js';
import { parseWith } from './parse.js';

/** Seeds that one entry may ask for; more is a slip of the finger, and would be a plan of gigabytes. */
const MOST_SEEDS = 1_000_000;
const RANGE = /^(-?\d+)\.\.(-?\d+)$/;

/**
 * Checks the file that `run batch --batch-file` reads.
 * @throws {SpecError} BATCH_FILE_INVALID with one issue per fault of every entry.
 */
export function parseBatchFile(value: unknown): BatchFileEntry[] {
  const issues = validateBatchFile(value) ? [] : issuesOfSchema(value);
  if (Array.isArray(value)) issues.push(...value.flatMap((entry, index) => issuesOfEntry(entry, index)));
  if (issues.length === 0) return value as BatchFileEntry[];
  const [first, ...others] = issues;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new SpecError(
    'BATCH_FILE_INVALID',
    `not a valid batch file: ${first?.pointer || 'the document'} ${first?.message}${more}`,
    issues,
  );
}

/** @throws {SpecError} BATCH_VERSION_UNSUPPORTED for a plan of a later release; BATCH_PLAN_INVALID. */
export function parseBatchPlan(value: unknown): BatchPlan {
  const version = (value as { batch_version?: unknown } | null | undefined)?.batch_version;
  if (Number.isSafeInteger(version) && version !== 1) {
    throw new SpecError(
      'BATCH_VERSION_UNSUPPORTED',
      `expected a batch of version 1, got version ${version}; use a release that knows that version`,
    );
  }
  return parseWith<BatchPlan>(validateBatchPlan, value, 'BATCH_PLAN_INVALID', 'plan of a batch');
}

/** @throws {SpecError} BATCH_LINE_INVALID. */
export function parseAttemptLine(value: unknown): AttemptLine {
  return parseWith<AttemptLine>(validateBatchLine, value, 'BATCH_LINE_INVALID', 'line of a batch journal');
}

/**
 * The seeds of a range such as `0..99`, both ends included; null when the text is no range, its ends are turned around or
 * inexact as doubles, or it holds more than a million.
 */
export function parseSeedRange(text: string): number[] | null {
  const [, from, to] = RANGE.exec(text)?.map(Number) ?? [];
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) return null;
  const [first, last] = [from as number, to as number];
  const count = last - first + 1;
  if (count < 1 || count > MOST_SEEDS) return null;
  // No seed is minus zero: its text would be another than that of the same seed.
  return Array.from({ length: count }, (_, at) => first + at + 0);
}

function issuesOfSchema(value: unknown): Issue[] {
  try {
    parseWith(validateBatchFile, value, 'BATCH_FILE_INVALID', 'batch file');
    return [];
  } catch (error) {
    return [...(error as SpecError).issues];
  }
}

/** What a schema cannot say. */
function issuesOfEntry(entry: unknown, index: number): Issue[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { seed, seeds, timeout, budgets } = entry as Record<string, unknown>;
  const issues: Issue[] = [];
  const at = (field: string, message: string) => issues.push({ pointer: `/${index}/${field}`, message });
  if (seed !== undefined && seeds !== undefined) at('seeds', 'excludes seed: give one of them');
  const wall = (budgets as { wall_clock_seconds?: unknown } | undefined)?.wall_clock_seconds;
  if (timeout !== undefined && wall !== undefined)
    at('timeout', 'excludes budgets.wall_clock_seconds: give one of them');
  for (const [field, number] of [['seed', seed] as const, ...listed(seeds)]) {
    if (Number.isInteger(number) && !Number.isSafeInteger(number)) {
      at(field, `must be a whole number up to ${Number.MAX_SAFE_INTEGER}, got ${number}`);
    }
  }
  if (typeof seeds === 'string' && RANGE.test(seeds) && parseSeedRange(seeds) === null) {
    at('seeds', `must be a range from the lower to the higher seed, of at most ${MOST_SEEDS}, got "${seeds}"`);
  }
  return issues;
}

function listed(seeds: unknown): [field: string, value: unknown][] {
  return Array.isArray(seeds) ? seeds.map((seed, at) => [`seeds/${at}`, seed]) : [];
}
