import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactError, parseJson } from '@tracecore/artifact';
import { isTemporaryName, writeFileAtomic } from '@tracecore/artifact/node';
import { BundleError, reasonOf, systemCode } from '../error.js';
import { isRunId } from '../layout.js';
import type { CertifiedBundle } from '../ledger/certified-bundle.js';
import { readRegular } from '../read-regular.js';
import { type BoardRecord, faultOf, recordOf } from './record.js';

/** Every record that holds, and each file that should have been one and is not. */
export interface Board {
  /** By run id. */
  records: BoardRecord[];
  skipped: { file: string; reason: string }[];
}

const MAX_RECORD_BYTES = 65_536;
const CANDIDATES_NAMED = 5;

/**
 * Reads the records in a folder; none when there is no folder.
 * @throws {BundleError} LEADERBOARD_UNREADABLE
 */
export async function readBoard(dir: string): Promise<Board> {
  const board: Board = { records: [], skipped: [] };
  for (const file of await namesIn(dir)) {
    if (isTemporaryName(file)) continue;
    const id = file.endsWith('.json') ? file.slice(0, -'.json'.length) : '';
    const read = isRunId(id) ? await readRecord(dir, id) : { reason: 'expected a file named <run_id>.json' };
    if (read === null) continue;
    if ('reason' in read) board.skipped.push({ file, reason: read.reason });
    else board.records.push(read);
  }
  return board;
}

/**
 * The record whose run id begins with `named`.
 * @throws {BundleError} LEADERBOARD_NOT_FOUND for none and for several; LEADERBOARD_UNREADABLE, also for a torn one.
 */
export async function findRecord(dir: string, named: string): Promise<BoardRecord> {
  const ids = (await namesIn(dir)).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []));
  const runs = ids.filter(isRunId);
  const found = runs.includes(named)
    ? [named]
    : runs.filter((id) => /^[0-9a-fA-F-]{6,36}$/.test(named) && id.startsWith(named));
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) {
    const what = only === undefined ? 'none' : `${found.length}: ${found.slice(0, CANDIDATES_NAMED).join(', ')}`;
    const expected = `expected one run on the leaderboard whose id begins with ${JSON.stringify(named)}`;
    throw new BundleError('LEADERBOARD_NOT_FOUND', `${expected}, found ${what}`);
  }
  const read = await readRecord(dir, only);
  if (read !== null && !('reason' in read)) return read;
  throw new BundleError(
    'LEADERBOARD_UNREADABLE',
    `${only}.json: ${read?.reason ?? 'it went away'}; submit its bundle again`,
  );
}

/**
 * Puts a bundle on the board; its score must have been derived by the caller. A record that is there stays as it is, and a
 * torn one is replaced.
 * @throws {BundleError} LEADERBOARD_EXISTS when another bundle of this run is there; LEADERBOARD_UNWRITABLE.
 */
export async function putRecord(
  dir: string,
  bundle: CertifiedBundle,
  submittedAt: Date,
): Promise<{ record: BoardRecord; state: 'submitted' | 'unchanged' }> {
  const there = await readRecord(dir, bundle.run_id);
  if (there !== null && !('reason' in there)) {
    if (there.integrity_sha256 === bundle.integrity_sha256) return { record: there, state: 'unchanged' };
    const expected = `expected no other bundle of run ${bundle.run_id} on the leaderboard`;
    throw new BundleError('LEADERBOARD_EXISTS', `${expected}, found one with the digest ${there.integrity_sha256}`);
  }
  const record = recordOf(bundle, submittedAt);
  try {
    await mkdir(dir, { recursive: true });
    await writeFileAtomic(pathOf(dir, record.run_id), `${JSON.stringify(record, null, 2)}\n`);
  } catch (error) {
    throw new BundleError('LEADERBOARD_UNWRITABLE', `could not write the record: ${reasonOf(error)}`, { cause: error });
  }
  return { record, state: 'submitted' };
}

/** Null when it is not there. */
async function readRecord(dir: string, runId: string): Promise<BoardRecord | { reason: string } | null> {
  const name = `${runId}.json`;
  const bytes = await readRegular(pathOf(dir, runId), name, MAX_RECORD_BYTES);
  if (!(bytes instanceof Uint8Array)) return bytes.why === 'missing' ? null : { reason: bytes.message };
  try {
    const value = parseJson(Buffer.from(bytes).toString('utf8'));
    const fault = faultOf(value);
    if (fault !== null) return { reason: fault };
    const record = value as unknown as BoardRecord;
    return record.run_id === runId ? record : { reason: `expected the run of the file's name, found ${record.run_id}` };
  } catch (error) {
    if (error instanceof ArtifactError) return { reason: error.message };
    throw error;
  }
}

/** The pattern of run ids keeps separators and dots out, so no id leads elsewhere. */
function pathOf(dir: string, runId: string): string {
  if (isRunId(runId)) return join(dir, `${runId}.json`);
  throw new BundleError('LEADERBOARD_NOT_FOUND', `expected a run id, got ${JSON.stringify(runId)}`);
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).sort();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw new BundleError('LEADERBOARD_UNREADABLE', `could not list ${dir}: ${reasonOf(error)}`, { cause: error });
  }
}
