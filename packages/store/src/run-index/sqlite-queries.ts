import type { FailureType } from '@tracecore/spec';
import { and, asc, desc, eq, gte, inArray, isNotNull, lt, max, min, type SQL, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { namesOf } from '../run-files.js';
import { inputsKey } from './describe-run.js';
import { recoveriesOf } from './recoveries.js';
import { endings, runs, subjects } from './schema.js';
import { countsOf, failureCounts, metricsOf, pairSummary, type Tally, type UseTally } from './tallies.js';
import type { IndexedRun, PairMetrics, Recovery, RunFilter, RunsSummary } from './types.js';

type Db = BetterSQLite3Database;

const counted = sql<number>`count(*)`;

export function selectRuns(db: Db, filter: RunFilter): IndexedRun[] {
  const query = db
    .select({ run: runs, subject: subjects, ending: endings })
    .from(runs)
    .innerJoin(subjects, eq(runs.subject, subjects.id))
    .innerJoin(endings, eq(runs.ending, endings.id))
    .where(matching(db, filter))
    .orderBy(desc(runs.startedMs), asc(runs.runId));
  const rows = filter.limit === undefined ? query.all() : query.limit(filter.limit).all();
  return rows.map(({ run, subject, ending }) => ({
    run_id: run.runId,
    agent_ref: subject.agentRef,
    agent_hash: subject.agentHash === '' ? null : subject.agentHash,
    task_ref: subject.taskRef,
    task_hash: subject.taskHash,
    seed: run.seed,
    budgets: { steps: run.stepBudget, tool_calls: run.toolCallBudget, wall_clock_seconds: run.wallClockBudget },
    success: ending.success,
    termination_reason: ending.terminationReason,
    failure_type: failureTypeOf(ending.failureType),
    steps_used: run.stepsUsed,
    tool_calls_used: run.toolCallsUsed,
    started_at: run.startedAt,
    wall_clock_elapsed_s: run.wallClock,
    artifact_hash: run.artifactHash,
    artifact_bytes: run.bytes,
    llm_calls: run.llmCalls,
    llm_tokens: run.llmTokens,
    inputs_key: run.inputs === null ? null : inputsKey(run.inputs),
    file: namesOf(run.runId)[run.compressed ? 1 : 0],
  }));
}

export function countRuns(db: Db, filter: RunFilter): number {
  return db.select({ count: counted }).from(runs).where(matching(db, filter)).get()?.count ?? 0;
}

export function selectSummary(db: Db, filter: RunFilter): RunsSummary {
  const kept = chosen(db, filter);
  const spans = db
    .select({ subject: runs.subject, first: min(runs.startedMs), last: max(runs.startedMs) })
    .from(runs)
    .where(kept)
    .groupBy(runs.subject)
    .all();
  const refs = refsOf(db);
  const use = selectUse(db, kept);
  const newest = new Map<string, number>();
  for (const { subject, last } of spans) {
    const pair = keyOf(refs.get(subject) as Refs);
    newest.set(pair, Math.max(newest.get(pair) ?? Number.NEGATIVE_INFINITY, last ?? 0));
  }
  const firsts = spans.map(({ first }) => first ?? 0);
  const pairs = [...grouped(use)].map(([pair, tallies]) => {
    const { task_ref, agent_ref } = tallies[0] as UseTally;
    return pairSummary(task_ref, agent_ref, tallies, timeText(newest.get(pair) as number));
  });
  return {
    ...countsOf(use),
    failure_types: failureCounts(use),
    first_started_at: firsts.length === 0 ? null : timeText(firsts.reduce((least, one) => Math.min(least, one))),
    last_started_at:
      newest.size === 0 ? null : timeText([...newest.values()].reduce((most, one) => Math.max(most, one))),
    pairs: pairs.sort(byPair),
  };
}

export function selectMetrics(db: Db, filter: RunFilter): PairMetrics[] {
  const kept = chosen(db, filter);
  const tally = (column: SQLiteColumn) => {
    const rows = db
      .select({ subject: runs.subject, value: sql<number>`${column}`, count: counted })
      .from(runs)
      .where(and(kept, isNotNull(column)))
      .groupBy(runs.subject, column)
      .all();
    return byPairOf(db, rows);
  };
  const [wallClock, bytes] = [tally(runs.wallClock), tally(runs.bytes)];
  const [llmCalls, llmTokens] = [tally(runs.llmCalls), tally(runs.llmTokens)];
  const steps = usedTallies(db, kept, [runs.ending, runs.stepsUsed]);
  const toolCalls = usedTallies(db, kept, [runs.ending, runs.stepsUsed, runs.toolCallsUsed]);
  const repeats = selectRepeats(db, kept);
  const metrics = [...grouped(selectUse(db, kept))].map(([pair, use]) => {
    const { task_ref, agent_ref } = use[0] as UseTally;
    return metricsOf(task_ref, agent_ref, {
      use,
      steps: steps.get(pair) ?? [],
      toolCalls: toolCalls.get(pair) ?? [],
      wallClock: wallClock.get(pair) ?? [],
      bytes: bytes.get(pair) ?? [],
      llmCalls: llmCalls.get(pair) ?? [],
      llmTokens: llmTokens.get(pair) ?? [],
      repeated: sumOf(repeats.get(pair), 'repeated'),
      reproduced: sumOf(repeats.get(pair), 'reproduced'),
    });
  });
  return metrics.sort(byPair);
}

export function selectRecoveries(db: Db, { failure_type, ...filter }: Omit<RunFilter, 'success'>): Recovery[] {
  const relevant =
    failure_type === undefined
      ? undefined
      : inArray(
          runs.ending,
          db
            .select({ id: endings.id })
            .from(endings)
            .where(sql`${endings.success} OR ${endings.failureType} = ${failure_type}`),
        );
  const rows = db
    .select({
      task_ref: subjects.taskRef,
      agent_ref: subjects.agentRef,
      seed: runs.seed,
      success: endings.success,
      startedMs: runs.startedMs,
    })
    .from(runs)
    .innerJoin(subjects, eq(runs.subject, subjects.id))
    .innerJoin(endings, eq(runs.ending, endings.id))
    .where(and(chosen(db, filter), relevant))
    .orderBy(subjects.taskRef, subjects.agentRef, runs.seed, runs.startedMs, desc(runs.runId))
    .all();
  return recoveriesOf(rows);
}

export function selectPairs(db: Db): Refs[] {
  const withRuns = inArray(subjects.id, db.selectDistinct({ id: runs.subject }).from(runs));
  return db
    .selectDistinct({ task_ref: subjects.taskRef, agent_ref: subjects.agentRef })
    .from(subjects)
    .where(withRuns)
    .orderBy(subjects.taskRef, subjects.agentRef)
    .all();
}

/** What a filter keeps, its limit aside. */
function matching(db: Db, filter: RunFilter): SQL | undefined {
  const { agent, agent_hash, task, task_hash, seed, success, failure_type, since } = filter;
  const ofSubject = and(
    agent === undefined ? undefined : eq(subjects.agentRef, agent),
    agent_hash === undefined ? undefined : eq(subjects.agentHash, agent_hash),
    task === undefined ? undefined : taskIs(task),
    task_hash === undefined ? undefined : eq(subjects.taskHash, task_hash),
  );
  const ofEnding = and(
    success === undefined ? undefined : eq(endings.success, success),
    failure_type === undefined ? undefined : eq(endings.failureType, failure_type),
  );
  return and(
    ofSubject && inArray(runs.subject, db.select({ id: subjects.id }).from(subjects).where(ofSubject)),
    ofEnding && inArray(runs.ending, db.select({ id: endings.id }).from(endings).where(ofEnding)),
    seed === undefined ? undefined : eq(runs.seed, seed),
    since === undefined ? undefined : gte(runs.startedMs, since.getTime()),
  );
}

/** An id alone stands for all of its versions: `A` comes right after `@`, which ends no id. */
function taskIs(task: string): SQL | undefined {
  if (task.includes('@')) return eq(subjects.taskRef, task);
  return and(gte(subjects.taskRef, `${task}@`), lt(subjects.taskRef, `${task}A`));
}

/** What a filter keeps, its limit included. */
function chosen(db: Db, filter: RunFilter): SQL | undefined {
  const kept = matching(db, filter);
  if (filter.limit === undefined) return kept;
  const newest = db
    .select({ id: runs.id })
    .from(runs)
    .where(kept)
    .orderBy(desc(runs.startedMs), asc(runs.runId))
    .limit(filter.limit);
  return inArray(runs.id, newest);
}

function selectUse(db: Db, kept: SQL | undefined): UseTally[] {
  const { subject, ending, stepsUsed, toolCallsUsed, stepBudget, toolCallBudget } = runs;
  const refs = refsOf(db);
  const ends = new Map(
    db
      .select()
      .from(endings)
      .all()
      .map((one) => [one.id, one]),
  );
  return db
    .select({
      subject,
      ending,
      steps_used: sql<number>`sum(${stepsUsed})`,
      tool_calls_used: sql<number>`sum(${toolCallsUsed})`,
      step_budget: sql<number>`max(${stepBudget})`,
      tool_call_budget: sql<number>`max(${toolCallBudget})`,
      count: counted,
    })
    .from(runs)
    .where(kept)
    .groupBy(subject, ending)
    .all()
    .map(({ subject: ofSubject, ending: ofEnding, ...used }) => {
      const { success, failureType, terminationReason } = ends.get(ofEnding) as typeof endings.$inferSelect;
      return {
        ...(refs.get(ofSubject) as Refs),
        ...used,
        success,
        failure_type: failureTypeOf(failureType),
        termination_reason: terminationReason,
      };
    });
}

/**
 * How often each value of the last column stands. Grouped by all columns first, in the order of an index, so that only what
 * little is left has to be sorted.
 */
function usedTallies(db: Db, kept: SQL | undefined, columns: readonly SQLiteColumn[]): Map<string, Tally[]> {
  const value = columns.at(-1) as SQLiteColumn;
  const used = db
    .select({
      subject: runs.subject,
      value: sql<number>`${value}`.as('value'),
      many: sql<number>`count(*)`.as('many'),
    })
    .from(runs)
    .where(kept)
    .groupBy(runs.subject, ...columns)
    .as('used');
  const rows = db
    .select({ subject: used.subject, value: used.value, count: sql<number>`sum(${used.many})` })
    .from(used)
    .groupBy(used.subject, sql`${used.value}`)
    .all();
  return byPairOf(db, rows);
}

/** How many inputs of each pair were run more than once, and how many of these gave one hash. */
function selectRepeats(db: Db, kept: SQL | undefined): Map<string, { repeated: number; reproduced: number }[]> {
  const inputs = db
    .select({
      subject: runs.subject,
      agrees: sql<number>`min(${runs.outcome}) = max(${runs.outcome})`.as('agrees'),
    })
    .from(runs)
    .where(and(kept, isNotNull(runs.inputs)))
    .groupBy(runs.subject, runs.inputs)
    .having(sql`count(*) > 1`)
    .as('repeats');
  const rows = db
    .select({ subject: inputs.subject, repeated: counted, reproduced: sql<number>`sum(${inputs.agrees})` })
    .from(inputs)
    .groupBy(inputs.subject)
    .all();
  return byPairOf(db, rows);
}

type Refs = { task_ref: string; agent_ref: string };

function refsOf(db: Db): Map<number, Refs> {
  const rows = db.select({ id: subjects.id, task: subjects.taskRef, agent: subjects.agentRef }).from(subjects).all();
  return new Map(rows.map(({ id, task, agent }) => [id, { task_ref: task, agent_ref: agent }]));
}

function byPairOf<Row extends { subject: number }>(db: Db, rows: readonly Row[]): Map<string, Row[]> {
  const refs = refsOf(db);
  const found = new Map<string, Row[]>();
  for (const row of rows) add(found, keyOf(refs.get(row.subject) as Refs), row);
  return found;
}

function grouped<Row extends Refs>(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) add(found, keyOf(row), row);
  return found;
}

function add<Row>(groups: Map<string, Row[]>, key: string, row: Row): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [row]);
  else group.push(row);
}

/** No task reference has a space. */
function keyOf({ task_ref, agent_ref }: Refs): string {
  return `${task_ref} ${agent_ref}`;
}

function byPair(left: Refs, right: Refs): number {
  if (left.task_ref !== right.task_ref) return left.task_ref < right.task_ref ? -1 : 1;
  return left.agent_ref < right.agent_ref ? -1 : left.agent_ref > right.agent_ref ? 1 : 0;
}

function sumOf<Field extends string>(rows: readonly Record<Field, number>[] | undefined, field: Field): number {
  return (rows ?? []).reduce((sum, row) => sum + row[field], 0);
}

function failureTypeOf(stored: string): FailureType | null {
  return stored === '' ? null : (stored as FailureType);
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
