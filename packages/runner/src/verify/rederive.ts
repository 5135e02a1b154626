import { firstDifference } from '@tracecore/artifact';
import { isReferenceRun } from '@tracecore/artifact/reference';
import type { Artifact, Json, JsonObject, TraceEntry } from '@tracecore/spec';
import type { LoadedTask } from '@tracecore/tasks';
import { programOf } from '../episode/create-job.js';
import { codeOfPointer, NOT_JSON_MESSAGE } from '../episode/invalid-action.js';
import type { EpisodeJob, RecordedStep } from '../episode/job.js';
import { DEFAULT_LIMITS, limitsFrom } from '../episode/limits.js';
import { END_OF_RECORD } from '../episode/open-agent.js';
import type { EpisodeOutcome, Replayed, Runner } from '../types.js';

/** Where a record and its re-derivation part. */
export interface RederivationDifference {
  pointer: string;
  message: string;
}

/** How much of a record its re-derivation compares. `verdict` leaves out what the task and its validator said. */
export type RederivationScope = 'whole' | 'verdict';

/** Parts of a trace entry that the task alone decides once the actions are given. */
const DERIVED = ['step', 'observation', 'action', 'result', 'io_audit', 'budget_after_step', 'budget_delta'] as const;
/** The same without texts that another runtime's copy of the task says in words of its own. */
const DERIVED_WITHOUT_WORDS = ['step', 'action', 'io_audit', 'budget_after_step', 'budget_delta'] as const;
const DERIVED_WITHOUT_RESULT = ['observation', ...DERIVED_WITHOUT_WORDS] as const;
const RESULT_CODES = ['ok', 'error'] as const;
const VERDICT = ['termination_reason', 'failure_type', 'steps_used', 'tool_calls_used'] as const;
const OUTCOME = [...VERDICT, 'failure_reason', 'validator'] as const;
/** Endings that the agent or a clock decided after the last recorded action; no record can prove them. */
const NOT_DERIVED = new Set(['agent_exception', 'timeout', 'sandbox_violation']);

/**
 * Replays the recorded actions of `artifact` against its task, from its seed, without the agent, and compares every
 * observation, result, audit entry, budget and the verdict.
 * @param scope `verdict` for a record of this task's twin in another runtime: the two return texts of their own, so of
 * results only `ok` and `error` are compared.
 * @returns the first difference, or null when the score is proven.
 */
export async function rederive(
  artifact: Artifact,
  task: LoadedTask,
  runner: Runner,
  scope: RederivationScope = 'whole',
): Promise<RederivationDifference | null> {
  const trace = artifact.action_trace as TraceEntry[];
  const replayed = await runner.replay(jobOf(artifact, task, trace));
  return compareEntries(artifact, trace, replayed, scope) ?? compareOutcome(artifact, trace, replayed.outcome, scope);
}

function jobOf(artifact: Artifact, task: LoadedTask, trace: TraceEntry[]): EpisodeJob {
  const recorded = trace.map(recordedStep);
  const last = recorded.at(-1);
  // The action that met an empty tool call budget was counted and not traced; any valid one ends the episode alike.
  if (artifact.termination_reason === 'tool_calls_exhausted' && last) recorded.push(last);
  return {
    agent: { recorded },
    task: programOf(task),
    taskRef: task.ref,
    manifest: task.manifest,
    seed: artifact.seed,
    budgets: { steps: artifact.budgets.steps, tool_calls: artifact.budgets.tool_calls, wall_clock_seconds: null },
    limits: limitsFrom(artifact.limits) ?? DEFAULT_LIMITS,
    tools: Array.isArray(artifact.tools) ? (artifact.tools as string[]) : null,
  };
}

function recordedStep({ action, result }: TraceEntry): RecordedStep {
  const { ok, error, pointer, message } = result as JsonObject;
  if (ok === false && typeof pointer === 'string' && typeof message === 'string' && error === codeOfPointer(pointer)) {
    if (error === 'action_must_be_object' || message.startsWith(NOT_JSON_MESSAGE))
      return { notAction: { pointer, message } };
  }
  return { action: action as JsonObject };
}

function compareEntries(
  artifact: Artifact,
  trace: TraceEntry[],
  { entries }: Replayed,
  scope: RederivationScope,
): RederivationDifference | null {
  for (const [index, recorded] of trace.entries()) {
    const pointer = `/action_trace/${index}`;
    const derived = entries[index];
    if (!derived) return { pointer, message: `${pointer} stands after the episode had ended` };
    // Whether an action met a deadline is the clock's word, so its result is not compared.
    const late = artifact.termination_reason === 'timeout' && (recorded.result as JsonObject).error === 'timeout';
    const fields = fieldsOf(artifact, recorded, scope);
    for (const field of fields) {
      if (late && field !== 'action' && field !== 'observation') continue;
      const difference = firstDifference(derived[field] as Json, recorded[field] as Json, `${pointer}/${field}`);
      if (difference) return describe(difference);
    }
    const ofResult = fields === DERIVED || late ? null : compareResultCodes(derived, recorded, pointer);
    if (ofResult) return ofResult;
  }
  return null;
}

/** The Python runtime says of a refused action only its code, where this one adds a message and a place. */
function fieldsOf(artifact: Artifact, { budget_delta }: TraceEntry, scope: RederivationScope) {
  if (scope === 'verdict') return DERIVED_WITHOUT_WORDS;
  const isRefused = budget_delta.tool_calls === 0;
  return isRefused && isReferenceRun(artifact) ? DERIVED_WITHOUT_RESULT : DERIVED;
}

function compareResultCodes(derived: TraceEntry, recorded: TraceEntry, pointer: string): RederivationDifference | null {
  for (const field of RESULT_CODES) {
    const [expected, actual] = [derived, recorded].map(({ result }) => (result as JsonObject)[field] ?? null) as [
      Json,
      Json,
    ];
    const difference = firstDifference(expected, actual, `${pointer}/result/${field}`);
    if (difference) return describe(difference);
  }
  return null;
}

function compareOutcome(
  artifact: Artifact,
  trace: TraceEntry[],
  derived: EpisodeOutcome,
  scope: RederivationScope,
): RederivationDifference | null {
  const reason = artifact.termination_reason;
  const ranOut = derived.failure_reason === `act: ${END_OF_RECORD}`;
  if (ranOut || reason === 'timeout') {
    if (!artifact.success && NOT_DERIVED.has(reason) && (ranOut || trace.length > 0)) return null;
    const pointer = artifact.success ? '/success' : '/termination_reason';
    return { pointer, message: `${pointer} says ${reason}, but the recorded actions do not lead there` };
  }
  for (const field of scope === 'whole' ? OUTCOME : VERDICT) {
    const difference = firstDifference(derived[field] as Json, (artifact[field] ?? null) as Json, `/${field}`);
    if (difference) return describe(difference);
  }
  const success = derived.termination_reason === 'success';
  return artifact.success === success
    ? null
    : describe({ pointer: '/success', expected: success, actual: artifact.success });
}

function describe({
  pointer,
  expected,
  actual,
}: {
  pointer: string;
  expected: Json | undefined;
  actual: Json | undefined;
}) {
  return { pointer, message: `${pointer} is ${show(actual)}; the task gives ${show(expected)}` };
}

function show(value: Json | undefined): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100).toWellFormed()}…` : text;
}
