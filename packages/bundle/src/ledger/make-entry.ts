import type { Json } from '@tracecore/spec';
import { BundleError } from '../error.js';
import type { CertifiedBundle } from './certified-bundle.js';
import { type EntryBundle, type EntryTask, type LedgerEntry, parseEntry } from './parse-entry.js';

/** What an entry says beside what its bundles show. */
export interface EntryDetails {
  /** The day of publishing. */
  publishedAt: Date;
  description?: string;
  suite?: string;
  maintainer?: string;
}

/**
 * The entry of one agent from its bundles: a row for each task, the runs of a row in the order of their seeds.
 * @throws {BundleError} LEDGER_BUNDLES_DIFFER for bundles of several agents, or one that is given twice;
 * LEDGER_DETAILS_INVALID for a description, suite or maintainer that is none.
 */
export function makeEntry(bundles: readonly CertifiedBundle[], details: EntryDetails): LedgerEntry {
  const { agent_ref, agent_hash = null } = requireOneAgent(bundles).artifact;
  const byTask = new Map<string, CertifiedBundle[]>();
  for (const bundle of [...bundles].sort(bySeed)) {
    const { task_ref } = bundle.artifact;
    byTask.set(task_ref, [...(byTask.get(task_ref) ?? []), bundle]);
  }
  const tasks = [...byTask].sort(([a], [b]) => (a < b ? -1 : 1)).map(([ref, runs]) => taskRow(ref, runs));
  const versions = new Set(bundles.map(({ artifact }) => artifact.harness_version));
  const fixed = tasks.every(({ seed, bundles: runs }) => runs.every((run) => run.seed === seed));
  const [version] = versions;
  return requireDetails({
    agent: agent_ref,
    agent_hash,
    description: details.description ?? descriptionOf(agent_ref, tasks.length, bundles.length),
    suite: details.suite ?? 'core',
    tasks: tasks as unknown as Json[],
    published_at: details.publishedAt.toISOString().slice(0, 10),
    ...(versions.size === 1 && version !== undefined ? { harness_version: version } : {}),
    ...(fixed ? { seed_policy: 'fixed' } : {}),
    ...(details.maintainer === undefined ? {} : { maintainer: details.maintainer }),
  });
}

/** What the bundles show is sound, so what does not hold was given. */
function requireDetails(entry: Json): LedgerEntry {
  try {
    return parseEntry(entry);
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    throw new BundleError('LEDGER_DETAILS_INVALID', error.message, { cause: error });
  }
}

function requireOneAgent(bundles: readonly CertifiedBundle[]): CertifiedBundle {
  const [first, ...others] = bundles;
  if (first === undefined) throw differ('at least one bundle', 'none');
  const seen = new Set([first.run_id]);
  for (const { run_id, artifact } of others) {
    const { agent_ref, agent_hash } = artifact;
    if (agent_ref !== first.artifact.agent_ref) {
      throw differ(`bundles of ${first.artifact.agent_ref}`, `run ${run_id} of ${agent_ref}`);
    }
    if ((agent_hash ?? null) !== (first.artifact.agent_hash ?? null)) {
      throw differ(
        `bundles of ${agent_ref} with the hash ${first.artifact.agent_hash}`,
        `run ${run_id} with ${agent_hash}`,
      );
    }
    if (seen.has(run_id)) throw differ('each run once', `run ${run_id} again`);
    seen.add(run_id);
  }
  return first;
}

function taskRow(task_ref: string, runs: readonly CertifiedBundle[]): EntryTask {
  const [first] = runs as [CertifiedBundle];
  const mean = (value: (run: CertifiedBundle) => number) =>
    runs.reduce((sum, run) => sum + value(run), 0) / runs.length;
  return {
    task_ref,
    success_rate: mean(({ artifact }) => (artifact.success ? 1 : 0)),
    avg_steps: mean(({ artifact }) => artifact.steps_used),
    avg_tool_calls: mean(({ artifact }) => artifact.tool_calls_used),
    run_count: runs.length,
    seed: first.seed,
    run_artifact: first.run_id,
    bundles: runs.map(bundleRow),
  };
}

function bundleRow({
  run_id,
  seed,
  artifact_hash,
  integrity_sha256,
  signers,
  signature,
}: CertifiedBundle): EntryBundle {
  return { run_id, seed, artifact_hash, integrity_sha256, signers, signature };
}

function bySeed(a: CertifiedBundle, b: CertifiedBundle): number {
  return a.seed - b.seed || (a.run_id < b.run_id ? -1 : 1);
}

function descriptionOf(agent: string, tasks: number, runs: number): string {
  const text = `${runs} ${runs === 1 ? 'run' : 'runs'} of ${agent} on ${tasks} ${tasks === 1 ? 'task' : 'tasks'}`;
  return text.slice(0, 300);
}

function differ(expected: string, found: string): BundleError {
  return new BundleError('LEDGER_BUNDLES_DIFFER', `expected ${expected}, found ${found}`);
}
