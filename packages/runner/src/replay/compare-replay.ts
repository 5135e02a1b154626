import { firstDifference } from '@tracecore/artifact';
import { type Artifact, isJsonObject, type Json, type TraceEntry } from '@tracecore/spec';
import {
  differenceAt,
  judged,
  memberOf,
  missing,
  type ReplayCheck,
  type ReplayCheckName,
  type ReplayCode,
  type ReplayReport,
} from './report.js';
import { strictChecks } from './strict-checks.js';

/** What an episode was given beside budgets and limits. */
const INPUTS = ['task_ref', 'seed', 'tools', 'episode_config_meta', 'forked_from'] as const;

const PARTS = [
  ['actions', 'action', 'ACTION_DIFFERS'],
  ['results', 'result', 'RESULT_DIFFERS'],
  ['io_audit', 'io_audit', 'IO_AUDIT_DIFFERS'],
] as const;

const OUTCOME = [
  ['success', 'SUCCESS_DIFFERS'],
  ['termination_reason', 'TERMINATION_REASON_DIFFERS'],
  ['failure_type', 'FAILURE_TYPE_DIFFERS'],
] as const;

/** Lists of a sandbox by either of their names. */
const SANDBOX = [
  ['filesystem_roots', 'filesystem_allowlist'],
  ['network_hosts', 'network_allowlist'],
] as const;

/**
 * Compares an episode that was played again with the record it was played from: inputs, every action, result and io
 * audit, the number of steps, the outcome and the sandbox. Ids, times, telemetry and what this machine enforced play no
 * part, nor do observations, which follow from the rest.
 * @param options.strict also demands no more steps and tool calls than the baseline took, the same task and agent by
 * their hashes, and limits that are known. What the baseline does not say is skipped otherwise, and named.
 * @see spec/extensions/replay.md
 */
export function compareReplay(
  baseline: Artifact,
  replayed: Artifact,
  { strict = false }: { strict?: boolean } = {},
): ReplayReport {
  const checks = [
    checkInputs(baseline, replayed),
    checkLimits(baseline, replayed, strict),
    ...PARTS.map(([check, field, code]) => checkSteps(check, field, code, baseline, replayed)),
    checkStepCount(baseline, replayed),
    ...OUTCOME.map(([field, code]) => judged(field, code, differenceAt(baseline, replayed, field))),
    checkSandbox(baseline, replayed),
    ...(strict ? strictChecks(baseline, replayed) : []),
  ];
  return { ok: checks.every(({ status }) => status !== 'fail'), strict, first: firstOf(checks), checks };
}

function checkInputs(baseline: Artifact, replayed: Artifact): ReplayCheck {
  const { wall_clock_seconds: wallClock = null } = baseline.budgets;
  const budgets = wallClock === null ? ['steps', 'tool_calls'] : ['steps', 'tool_calls', 'wall_clock_seconds'];
  const pick = (artifact: Artifact) =>
    Object.fromEntries(budgets.map((name) => [name, memberOf(artifact.budgets, name) ?? null]));
  const difference =
    INPUTS.map((field) => differenceAt(baseline, replayed, field)).find(isThere) ??
    firstDifference(pick(baseline), pick(replayed), '/budgets');
  return judged('inputs', 'INPUTS_DIFFER', difference);
}

function checkLimits(baseline: Artifact, replayed: Artifact, strict: boolean): ReplayCheck {
  if (baseline.limits !== undefined)
    return judged('limits', 'LIMITS_DIFFER', differenceAt(baseline, replayed, 'limits'));
  const message = 'the baseline does not say what its programs could use, so the defaults of this runtime held';
  return missing('limits', 'LIMITS_MISSING', message, replayed, strict);
}

function checkSteps(
  check: ReplayCheckName,
  field: (typeof PARTS)[number][1],
  code: ReplayCode,
  baseline: Artifact,
  replayed: Artifact,
): ReplayCheck {
  const [before, after] = [traceOf(baseline), traceOf(replayed)];
  for (const [index, entry] of before.slice(0, after.length).entries()) {
    const [expected, actual] = [entry[field], after[index]?.[field]] as Json[];
    const difference = firstDifference(expected as Json, actual as Json, `/action_trace/${index}/${field}`);
    if (difference) return judged(check, code, difference, index + 1);
  }
  return judged(check, code, null);
}

/** The steps that both have are compared one by one; this tells whether one side has more. */
function checkStepCount(baseline: Artifact, replayed: Artifact): ReplayCheck {
  const [expected, actual] = [baseline.action_trace.length, replayed.action_trace.length];
  const step = Math.min(expected, actual) + 1;
  if (expected === actual) return judged('steps', 'STEP_COUNT_DIFFERS', null);
  const [before, after] = [traceOf(baseline), traceOf(replayed)].map((trace) => trace[step - 1]?.action as Json);
  const difference = { pointer: `/action_trace/${step - 1}`, expected: before, actual: after };
  const counts = `the baseline has ${expected} steps and the replay ${actual}`;
  return { ...judged('steps', 'STEP_COUNT_DIFFERS', difference, step), message: `step ${step}: ${counts}` };
}

function checkSandbox(baseline: Artifact, replayed: Artifact): ReplayCheck {
  const difference = SANDBOX.map((names) =>
    firstDifference(listOf(baseline, names), listOf(replayed, names), `/sandbox/${names[0]}`),
  ).find(isThere);
  return judged('sandbox', 'SANDBOX_DIFFERS', difference ?? null);
}

/** Inputs before steps, the earliest step among those, then in the order of the checks. */
function firstOf(checks: readonly ReplayCheck[]): ReplayCheck | null {
  const failed = checks.filter(({ status }) => status === 'fail');
  const input = failed.find(({ check }) => check === 'inputs' || check === 'limits');
  if (input) return input;
  const stepOf = ({ difference }: ReplayCheck) => difference?.step ?? Number.POSITIVE_INFINITY;
  return failed.reduce<ReplayCheck | null>((first, one) => (first && stepOf(first) <= stepOf(one) ? first : one), null);
}

function listOf({ sandbox }: Artifact, names: readonly string[]): Json {
  const lists = isJsonObject(sandbox as Json) ? (sandbox as Record<string, Json>) : {};
  return names.map((name) => memberOf(lists, name)).find(isThere) ?? [];
}

function traceOf(artifact: Artifact): TraceEntry[] {
  return artifact.action_trace as TraceEntry[];
}

function isThere<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
