import { ArtifactError } from '../error.js';
import { fromBase64, toBase64 } from './base64.js';
import { HASH_SIZE } from './hash.js';
import { isKeyName } from './signed-note.js';

/** The state of a log: how many entries it has and the root over them (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** The name of the log, which is also the name of its key. */
  origin: string;
  size: number;
  root: Uint8Array;
}

const SIZE = /^(?:0|[1-9]\d*)$/;

/** The text of a checkpoint, as it is signed. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/**
 * Reads the text of a checkpoint: exactly three lines, since a line more could not be audited.
 * @throws {ArtifactError} CHECKPOINT_INVALID
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  if (lines.length !== 4 || lines[3] !== '') {
    throw invalid(`three lines (origin, size, root), found ${lines.length - 1}`);
  }
  const [origin, size, encoded] = lines as [string, string, string, string];
  if (!isKeyName(origin)) throw invalid(`an origin without spaces or plus, found ${JSON.stringify(origin)}`);
  if (!SIZE.test(size) || !Number.isSafeInteger(Number(size))) {
    throw invalid(`a size as a whole number below 2^53, found ${JSON.stringify(size)}`);
  }
  const root = fromBase64(encoded);
  if (root?.length !== HASH_SIZE)
    throw invalid(`a root of ${HASH_SIZE} bytes in base64, found ${JSON.stringify(encoded)}`);
  return { origin, size: Number(size), root };
}

function invalid(expected: string): ArtifactError {
  return new ArtifactError('CHECKPOINT_INVALID', `expected a checkpoint to have ${expected}`);
}
