import { BundleError } from '../error.js';
import { type AppendOptions, appendEntries } from './append-entries.js';
import type { SignedCheckpoint } from './checkpoint-note.js';
import { entriesWith, isSame, type PlacedEntry, placed, rowsOf } from './find-entry.js';
import { entryBytes, type LedgerEntry } from './parse-entry.js';

export interface Published extends SignedCheckpoint, PlacedEntry {}

/**
 * Appends an entry to the ledger, unless one of its bundles is in there: what an agent did counts once.
 * @throws {BundleError} LEDGER_ENTRY_EXISTS naming the bundle and the entry it is in; and as `appendEntries` does.
 */
export async function publishEntry(
  entry: LedgerEntry,
  options: Omit<AppendOptions, 'entries' | 'check'>,
): Promise<Published> {
  const bytes = entryBytes(entry);
  const rows = rowsOf(entry);
  const { first, checkpoint, note } = await appendEntries({
    ...options,
    entries: [bytes],
    async check(log) {
      const [there] = await entriesWith(log, rows);
      if (!there) return;
      const twice = rows.find((row) => rowsOf(there.entry).some((other) => isSame(other, row)));
      throw new BundleError(
        'LEDGER_ENTRY_EXISTS',
        `expected bundles that are not in the ledger yet, found the bundle of run ${twice?.run_id} in entry ${there.index}`,
      );
    },
  });
  return { ...placed(first, bytes), checkpoint, note };
}
