import type { Json, JsonObject } from '@tracecore/spec';
import { firstDifference } from '../first-difference.js';
import { pointerTo } from '../pointer.js';
import { auditDiff, isSameAudit } from './audit-diff.js';
import type { AuditDiff, Divergence, StepDiff, ValueChange } from './types.js';
import { memberChanges, namesOf, valueChanges } from './value-changes.js';

const BUDGET = ['budget_delta', 'budget_after_step'];
/** In the order they come about in a step; the audit stands between result and budget. */
const COURSE = ['observation', 'action', 'result'] as const;
const NAMED: ReadonlySet<string> = new Set([...COURSE, 'io_audit', ...BUDGET]);
const SAME_AUDIT: AuditDiff = { added: [], removed: [], reordered: false };

/** Two trace entries of the same place, without their volatile fields; null when they are equal. */
export function diffStep(a: JsonObject | undefined, b: JsonObject | undefined, index: number): StepDiff | null {
  const pointer = pointerTo('/action_trace', index);
  const diff = {
    step: index + 1,
    observation: [],
    action: [],
    result: [],
    io_audit: SAME_AUDIT,
    budget: [],
    other: [],
  };
  if (a === undefined) return b === undefined ? null : { ...diff, in: 'b' };
  if (b === undefined) return { ...diff, in: 'a' };
  if (firstDifference(a, b) === null) return null;
  const member = (name: string): ValueChange[] => memberChanges(a, b, [name], pointer);
  return {
    step: diff.step,
    in: 'both',
    observation: member('observation'),
    action: member('action'),
    result: member('result'),
    io_audit: auditDiff(auditOf(a), auditOf(b), `${pointer}/io_audit`),
    budget: memberChanges(a, b, BUDGET, pointer),
    other: memberChanges(
      a,
      b,
      namesOf(a, b).filter((name) => !NAMED.has(name)),
      pointer,
    ),
  };
}

/** Where the entries that `diff` is about part first. */
export function divergenceOf(diff: StepDiff, a: JsonObject | undefined, b: JsonObject | undefined): Divergence {
  const { step } = diff;
  const pointer = pointerTo('/action_trace', step - 1);
  if (diff.in !== 'both') return { step, where: 'end', ...(valueChanges(a, b, pointer)[0] as ValueChange) };
  for (const where of COURSE) {
    const [change] = diff[where];
    if (change) return { step, where, ...change };
  }
  if (!isSameAudit(diff.io_audit)) {
    const [change] = memberChanges(a as JsonObject, b as JsonObject, ['io_audit'], pointer);
    return { step, where: 'io_audit', ...(change as ValueChange) };
  }
  const [budget] = diff.budget;
  return budget ? { step, where: 'budget', ...budget } : { step, where: 'other', ...(diff.other[0] as ValueChange) };
}

function auditOf({ io_audit: audit }: JsonObject): Json[] {
  return audit as Json[];
}
