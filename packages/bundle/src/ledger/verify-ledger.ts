import { hashLeaf, type InclusionProof, tilesOf, verifyInclusion } from '@tracecore/artifact/merkle';
import { sha256Bytes } from '@tracecore/artifact/node';
import { BundleError } from '../error.js';
import type { CertifiedBundle } from './certified-bundle.js';
import { requireSigned, type SignedCheckpoint } from './checkpoint-note.js';
import { entriesWith, findEntry, isSame, type PlacedEntry, placed, rowsOf } from './find-entry.js';
import { requireContinuation } from './history.js';
import { type Log, type OpenOptions, openLog, readCheckpoint } from './read-log.js';
import { LedgerChecks, type LedgerReport } from './report.js';

/** What is asked of a ledger: everything in it, one entry, or one bundle. */
export type LedgerQuestion =
  | { kind: 'registry' }
  | { kind: 'entry'; named: string }
  | { kind: 'bundle'; read: () => Promise<CertifiedBundle> };

export interface VerifiedLedger {
  report: LedgerReport;
  /** The checkpoint, when it held with all that is known of it: what a reader keeps. */
  seen: SignedCheckpoint | null;
}

/**
 * Checks a ledger: its checkpoint, the signature, the tiles and what is known of it, then what was asked. Whatever is wrong
 * with it is a line of the report.
 * @throws {BundleError} LEDGER_NOT_FOUND when there is no log and none is known.
 * @see spec/extensions/ledger.md
 */
export async function verifyLedger(
  dir: string,
  question: LedgerQuestion,
  { known = [], ...trust }: OpenOptions,
): Promise<VerifiedLedger> {
  const checks = new LedgerChecks();
  const nothing = { origin: null, size: null, signed_by: null, entry: null };
  const signed = await checks.make('checkpoint', 'three lines, signed', async () => {
    const found = await readCheckpoint(dir);
    if (found !== null) return found;
    const last = known.find(({ checkpoint }) => checkpoint.size > 0);
    if (!last) return null;
    const expected = `expected the log of ${last.checkpoint.size} entries that ${last.from} knows, found none`;
    throw new BundleError('LEDGER_ROLLED_BACK', expected);
  });
  if (signed === null && checks.lines[0]?.status === 'ok') {
    throw new BundleError('LEDGER_NOT_FOUND', `expected a log in ${dir}, found no checkpoint there`);
  }
  if (signed === null) return { report: checks.report(nothing), seen: null };

  const { origin, size } = signed.checkpoint;
  const signed_by = await checks.make('signature', 'by a trusted key', async () => requireSigned(signed, trust));
  const log = await checks.make('tiles', 'they give the root', async () => {
    const opened = await openLog(dir, signed);
    if (question.kind === 'registry') for (const tile of tilesOf(size)) await opened.tree.tile(tile);
    return opened;
  });
  let entry: PlacedEntry | null = null;
  if (log !== null) {
    if (known.length === 0) checks.skip('history', 'no earlier checkpoint of this log is known here');
    for (const one of known) {
      await checks.make('history', `it continues ${one.from}`, () => requireContinuation(log, one));
    }
    if (question.kind === 'registry') await checkRegistry(log, checks);
    else entry = await checkEntry(log, question, checks);
  }
  const report = checks.report({
    origin,
    size,
    signed_by,
    entry: entry && { index: entry.index, leaf_hash: entry.leaf_hash },
  });
  return { report, seen: report.ok ? signed : null };
}

/** Every entry has the hash that the log has for it, is an entry, and certifies no run that another one does. */
async function checkRegistry(log: Log, checks: LedgerChecks): Promise<void> {
  const { size } = log.checkpoint;
  let fault: unknown = null;
  const runs = new Map<string, number>();
  await checks.make('entries', `${size} as they were appended`, async () => {
    for await (const { index, bytes } of log.entries()) {
      if (fault !== null) continue;
      try {
        requireNewRuns(placed(index, bytes), runs);
      } catch (error) {
        fault = error;
      }
    }
  });
  if (checks.lines.at(-1)?.status === 'fail') return checks.skip('registry', 'not made: the entries do not hold');
  await checks.make('registry', `${size} certified`, async () => {
    if (fault !== null) throw fault;
  });
}

function requireNewRuns({ index, entry }: PlacedEntry, runs: Map<string, number>): void {
  for (const { run_id } of rowsOf(entry)) {
    const other = runs.get(run_id);
    if (other !== undefined) {
      const message = `expected each run in one entry, found ${run_id} in entry ${other} and in entry ${index}`;
      throw new BundleError('LEDGER_ENTRY_EXISTS', message);
    }
    runs.set(run_id, index);
  }
}

async function checkEntry(
  log: Log,
  question: Exclude<LedgerQuestion, { kind: 'registry' }>,
  checks: LedgerChecks,
): Promise<PlacedEntry | null> {
  let found: PlacedEntry | null;
  if (question.kind === 'entry') {
    found = await checks.make('entry', 'it is in the log', () => findEntry(log, question.named));
  } else {
    const bundle = await checks.make('bundle', 'it verifies under a trusted key', question.read);
    if (bundle === null) return null;
    found = await checks.make('entry', 'it has the digest and the signers that the bundle has here', () =>
      entryOf(log, bundle),
    );
  }
  if (found === null) return null;
  const { index, leaf_hash } = found;
  await checks.make('inclusion', `entry ${index} leads to the root`, async () => {
    const proof = await log.tree.proveInclusion(index);
    requireIncluded(proof, Buffer.from(leaf_hash, 'hex'), log.checkpoint.root);
  });
  return found;
}

async function entryOf(log: Log, bundle: CertifiedBundle): Promise<PlacedEntry> {
  const [found] = await entriesWith(log, [bundle]);
  if (!found) {
    throw new BundleError('LEDGER_ENTRY_NOT_FOUND', `expected an entry with the run ${bundle.run_id}, found none`);
  }
  const row = rowsOf(found.entry).find((one) => isSame(one, bundle));
  const mismatch = (field: string, expected: unknown, actual: unknown) =>
    new BundleError(
      'LEDGER_BUNDLE_MISMATCH',
      `expected the bundle of run ${bundle.run_id} to have ${field} ${expected}, as entry ${found.index} says, found ${actual}`,
    );
  for (const field of ['run_id', 'integrity_sha256', 'artifact_hash'] as const) {
    if (row?.[field] !== bundle[field]) throw mismatch(field, row?.[field], bundle[field]);
  }
  for (const id of row?.signers ?? []) {
    if (!bundle.signers.includes(id)) throw mismatch('a trusted signature by', id, bundle.signers.join(', '));
  }
  const [first = ''] = row?.signers ?? [];
  const signature = bundle.signatures.get(first);
  if (signature !== row?.signature) throw mismatch('the signature', row?.signature, signature);
  return found;
}

/**
 * Requires that a proof leads from a leaf to a root.
 * @throws {BundleError} LEDGER_PROOF_INVALID
 */
export function requireIncluded(proof: InclusionProof, leaf: Uint8Array, root: Uint8Array): void {
  if (verifyInclusion(proof, leaf, root, sha256Bytes)) return;
  const message = `expected the proof of entry ${proof.index} to lead to the root of the checkpoint, found that it does not`;
  throw new BundleError('LEDGER_PROOF_INVALID', message);
}

export function leafOf(bytes: Uint8Array): Uint8Array {
  return hashLeaf(bytes, sha256Bytes);
}
