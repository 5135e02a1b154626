import type { Artifact, Json, JsonObject } from '@tracecore/spec';
import { type Difference, firstDifference } from '../first-difference.js';
import { redactionsOf } from './check-redactions.js';
import { valueAt, withReplaced } from './places.js';

/**
 * Where a redacted artifact parts from the one that it should be a copy of, what is redacted and the hash aside. Whether
 * the redacted values are those of the original only its salts can tell.
 * @returns the difference, `expected` as the redacted artifact has it, or null.
 */
export function differenceBeyondRedactions(redacted: Artifact, original: Artifact): Difference | null {
  const document = redacted as unknown as Json;
  const replacements = new Map(
    redactionsOf(redacted).flatMap(({ pointer }) => {
      const placeholder = valueAt(document, pointer);
      return placeholder === undefined ? [] : [[pointer, placeholder] as const];
    }),
  );
  const { redactions, artifact_hash } = redacted as unknown as JsonObject;
  const covered = withReplaced(original as unknown as Json, replacements) as JsonObject;
  const expected = redactions === undefined ? covered : { ...covered, redactions, artifact_hash };
  return firstDifference(document, expected as Json);
}
