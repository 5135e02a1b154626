import { isAbsolute } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { checkBudgets, checkHash, checkTaxonomy, parseJson } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { BatchJob, RuntimeIdentity } from '@tracecore/runner';
import { type Artifact, parseArtifact } from '@tracecore/spec';

const inflate = promisify(gunzip);
/** Bytes of an artifact's JSON; what comes from a worker may be made to fill the memory. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Reads what a worker, a stranger, sent as the artifact of `job`: it must be whole, add up, and be of that job's inputs.
 * What the agent really did, only re-derivation tells.
 * @returns the artifact, or why it is not taken.
 */
export async function readResult(
  payload: Buffer,
  job: BatchJob,
  runtime: RuntimeIdentity,
): Promise<{ artifact: Artifact } | { fault: string }> {
  let artifact: Artifact;
  try {
    const bytes = await inflate(payload, { maxOutputLength: MOST_BYTES });
    artifact = parseArtifact(parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    return { fault: `it cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
  const [finding] = [...checkHash(artifact, sha256), ...checkBudgets(artifact), ...checkTaxonomy(artifact)];
  if (finding !== undefined) return { fault: finding.message };
  const other = otherInputs(artifact, job, runtime);
  return other === null ? { artifact } : { fault: other };
}

/** The first input that is not the job's, or null. */
function otherInputs(artifact: Artifact, job: BatchJob, runtime: RuntimeIdentity): string | null {
  const { name, version, git_sha } = artifact.runtime_identity;
  const budgets = Object.entries(job.budgets).map(([key, wanted]): [string, unknown, unknown] => {
    const got = (artifact.budgets as Record<string, unknown>)[key];
    // What was not asked for is the task's own.
    return [`budgets.${key}`, wanted === null ? null : got, wanted];
  });
  const pairs: [string, unknown, unknown][] = [
    ['agent_hash', artifact.agent_hash, job.agent_hash],
    ['task_ref', artifact.task_ref, job.task_ref],
    ['task_hash', artifact.task_hash, job.task_hash],
    ['seed', artifact.seed, job.seed],
    ['runtime_identity.name', name, runtime.name],
    ['runtime_identity.version', version, runtime.version],
    ['runtime_identity.git_sha', git_sha ?? null, runtime.gitSha],
    ['forked_from', artifact.forked_from, undefined],
    ['tools', artifact.tools, undefined],
    ...budgets,
  ];
  // Outside of the workspace an agent has its bare name, which says nothing.
  if (!/^(?:cmd:|\.\.\/)/.test(job.agent) && !isAbsolute(job.agent))
    pairs.push(['agent_ref', artifact.agent_ref, job.agent]);
  const wrong = pairs.find(([, got, wanted]) => got !== wanted);
  if (wrong === undefined) return null;
  const [field, got, wanted] = wrong.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
  return `its ${field} is ${got}, the job's is ${wanted}`;
}
