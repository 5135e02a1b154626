import { canonicalize, diffArtifacts } from '@tracecore/artifact';
import type { Artifact, Json } from '@tracecore/spec';
import { type Estimate, findFlakes, type PlayedInputs, successRate } from '@tracecore/stats';
import type { EpisodeRow, EpisodeSource } from '../episodes/source.js';

/** What an artifact says it was given beside what every listing has. */
const FURTHER_INPUTS = ['limits', 'tools', 'forked_from', 'episode_config_meta', 'runtime_identity', 'determinism'];

/** Where two runs of the same inputs part. */
export interface FlakeDivergence {
  a: string;
  b: string;
  first_divergence: ReturnType<typeof diffArtifacts>['first_divergence'];
}

export interface FlakeLine {
  agent_ref: string;
  agent_hash: string;
  task_ref: string;
  seed: number;
  outcomes: { artifact_hash: string; success: boolean; run_ids: string[] }[];
  /** The newest run of the first outcome against that of each other one. */
  divergences: FlakeDivergence[];
}

/** What `stats flakes --format json` prints: spec/extensions/flakes-report-schema-v1.json. */
export interface FlakesReport {
  flakes_version: 1;
  confidence: number;
  /** Inputs that were played more than once, and their runs. */
  repeated: number;
  runs: number;
  /** The share of repeated inputs that came out differently; null when nothing was repeated. */
  rate: Estimate | null;
  flakes: FlakeLine[];
}

type Played = EpisodeRow & PlayedInputs;

/**
 * Finds runs of the same inputs with another hash, and where they part. Only the artifacts of suspects are read, since
 * some of what an episode is given stands nowhere else.
 */
export async function flakeReport(
  rows: readonly EpisodeRow[],
  source: Pick<EpisodeSource, 'artifact'>,
  confidence: number,
): Promise<FlakesReport> {
  const played = rows.filter((row): row is Played => row.inputs !== null);
  const { repeated, runs, flakes: suspects } = findFlakes(played);
  let [inputs, inRuns] = [repeated, runs];
  const flakes: FlakeLine[] = [];
  for (const { outcomes } of suspects) {
    const group = outcomes.flat();
    const exact = findFlakes(await withExactInputs(group, source));
    inputs += exact.repeated - 1;
    inRuns += exact.runs - group.length;
    for (const flake of exact.flakes) flakes.push(await lineOf(flake.outcomes, source));
  }
  const rate = inputs === 0 ? null : successRate({ n: inputs, successes: flakes.length }, confidence);
  return { flakes_version: 1, confidence, repeated: inputs, runs: inRuns, rate, flakes };
}

async function withExactInputs(group: readonly Played[], { artifact }: Pick<EpisodeSource, 'artifact'>) {
  const exact: Played[] = [];
  for (const row of group) {
    const fields = (await artifact(row.run_id)) as Artifact & Record<string, Json | undefined>;
    exact.push({ ...row, inputs: canonicalize(FURTHER_INPUTS.map((field) => fields[field] ?? null) as Json) });
  }
  return exact;
}

async function lineOf(outcomes: Played[][], { artifact }: Pick<EpisodeSource, 'artifact'>): Promise<FlakeLine> {
  const newest = outcomes.map(([first]) => first as Played);
  const [one, ...others] = newest as [Played, ...Played[]];
  const a = await artifact(one.run_id);
  const divergences: FlakeDivergence[] = [];
  for (const other of others) {
    const { first_divergence } = diffArtifacts(a, await artifact(other.run_id));
    divergences.push({ a: one.run_id, b: other.run_id, first_divergence });
  }
  const { agent_ref, agent_hash, task_ref, seed } = one;
  return {
    agent_ref,
    agent_hash: agent_hash ?? '',
    task_ref,
    seed,
    outcomes: outcomes.map((of) => ({
      artifact_hash: of[0]?.artifact_hash ?? '',
      success: of[0]?.success ?? false,
      run_ids: of.map(({ run_id }) => run_id),
    })),
    divergences,
  };
}
