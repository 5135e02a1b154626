import type { RunSummary } from '../types.js';
import type { BaselineRow } from './types.js';

/** What a row is made of: a run, and when it was completed where that is known. */
export interface RowSource
  extends Pick<
    RunSummary,
    | 'run_id'
    | 'agent_ref'
    | 'agent_hash'
    | 'task_ref'
    | 'seed'
    | 'success'
    | 'steps_used'
    | 'tool_calls_used'
    | 'artifact_hash'
  > {
  completed_at?: string;
}

/** One row for each agent and task, by agent, then by task. @param runs newest first: the first of a row is its last run. */
export function rowsOf(runs: readonly RowSource[]): BaselineRow[] {
  const groups = new Map<string, [RowSource, ...RowSource[]]>();
  for (const run of runs) {
    const key = JSON.stringify([run.agent_ref, run.task_ref]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  return [...groups.values()].map(rowOf).sort(byAgentAndTask);
}

function rowOf(runs: [RowSource, ...RowSource[]]): BaselineRow {
  const [last] = runs;
  const mean = (of: (run: RowSource) => number) => runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
  return {
    agent: last.agent_ref,
    task_ref: last.task_ref,
    runs: runs.length,
    success_rate: mean(({ success }) => Number(success)),
    avg_steps: mean(({ steps_used }) => steps_used),
    avg_tool_calls: mean(({ tool_calls_used }) => tool_calls_used),
    last_run_id: last.run_id,
    last_completed_at: last.completed_at ?? null,
    last_success: last.success,
    last_seed: last.seed,
    episodes: runs.map(({ run_id, seed, success, agent_hash, artifact_hash }) => ({
      run_id,
      seed,
      success,
      agent_hash,
      artifact_hash,
    })),
  };
}

function byAgentAndTask(one: BaselineRow, other: BaselineRow): number {
  if (one.agent !== other.agent) return one.agent < other.agent ? -1 : 1;
  return one.task_ref < other.task_ref ? -1 : 1;
}
