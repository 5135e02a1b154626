import type { Counts, Outcome } from '@tracecore/stats';
import type { Baseline, BaselineEpisode, BaselineRow } from '@tracecore/store';
import { CliError } from '../error.js';

/** What a baseline says of one agent. */
export interface BaselineSide {
  agent: string;
  rows: BaselineRow[];
  /** Newest first; null where an export has no single runs, as those of the Python runtime. */
  outcomes: Outcome[] | null;
  counts: Counts;
}

/**
 * The rows of a baseline that an agent is held against: its own, or those of the only agent that the baseline has.
 * @throws {CliError} USAGE when there is no such row, with those there are.
 */
export function baselineSide(
  { name, baseline }: { name: string; baseline: Baseline },
  agent: string,
  task: string | null,
): BaselineSide {
  const rows = baseline.rows.filter(({ task_ref }) => task === null || isOfTask(task_ref, task));
  const agents = [...new Set(rows.map((row) => row.agent))];
  const [only] = agents;
  const held = agents.includes(agent) ? agent : agents.length === 1 ? only : undefined;
  if (held !== undefined)
    return sideOf(
      held,
      rows.filter((row) => row.agent === held),
    );
  const there = baseline.rows.map((row) => `${row.agent} on ${row.task_ref}`).slice(0, 8);
  const what = task === null ? agent : `${agent} on ${task}`;
  throw new CliError(
    'USAGE',
    `baseline ${name} has no row for ${what}; it has ${there.length === 0 ? 'no row at all' : there.join(', ')}`,
  );
}

/** What rows come to; runs that repeat another with the same outcome count once, as anywhere. */
export function sideOf(agent: string, rows: BaselineRow[]): BaselineSide {
  if (!rows.every(({ episodes }) => episodes !== undefined)) {
    const n = rows.reduce((sum, { runs }) => sum + runs, 0);
    const successes = rows.reduce((sum, { runs, success_rate }) => sum + Math.round(runs * success_rate), 0);
    return { agent, rows, outcomes: null, counts: { n, successes } };
  }
  const outcomes = rows.flatMap(({ task_ref, episodes = [] }) =>
    withoutRepeats(episodes).map(({ seed, success }) => ({ task: task_ref, seed, success })),
  );
  const successes = outcomes.filter(({ success }) => success).length;
  return { agent, rows, outcomes, counts: { n: outcomes.length, successes } };
}

function withoutRepeats(episodes: readonly BaselineEpisode[]): BaselineEpisode[] {
  const seen = new Set<string>();
  return episodes.filter(({ agent_hash, artifact_hash, seed }) => {
    const key = `${seed} ${artifact_hash} ${agent_hash}`;
    if (agent_hash !== null && seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Whether a reference is this one, or of this id where no version is given. */
function isOfTask(ref: string, task: string): boolean {
  return ref === task || ref.slice(0, ref.lastIndexOf('@')) === task;
}
