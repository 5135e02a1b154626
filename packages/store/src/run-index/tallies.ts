import { FAILURE_TYPES } from '@tracecore/spec';
import type { FailureCounts, ModelUse, PairMetrics, PairSummary, Percentiles, RunCounts } from './types.js';

/** So many runs of a task and an agent that ended alike, and what they used together. */
export interface UseTally {
  task_ref: string;
  agent_ref: string;
  success: boolean;
  failure_type: string | null;
  termination_reason: string;
  steps_used: number;
  tool_calls_used: number;
  /** The largest of them. */
  step_budget: number;
  tool_call_budget: number;
  count: number;
}

/** So many runs with the same value of something. */
export interface Tally {
  value: number;
  count: number;
}

/** All that the metrics of one task and agent are made of. */
export interface PairTallies {
  use: readonly UseTally[];
  steps: readonly Tally[];
  toolCalls: readonly Tally[];
  wallClock: readonly Tally[];
  bytes: readonly Tally[];
  llmCalls: readonly Tally[];
  llmTokens: readonly Tally[];
  repeated: number;
  reproduced: number;
}

/** The metrics of one task and agent; it has at least one run. */
export function metricsOf(task_ref: string, agent_ref: string, tallies: PairTallies): PairMetrics {
  const { use, steps, toolCalls, wallClock, bytes, llmCalls, llmTokens, repeated, reproduced } = tallies;
  const reasons = new Map<string, number>();
  for (const { termination_reason: reason, count } of use) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  return {
    task_ref,
    agent_ref,
    ...countsOf(use),
    reproducibility: { repeated, reproduced, rate: repeated === 0 ? null : reproduced / repeated },
    steps_used: { ...percentiles(steps), ceiling: ceilingOf(use, 'step_budget') },
    tool_calls_used: { ...percentiles(toolCalls), ceiling: ceilingOf(use, 'tool_call_budget') },
    failure_types: failureCounts(use),
    termination_reasons: Object.fromEntries([...reasons].sort()),
    wall_clock_elapsed_s: wallClock.length === 0 ? null : percentiles(wallClock),
    artifact_bytes: { ...percentiles(bytes), total: sumOf(bytes) },
    llm_calls: modelUse(llmCalls),
    llm_tokens: modelUse(llmTokens),
  };
}

export function countsOf(tallies: readonly Pick<UseTally, 'success' | 'count'>[]): RunCounts {
  const runs = countOf(tallies);
  const succeeded = countOf(tallies.filter(({ success }) => success));
  return { runs, succeeded, success_rate: runs === 0 ? null : succeeded / runs };
}

/** Every failure type with its count, in the order of the schema. */
export function failureCounts(tallies: readonly Pick<UseTally, 'failure_type' | 'count'>[]): FailureCounts {
  const counts = FAILURE_TYPES.map(
    (type) => [type, countOf(tallies.filter(({ failure_type }) => failure_type === type))] as const,
  );
  return Object.fromEntries(counts) as FailureCounts;
}

/** The summary of one task and agent; it has at least one run. */
export function pairSummary(
  task_ref: string,
  agent_ref: string,
  use: readonly UseTally[],
  last_started_at: string,
): PairSummary {
  const meanOf = (field: 'steps_used' | 'tool_calls_used') =>
    use.reduce((sum, tally) => sum + tally[field], 0) / countOf(use);
  const [mean_steps, mean_tool_calls] = [meanOf('steps_used'), meanOf('tool_calls_used')];
  return { task_ref, agent_ref, ...countsOf(use), mean_steps, mean_tool_calls, last_started_at };
}

/** Nearest ranks over at least one tally, in any order. */
function percentiles(tallies: readonly Tally[]): Percentiles {
  const sorted = [...tallies].sort((left, right) => left.value - right.value);
  const total = countOf(sorted);
  return { p50: atRank(sorted, Math.ceil(total * 0.5)), p95: atRank(sorted, Math.ceil((total * 95) / 100)) };
}

function atRank(sorted: readonly Tally[], rank: number): number {
  let seen = 0;
  for (const { value, count } of sorted) {
    seen += count;
    if (seen >= rank) return value;
  }
  return sorted.at(-1)?.value ?? Number.NaN;
}

function ceilingOf(use: readonly UseTally[], budget: 'step_budget' | 'tool_call_budget'): number {
  return use.reduce((most, tally) => Math.max(most, tally[budget]), 0);
}

function modelUse(tallies: readonly Tally[]): ModelUse | null {
  if (tallies.length === 0) return null;
  return { runs: countOf(tallies), total: sumOf(tallies), ...percentiles(tallies) };
}

function countOf(tallies: readonly { count: number }[]): number {
  return tallies.reduce((sum, { count }) => sum + count, 0);
}

function sumOf(tallies: readonly Tally[]): number {
  return tallies.reduce((sum, { value, count }) => sum + value * count, 0);
}
