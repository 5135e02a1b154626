import { ArtifactError } from '../error.js';

/** The most bytes of an entry: its length stands before it in two bytes. */
export const MAX_ENTRY_BYTES = 65_535;

const LENGTH_BYTES = 2;

/** Entries one after the other, each after its length as two bytes, the higher first (C2SP tlog-tiles). */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  const total = entries.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0);
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) {
      throw new ArtifactError(
        'ENTRY_TOO_LARGE',
        `expected an entry of at most ${MAX_ENTRY_BYTES} bytes, got ${entry.length}`,
      );
    }
    bytes.set([entry.length >> 8, entry.length & 0xff], at);
    bytes.set(entry, at + LENGTH_BYTES);
    at += LENGTH_BYTES + entry.length;
  }
  return bytes;
}

/**
 * The entries in such bytes, as views of them.
 * @throws {ArtifactError} ENTRIES_TRUNCATED when the last one is cut.
 */
export function decodeEntries(bytes: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = ((bytes[at] as number) << 8) | (bytes[at + 1] ?? 0);
    const start = at + LENGTH_BYTES;
    if (start + length > bytes.length) {
      const message = `expected entry ${entries.length} to have ${length} bytes, found ${Math.max(0, bytes.length - start)}`;
      throw new ArtifactError('ENTRIES_TRUNCATED', message);
    }
    entries.push(bytes.subarray(start, start + length));
    at = start + length;
  }
  return entries;
}
