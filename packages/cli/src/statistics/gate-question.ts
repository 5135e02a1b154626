import {
  type Counts,
  countOutcomes,
  countPairs,
  type GateQuestion,
  pairOutcomes,
  type Reference,
} from '@tracecore/stats';
import type { BaselineFile } from '@tracecore/store';
import type { EpisodeRow } from '../episodes/source.js';
import { CliError } from '../error.js';
import { type BaselineSide, baselineSide, sideOf } from './baseline-side.js';
import { outcomeOf } from './stats-report.js';

export interface GateClaims {
  minRate: number | null;
  maxRegression: number | null;
  alpha: number;
}

/** A question for `gate`, and what it was made of. */
export interface AskedGate {
  question: GateQuestion;
  agent_ref: string;
  /** The code that is judged; null where runs do not tell. */
  agent_hash: string | null;
  candidate: Counts;
  /** Tasks that the candidate played, then those of the baseline that it did not, then those that the baseline lacks. */
  tasks: string[];
  missing_tasks: string[];
  new_tasks: string[];
  /** Runs that play no part: those the baseline is made of or that are older, and those of other code. */
  left_out: { in_baseline: number; other_revisions: number };
  /** How many tasks the regression is judged over. */
  common_tasks: number;
}

/**
 * What a gate asks of the runs that were selected, newest first: those of the newest revision of the one agent that the
 * baseline does not hold already, paired with the baseline by task and seed where any seed is common.
 * @throws {CliError} USAGE when that leaves no run, or several agents.
 */
export function gateQuestion(
  rows: readonly EpisodeRow[],
  baseline: BaselineFile,
  task: string | null,
  { minRate, maxRegression, alpha }: GateClaims,
): AskedGate {
  const agent = onlyAgent(rows);
  const side = baselineSide(baseline, agent, task);
  const fresh = rows.filter(isNewTo(side));
  const [newest] = fresh;
  if (newest === undefined) {
    throw new CliError(
      'USAGE',
      `every selected run of ${agent} is in baseline ${baseline.name} or older than it; play the agent again, then gate`,
    );
  }
  const judged = fresh.filter(({ agent_hash }) => agent_hash === newest.agent_hash);
  const outcomes = judged.map(outcomeOf);
  const [tasks, known] = [tasksOf(outcomes), side.rows.map(({ task_ref }) => task_ref)];
  const common = tasks.filter((of) => known.includes(of));
  const candidate = countOutcomes(outcomes);
  const margin = maxRegression === null ? {} : { maxRegression: regressionOf(maxRegression, side, common, outcomes) };
  return {
    question: { candidate, alpha, ...(minRate === null ? {} : { minRate }), ...margin },
    agent_ref: agent,
    agent_hash: newest.agent_hash,
    candidate,
    tasks,
    missing_tasks: known.filter((of) => !tasks.includes(of)),
    new_tasks: tasks.filter((of) => !known.includes(of)),
    left_out: { in_baseline: rows.length - fresh.length, other_revisions: fresh.length - judged.length },
    common_tasks: common.length,
  };
}

function onlyAgent(rows: readonly EpisodeRow[]): string {
  const agents = [...new Set(rows.map(({ agent_ref }) => agent_ref))].sort();
  const [agent] = agents;
  if (agent !== undefined && agents.length === 1) return agent;
  throw new CliError('USAGE', `a gate judges one agent; choose it with --agent: ${agents.slice(0, 8).join(', ')}`);
}

/** An export without single runs tells its own by when it was last played. */
function isNewTo({ agent, rows }: BaselineSide): (row: EpisodeRow) => boolean {
  const held = new Set(rows.flatMap(({ episodes = [] }) => episodes.map(({ run_id }) => run_id)));
  const ends = new Map(
    rows.flatMap(({ task_ref, last_completed_at, episodes }) =>
      episodes !== undefined || last_completed_at === null ? [] : [[task_ref, Date.parse(last_completed_at)] as const],
    ),
  );
  return ({ run_id, agent_ref, task_ref, started_at }) => {
    const isOlder = agent_ref === agent && Date.parse(started_at) <= (ends.get(task_ref) ?? Number.NEGATIVE_INFINITY);
    return !held.has(run_id) && !isOlder;
  };
}

function regressionOf(
  margin: number,
  side: BaselineSide,
  common: readonly string[],
  outcomes: ReturnType<typeof outcomeOf>[],
): NonNullable<GateQuestion['maxRegression']> {
  if (common.length === 0) {
    const known = side.rows.map(({ task_ref }) => task_ref).join(', ');
    throw new CliError(
      'USAGE',
      `the selected runs and the baseline share no task, so there is no regression to judge; the baseline has ${known}`,
    );
  }
  const onCommon = outcomes.filter(({ task }) => common.includes(task));
  const of = sideOf(
    side.agent,
    side.rows.filter(({ task_ref }) => common.includes(task_ref)),
  );
  const { pairs } = pairOutcomes(of.outcomes ?? [], onCommon);
  const reference: Reference =
    pairs.length > 0 ? { pairs: countPairs(pairs) } : { baseline: of.counts, candidate: countOutcomes(onCommon) };
  return { margin, reference };
}

function tasksOf(outcomes: readonly { task: string }[]): string[] {
  return [...new Set(outcomes.map(({ task }) => task))].sort();
}
