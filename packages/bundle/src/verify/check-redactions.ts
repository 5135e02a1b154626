import {
  checkDisclosure,
  checkRedactions,
  type DisclosureFile,
  isRedacted,
  type ProvenValue,
  redactionsOf,
} from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { Artifact } from '@tracecore/spec';
import { ARTIFACT_FILE } from '../layout.js';
import { type BundleCheck, type BundleFinding, judged, skipped } from '../report.js';

/** Where the findings of a disclosure are: it lies beside the bundle, not in it. */
const DISCLOSURE = 'the disclosure';

/** What a report says of redacted values. Neither check is made where there is nothing of its kind. */
export interface CheckedRedactions {
  checks: BundleCheck[];
  /** How many values are redacted. */
  redacted: number;
  /** The values that the disclosure proved; null without a disclosure. */
  proven: ProvenValue[] | null;
}

/** The redactions of a bundle's artifact, and the disclosure that the reader has of them. */
export function checkRedacted(artifact: Artifact | null, disclosure: DisclosureFile | undefined): CheckedRedactions {
  const redacted = artifact === null ? 0 : new Set(redactionsOf(artifact).map(({ commitment }) => commitment)).size;
  const findings = artifact === null ? [] : checkRedactions(artifact).map((found) => located(ARTIFACT_FILE, found));
  const values = redacted === 1 ? '1 value is redacted' : `${redacted} values are redacted`;
  const redactions =
    artifact !== null && isRedacted(artifact)
      ? [judged('redactions', findings, `${values}; each has its commitment in its place`)]
      : [];
  if (disclosure === undefined) return { checks: redactions, redacted, proven: null };
  if (artifact === null || findings.length > 0) {
    const reason = `not made: ${artifact === null ? 'there is no artifact to open' : 'the redactions do not hold'}`;
    return { checks: [...redactions, skipped('disclosure', reason)], redacted, proven: [] };
  }
  const opened = checkDisclosure(artifact, disclosure, sha256);
  const wrong = opened.findings.map((found) => located(DISCLOSURE, found));
  const proves = opened.proven.length === 1 ? '1 value is proven' : `${opened.proven.length} values are proven`;
  return { checks: [...redactions, judged('disclosure', wrong, proves)], redacted, proven: opened.proven };
}

function located(file: string, found: Pick<BundleFinding, 'code' | 'message'> & { pointer: string }): BundleFinding {
  return { code: found.code, file, pointer: found.pointer, message: `${file}: ${found.message}` };
}
