import type { BudgetCounts, Json } from '@tracecore/spec';

/** `incompatible` means another task or another version of it: two matches of different games. */
export type DiffStatus = 'identical' | 'different' | 'incompatible';

/** One place where the two artifacts differ. A side that has nothing there lacks its member; null is a value. */
export interface ValueChange {
  /** JSON pointer from the top of the artifact, the same on both sides. */
  pointer: string;
  a?: Json;
  b?: Json;
}

/** The part of an episode that a difference is in. `end` is how it ended; `other` is what tells nothing of its course. */
export type DivergencePlace = 'observation' | 'action' | 'result' | 'io_audit' | 'budget' | 'end' | 'other';

/** Where two episodes part: a step counts from 1 and is null outside of the steps. */
export interface Divergence extends ValueChange {
  step: number | null;
  where: DivergencePlace;
}

/** A field of the summary that differs. */
export interface SummaryChange extends ValueChange {
  field: SummaryField;
}

export type SummaryField =
  | 'agent'
  | 'agent_hash'
  | 'task'
  | 'task_hash'
  | 'seed'
  | 'success'
  | 'termination_reason'
  | 'failure_type'
  | 'failure_reason'
  | 'steps_used'
  | 'tool_calls_used';

/** Counts of B less those of A. */
export interface BudgetDrift {
  limits: BudgetCounts;
  used: BudgetCounts;
  /** Steps that both have and that cost or left something else. */
  steps: { step: number; consumed: BudgetCounts; remaining: BudgetCounts }[];
}

export interface Outcome {
  success: boolean;
  termination_reason: string;
  failure_type: string | null;
}

/** `regressed` from success to failure, `recovered` the other way, `changed` in the reason alone. */
export interface TaxonomyChange {
  change: 'regressed' | 'recovered' | 'changed';
  a: Outcome;
  b: Outcome;
}

/** An entry of an io audit; `pointer` is where it stands on the side that has it. */
export interface AuditChange {
  pointer: string;
  entry: Json;
}

export interface AuditDiff {
  /** What B has and A lacks; entries that are alike are counted. */
  added: AuditChange[];
  removed: AuditChange[];
  /** Whether the entries that both have stand in another order. */
  reordered: boolean;
}

/** A step that differs. One that a single side has carries no lists of changes. */
export interface StepDiff {
  step: number;
  in: 'both' | 'a' | 'b';
  observation: ValueChange[];
  action: ValueChange[];
  result: ValueChange[];
  io_audit: AuditDiff;
  budget: ValueChange[];
  other: ValueChange[];
}

/** What `diffArtifacts` finds, as it is written: docs/diff.md. */
export interface ArtifactDiff {
  diff_version: 1;
  status: DiffStatus;
  /** Null when the artifacts are identical or incompatible. */
  first_divergence: Divergence | null;
  summary: SummaryChange[];
  budget_drift: BudgetDrift | null;
  taxonomy: TaxonomyChange | null;
  /** The steps that differ, in order. */
  steps: StepDiff[];
  validator: ValueChange[];
  /** Every other field of the artifacts that differs. */
  other: ValueChange[];
}
