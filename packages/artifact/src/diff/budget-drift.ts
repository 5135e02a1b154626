import type { Artifact, BudgetCounts, TraceEntry } from '@tracecore/spec';
import type { BudgetDrift, StepDiff } from './types.js';

/** How far the budgets of B drifted from those of A; null when they did not. */
export function budgetDrift(a: Artifact, b: Artifact, steps: readonly StepDiff[]): BudgetDrift | null {
  const limits = less(b.budgets, a.budgets);
  const used = less(usedOf(b), usedOf(a));
  const drifted = steps.filter((diff) => diff.in === 'both' && diff.budget.length > 0);
  const perStep = drifted.flatMap(({ step }) => {
    const [left, right] = [a.action_trace[step - 1] as TraceEntry, b.action_trace[step - 1] as TraceEntry];
    const consumed = less(right.budget_delta, left.budget_delta);
    const remaining = less(right.budget_after_step, left.budget_after_step);
    // Both may hold further counters; those are told where the step is.
    return isNone(consumed) && isNone(remaining) ? [] : [{ step, consumed, remaining }];
  });
  return isNone(limits) && isNone(used) && perStep.length === 0 ? null : { limits, used, steps: perStep };
}

function usedOf({ steps_used: steps, tool_calls_used: tool_calls }: Artifact): BudgetCounts {
  return { steps, tool_calls };
}

function less(b: BudgetCounts, a: BudgetCounts): BudgetCounts {
  return { steps: b.steps - a.steps, tool_calls: b.tool_calls - a.tool_calls };
}

function isNone({ steps, tool_calls }: BudgetCounts): boolean {
  return steps === 0 && tool_calls === 0;
}
