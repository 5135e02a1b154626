import type { Artifact } from '@tracecore/spec';
import { and, eq, getTableColumns, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { momentOf } from '../list-runs.js';
import { isCompressed, runIdOf } from '../run-files.js';
import { inputsNumber, modelUse, outcomeNumber } from './describe-run.js';
import { endings, facts, files, runs, subjects } from './schema.js';
import type { IndexChange, RecordedRun } from './types.js';

/** The fact that holds the stamp of the runs folder. */
export const FOLDER = 'folder';

type Db = BetterSQLite3Database;
type RunRow = Omit<typeof runs.$inferInsert, 'id'>;

/** What writes a change, with statements that are made once. The caller puts it into a transaction. */
export function createWriter(db: Db): (change: IndexChange) => void {
  const subjectOf = shared(db, subjects);
  const endingOf = shared(db, endings);
  const addRun = upsert(db, runs, runs.runId);
  const addFile = upsert(db, files, files.name);
  const setFact = upsert(db, facts, facts.name);
  const name = sql.placeholder('name');
  const removeFile = db.delete(files).where(eq(files.name, name)).prepare();
  const thatRun = and(
    eq(runs.runId, sql.placeholder('runId')),
    sql`${runs.compressed} = ${sql.placeholder('compressed')}`,
  );
  const removeRun = db.delete(runs).where(thatRun).prepare();
  const removeFact = db.delete(facts).where(eq(facts.name, name)).prepare();

  /** The run that a file stood for leaves; one that is read from a file in the other form stays. */
  function forget(file: string): void {
    const runId = runIdOf(file);
    if (runId !== null) removeRun.run({ runId, compressed: isCompressed(file) ? 1 : 0 });
  }

  function putRun({ artifact, bytes, file, stamp }: RecordedRun): void {
    const { task_ref: taskRef, agent_ref: agentRef, task_hash: taskHash, agent_hash: agentHash } = artifact;
    const { success, failure_type: failureType, termination_reason: terminationReason } = artifact;
    addRun({
      ...rowOf(artifact, bytes),
      compressed: isCompressed(file),
      subject: subjectOf({ taskRef, agentRef, taskHash, agentHash: agentHash ?? '' }),
      ending: endingOf({ success: success ? 1 : 0, failureType: failureType ?? '', terminationReason }),
    } satisfies RunRow);
    addFile({ name: file, stamp, reason: null });
  }

  return ({ runs: put = [], skipped = [], gone = [], folder }) => {
    for (const file of gone) {
      forget(file);
      removeFile.run({ name: file });
    }
    for (const { file, reason, stamp } of skipped) {
      forget(file);
      addFile({ name: file, stamp, reason });
    }
    for (const run of put) putRun(run);
    if (folder === null) removeFact.run({ name: FOLDER });
    else if (folder !== undefined) setFact({ name: FOLDER, value: folder });
  };
}

function rowOf(artifact: Artifact, bytes: number): Omit<RunRow, 'subject' | 'ending' | 'compressed'> {
  const { calls, tokens } = modelUse(artifact);
  return {
    runId: artifact.run_id,
    seed: artifact.seed,
    stepsUsed: artifact.steps_used,
    toolCallsUsed: artifact.tool_calls_used,
    stepBudget: artifact.budgets.steps,
    toolCallBudget: artifact.budgets.tool_calls,
    wallClockBudget: artifact.budgets.wall_clock_seconds ?? null,
    wallClock: artifact.wall_clock_elapsed_s,
    startedAt: artifact.started_at,
    startedMs: momentOf(artifact.started_at),
    artifactHash: artifact.artifact_hash,
    bytes,
    llmCalls: calls,
    llmTokens: tokens,
    inputs: inputsNumber(artifact),
    outcome: outcomeNumber(artifact),
  };
}

/** What finds the id of a row that many runs share, by all of its columns, or adds it. Such a row never changes. */
function shared(db: Db, table: typeof subjects | typeof endings): (row: Record<string, string | number>) => number {
  const { id, ...columns } = getTableColumns(table) as Record<string, SQLiteColumn>;
  const whole = and(...Object.entries(columns).map(([name, column]) => sql`${column} = ${sql.placeholder(name)}`));
  const find = db.select({ id: table.id }).from(table).where(whole).prepare();
  const add = db
    .insert(table)
    .values(placeholders(columns) as never)
    .returning({ id: table.id })
    .prepare();
  return (row) => (find.get(row) ?? add.get(row)).id;
}

/** A statement that adds a row, or replaces the one that is equal in `key`. */
function upsert<Table extends SQLiteTable>(
  db: Db,
  table: Table,
  key: SQLiteColumn,
): (row: Omit<Table['$inferInsert'], 'id'>) => void {
  const { id, ...columns } = getTableColumns(table) as Record<string, SQLiteColumn>;
  const replaced = Object.entries(columns).map(([column, { name }]) => [column, sql.raw(`excluded.\`${name}\``)]);
  const statement = db
    .insert(table)
    .values(placeholders(columns) as never)
    .onConflictDoUpdate({ target: key, set: Object.fromEntries(replaced) })
    .prepare();
  return (row) => void statement.run(row as Record<string, unknown>);
}

function placeholders(columns: Record<string, SQLiteColumn>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(columns).map((name) => [name, sql.placeholder(name)]));
}
