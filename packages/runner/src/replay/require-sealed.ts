import { checkHash } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import { isReferenceArtifact, referenceHash } from '@tracecore/artifact/reference';
import type { Artifact } from '@tracecore/spec';
import { RunnerError } from '../error.js';

/**
 * Refuses a record that was changed after it was sealed: it is nothing to compare with, or to go on from.
 * @param text the file itself, which the Python runtime's hash needs.
 * @throws {RunnerError} BASELINE_CHANGED
 */
export function requireSealed(artifact: Artifact, text: string): void {
  const computed = isReferenceArtifact(artifact) ? referenceHash(text, sha256) : null;
  const holds = computed === null ? checkHash(artifact, sha256).length === 0 : computed === artifact.artifact_hash;
  if (holds) return;
  throw new RunnerError(
    'BASELINE_CHANGED',
    `run ${artifact.run_id} is not as it was sealed: its artifact_hash does not hold; verify it to see more`,
  );
}
