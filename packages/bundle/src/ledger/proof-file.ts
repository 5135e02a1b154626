import { canonicalBytes } from '@tracecore/artifact';
import { verifyConsistency } from '@tracecore/artifact/merkle';
import { sha256Bytes } from '@tracecore/artifact/node';
import { isJsonObject, type Json, type JsonObject } from '@tracecore/spec';
import { BundleError } from '../error.js';
import {
  type CheckpointTrust,
  parseSignedCheckpoint,
  requireSigned,
  type SignedCheckpoint,
} from './checkpoint-note.js';
import type { PlacedEntry } from './find-entry.js';
import { requireContinuation } from './history.js';
import { type LedgerEntry, parseEntry } from './parse-entry.js';
import type { Log } from './read-log.js';
import { LedgerChecks, type LedgerReport } from './report.js';
import { leafOf, requireIncluded } from './verify-ledger.js';

/** A proof as its file holds it: all that is needed beside the log's public key. Hashes are in hex. */
export interface ProofFile {
  version: 1;
  /** The checkpoint that the proof leads to, a signed note. */
  checkpoint: string;
  index: number;
  leaf_hash: string;
  entry: LedgerEntry;
  inclusion: string[];
  /** That the log continues an older checkpoint. */
  consistency?: { from: string; hashes: string[] };
}

const HASH = /^[0-9a-f]{64}$/;
const MAX_HASHES = 64;
const FIELDS = ['version', 'checkpoint', 'index', 'leaf_hash', 'entry', 'inclusion', 'consistency'];

/**
 * The proof that an entry is in a log; with `from`, also that the log continues that checkpoint.
 * @throws {BundleError} as `requireContinuation` does for `from`, and as reading the log does.
 */
export async function proveEntry(
  log: Log,
  { index, leaf_hash, entry }: PlacedEntry,
  from?: SignedCheckpoint,
): Promise<ProofFile> {
  const { hashes } = await log.tree.proveInclusion(index);
  const proof: ProofFile = { version: 1, checkpoint: log.note, index, leaf_hash, entry, inclusion: hashes.map(hex) };
  if (from === undefined) return proof;
  const { checkpoint, note } = from;
  await requireContinuation(log, { checkpoint, from: 'the older checkpoint' });
  const grown = await log.tree.proveConsistency(checkpoint.size);
  return { ...proof, consistency: { from: note, hashes: grown.hashes.map(hex) } };
}

/**
 * Checks a proof with nothing but trusted keys. Whatever is wrong with it is a line of the report.
 * @param options `entry` is what the proof should be about, when the reader has it from elsewhere.
 */
export async function verifyProof(
  value: Json,
  { entry, ...trust }: CheckpointTrust & { entry?: Json },
): Promise<LedgerReport> {
  const checks = new LedgerChecks();
  const proof = await checks.make('proof', 'all of it is there', async () => parseProof(value));
  if (proof === null) return checks.report({ origin: null, size: null, signed_by: null, entry: null });
  const { index, leaf_hash, inclusion, consistency } = proof;
  const { checkpoint } = proof.signed;
  const signed_by = await checks.make('signature', 'by a trusted key', async () => requireSigned(proof.signed, trust));
  await checks.make('entry', 'it is the one that was proven', async () => requireLeaf(proof, entry));
  await checks.make('inclusion', `entry ${index} leads to the root`, async () =>
    requireIncluded(
      { index, size: checkpoint.size, hashes: inclusion },
      Buffer.from(leaf_hash, 'hex'),
      checkpoint.root,
    ),
  );
  if (consistency === null) checks.skip('consistency', 'the proof names no older checkpoint');
  else {
    await checks.make(
      'consistency',
      `it continues the ${consistency.signed.checkpoint.size} entries of before`,
      async () => {
        requireSigned(consistency.signed, { ...trust, origin: checkpoint.origin });
        requireConsistent(consistency.signed, proof.signed, consistency.hashes);
      },
    );
  }
  return checks.report({ origin: checkpoint.origin, size: checkpoint.size, signed_by, entry: { index, leaf_hash } });
}

interface ParsedProof {
  signed: SignedCheckpoint;
  index: number;
  leaf_hash: string;
  entry: LedgerEntry;
  inclusion: Uint8Array[];
  consistency: { signed: SignedCheckpoint; hashes: Uint8Array[] } | null;
}

function parseProof(value: Json): ParsedProof {
  if (!isJsonObject(value) || value.version !== 1) throw invalid('an object with version 1');
  requireOnly(value, FIELDS, '');
  const { checkpoint, index, leaf_hash, entry, inclusion, consistency } = value;
  if (typeof checkpoint !== 'string') throw invalid('a signed note at /checkpoint');
  if (!Number.isSafeInteger(index) || (index as number) < 0) throw invalid('a whole number at /index');
  if (typeof leaf_hash !== 'string' || !HASH.test(leaf_hash)) throw invalid('a hash in hex at /leaf_hash');
  return {
    signed: parseSignedCheckpoint(checkpoint),
    index: index as number,
    leaf_hash,
    entry: parseEntry(entry ?? null),
    inclusion: hashesAt('/inclusion', inclusion),
    consistency: consistency === undefined ? null : parseConsistency(consistency),
  };
}

function parseConsistency(value: Json): NonNullable<ParsedProof['consistency']> {
  if (!isJsonObject(value) || typeof value.from !== 'string') throw invalid('a signed note at /consistency/from');
  requireOnly(value, ['from', 'hashes'], '/consistency');
  return { signed: parseSignedCheckpoint(value.from), hashes: hashesAt('/consistency/hashes', value.hashes) };
}

/** What nothing checks must not look as if it were proven. */
function requireOnly(value: JsonObject, fields: readonly string[], pointer: string): void {
  const other = Object.keys(value).find((field) => !fields.includes(field));
  if (other !== undefined) throw invalid(`no field ${JSON.stringify(other)} at ${pointer || 'the top'}`);
}

function hashesAt(pointer: string, value: Json | undefined): Uint8Array[] {
  const isHash = (hash: Json) => typeof hash === 'string' && HASH.test(hash);
  if (!Array.isArray(value) || value.length > MAX_HASHES || !value.every(isHash)) {
    throw invalid(`at most ${MAX_HASHES} hashes in hex at ${pointer}`);
  }
  return value.map((hash) => Buffer.from(hash as string, 'hex'));
}

function requireLeaf({ leaf_hash, entry }: ParsedProof, wanted: Json | undefined): void {
  const bytes = canonicalBytes(entry as unknown as JsonObject);
  const computed = hex(leafOf(bytes));
  if (computed !== leaf_hash) {
    throw new BundleError(
      'LEDGER_ENTRY_MISMATCH',
      `expected an entry with the hash ${leaf_hash}, computed ${computed}`,
    );
  }
  if (wanted === undefined || Buffer.from(canonicalBytes(wanted)).equals(bytes)) return;
  throw new BundleError('LEDGER_ENTRY_MISMATCH', 'expected a proof of the entry that was given, found one of another');
}

function requireConsistent(older: SignedCheckpoint, newer: SignedCheckpoint, hashes: readonly Uint8Array[]): void {
  const [first, second] = [older.checkpoint, newer.checkpoint];
  const proof = { first: first.size, second: second.size, hashes };
  if (verifyConsistency(proof, first.root, second.root, sha256Bytes)) return;
  throw new BundleError(
    'LEDGER_FORKED',
    `expected a proof that the ${second.size} entries begin with the ${first.size} of before, found that they are not shown to`,
  );
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function invalid(expected: string): BundleError {
  return new BundleError('LEDGER_PROOF_INVALID', `expected a proof with ${expected}`);
}
