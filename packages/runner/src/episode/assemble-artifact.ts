import { sealArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import { type Artifact, SPEC_VERSION, type TraceEntry } from '@tracecore/spec';
import type { EpisodeOutcome, EpisodeRequest, IsolationReport, RuntimeIdentity } from '../types.js';
import type { EpisodeJob } from './job.js';
import { limitsBlock } from './limits.js';

/** Everything an artifact is made of. */
export interface EpisodeRecord {
  request: EpisodeRequest;
  job: EpisodeJob;
  runtime: RuntimeIdentity;
  runId: string;
  startedAt: string;
  completedAt: string;
  elapsedSeconds: number;
  entries: TraceEntry[];
  outcome: EpisodeOutcome;
  isolation: IsolationReport;
}

/** Puts an episode's record into the form of the spec (§5) and seals it with its hash. */
export function assembleArtifact(record: EpisodeRecord): Artifact {
  const { request, job, outcome, runtime } = record;
  const { manifest } = job;
  const { filesystem_roots, network_hosts } = manifest.sandbox;
  const { steps_used, tool_calls_used, termination_reason } = outcome;
  const unsealed = {
    spec_version: SPEC_VERSION,
    runtime_identity: { name: runtime.name, version: runtime.version, git_sha: runtime.gitSha },
    harness_version: runtime.version,
    run_id: record.runId,
    trace_id: record.runId,
    agent: request.agent.ref,
    agent_ref: request.agent.ref,
    agent_hash: request.agent.hash,
    task_ref: job.taskRef,
    task_id: manifest.id,
    version: manifest.version,
    task_hash: request.task.hash,
    ...(request.task.reference_task_hash === undefined
      ? {}
      : { reference_task_hash: request.task.reference_task_hash }),
    seed: job.seed,
    budgets: job.budgets,
    limits: limitsBlock(job.limits),
    ...(job.tools === null ? {} : { tools: job.tools }),
    ...(request.fork === undefined
      ? {}
      : { forked_from: { artifact_hash: request.fork.artifactHash, at: request.fork.at } }),
    ...(request.configMeta === undefined ? {} : { episode_config_meta: request.configMeta }),
    success: termination_reason === 'success',
    termination_reason,
    failure_type: outcome.failure_type,
    failure_reason: outcome.failure_reason,
    steps_used,
    tool_calls_used,
    metrics: { steps_used, tool_calls_used },
    started_at: record.startedAt,
    completed_at: record.completedAt,
    wall_clock_elapsed_s: Math.round(record.elapsedSeconds * 1_000) / 1_000,
    determinism: { seed: job.seed, tooling: { models: [], mocks: [] } },
    sandbox: {
      filesystem_roots,
      network_hosts,
      filesystem_allowlist: filesystem_roots,
      network_allowlist: network_hosts,
    },
    evidence_links: {
      bundle_dir: null,
      bundle_manifest: null,
      // An id differs between runs of the same inputs, so it stands where the hash does not look.
      ...(request.fork?.runId ? { forked_from_run: request.fork.runId } : {}),
    },
    isolation: record.isolation,
    action_trace: record.entries,
    validator: outcome.validator,
  };
  return sealArtifact(unsealed, sha256);
}
