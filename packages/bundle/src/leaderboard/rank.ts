import type { BoardRecord } from './record.js';

/** An agent's runs on one task, and its place among the agents there. */
export interface Standing {
  /** From 1; agents that are equal in all three figures share a place. */
  rank: number;
  agent: string;
  agent_hash: string | null;
  success_rate: number;
  avg_steps: number;
  avg_tool_calls: number;
  run_count: number;
  run_ids: string[];
}

export interface TaskStandings {
  task_ref: string;
  standings: Standing[];
}

/** Per task, in the order of their names: more success first, then fewer steps, then fewer tool calls. */
export function rankAgents(records: readonly BoardRecord[]): TaskStandings[] {
  const tasks = groupBy(records, ({ task_ref }) => task_ref);
  return [...tasks].sort(byKey).map(([task_ref, ofTask]) => {
    const agents = groupBy(ofTask, ({ agent, agent_hash }) => JSON.stringify([agent, agent_hash]));
    const standings = [...agents].sort(byKey).map(([, runs]) => standingOf(runs));
    standings.sort(byFigures);
    for (const [index, one] of standings.entries()) {
      const before = standings[index - 1];
      one.rank = before && byFigures(before, one) === 0 ? before.rank : index + 1;
    }
    return { task_ref, standings };
  });
}

function standingOf(runs: readonly BoardRecord[]): Standing {
  const [{ agent, agent_hash }] = runs as [BoardRecord];
  const mean = (value: (run: BoardRecord) => number) => runs.reduce((sum, run) => sum + value(run), 0) / runs.length;
  return {
    rank: 0,
    agent,
    agent_hash,
    success_rate: mean(({ success }) => (success ? 1 : 0)),
    avg_steps: mean(({ steps_used }) => steps_used),
    avg_tool_calls: mean(({ tool_calls_used }) => tool_calls_used),
    run_count: runs.length,
    run_ids: runs.map(({ run_id }) => run_id).sort(),
  };
}

function byFigures(a: Standing, b: Standing): number {
  return b.success_rate - a.success_rate || a.avg_steps - b.avg_steps || a.avg_tool_calls - b.avg_tool_calls;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
