import { MAX_ENTRY_BYTES, TILE_WIDTH } from '@tracecore/artifact/merkle';

export const CHECKPOINT_FILE = 'checkpoint';
/** The folder of tiles and entries. */
export const TILE_FOLDER = 'tile';

/** A checkpoint is a few lines, and other keys may have signed it too. */
export const MAX_CHECKPOINT_BYTES = 65_536;
/** Entries of a whole tile, each of the greatest length. */
export const MAX_ENTRIES_BYTES = TILE_WIDTH * (MAX_ENTRY_BYTES + 2);

/** A checkpoint in the making, beside the one it replaces. */
export const UNFINISHED_CHECKPOINT = /^\.checkpoint\.[0-9a-f-]{36}\.tmp$/;

/** What keeps two appends apart lies beside the folder of the log, which may be published as it is. */
export function lockOf(dir: string): string {
  return `${dir}.lock`;
}
