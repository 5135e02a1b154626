// Checks an artifact in a page, with the spec and the artifact package alone: nothing is uploaded, nothing is fetched.
import { canonicalBytes, checkBudgets, checkTaxonomy, parseJson, stablePayload } from '@tracecore/artifact';
import { parseArtifact } from '@tracecore/spec';

export interface PageVerdict {
  ok: boolean;
  /** A line for each check, and for what is wrong. */
  lines: string[];
}

/** @param text the file, as it was dropped onto the page. */
export async function verify(text: string): Promise<PageVerdict> {
  const lines: string[] = [];
  try {
    const artifact = parseArtifact(parseJson(text));
    lines.push('schema: OK');
    const bytes = new Uint8Array(canonicalBytes(stablePayload(artifact)));
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const hash = `sha256:${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    const same = hash === artifact.artifact_hash;
    lines.push(same ? 'hash: OK' : `hash: FAILED, computed ${hash}, the artifact says ${artifact.artifact_hash}`);
    const findings = [...checkBudgets(artifact), ...checkTaxonomy(artifact)];
    for (const { code, pointer, message } of findings) lines.push(`${code} ${pointer}: ${message}`);
    if (findings.length === 0) lines.push('budgets and taxonomy: OK');
    return { ok: same && findings.length === 0, lines };
  } catch (error) {
    return { ok: false, lines: [...lines, error instanceof Error ? error.message : String(error)] };
  }
}
