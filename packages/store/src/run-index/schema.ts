import { sql } from 'drizzle-orm';
import { index, integer, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/** An agent and a task, as their code was: what many runs share. An unknown agent's hash is the empty text. */
export const subjects = sqliteTable(
  'subjects',
  {
    id: integer('id').primaryKey(),
    taskRef: text('task_ref').notNull(),
    agentRef: text('agent_ref').notNull(),
    taskHash: text('task_hash').notNull(),
    agentHash: text('agent_hash').notNull(),
  },
  (table) => [uniqueIndex('subjects_whole').on(table.taskRef, table.agentRef, table.taskHash, table.agentHash)],
);

/** A way to end. No failure type is the empty text. */
export const endings = sqliteTable(
  'endings',
  {
    id: integer('id').primaryKey(),
    success: integer('success', { mode: 'boolean' }).notNull(),
    failureType: text('failure_type').notNull(),
    terminationReason: text('termination_reason').notNull(),
  },
  (table) => [uniqueIndex('endings_whole').on(table.success, table.failureType, table.terminationReason)],
);

export const runs = sqliteTable(
  'runs',
  {
    id: integer('id').primaryKey(),
    runId: text('run_id').notNull().unique('runs_run_id'),
    compressed: integer('compressed', { mode: 'boolean' }).notNull(),
    subject: integer('subject').notNull(),
    ending: integer('ending').notNull(),
    seed: integer('seed').notNull(),
    stepsUsed: integer('steps_used').notNull(),
    toolCallsUsed: integer('tool_calls_used').notNull(),
    stepBudget: integer('step_budget').notNull(),
    toolCallBudget: integer('tool_call_budget').notNull(),
    wallClockBudget: integer('wall_clock_budget'),
    /** Seconds. */
    wallClock: real('wall_clock'),
    startedAt: text('started_at').notNull(),
    /** Milliseconds since 1970. */
    startedMs: integer('started_ms').notNull(),
    artifactHash: text('artifact_hash').notNull(),
    bytes: integer('bytes').notNull(),
    llmCalls: integer('llm_calls'),
    llmTokens: integer('llm_tokens'),
    /** 52 bits of a hash, enough to compare runs of one subject. */
    inputs: integer('inputs'),
    /** 52 bits of the artifact's hash, compared among runs of the same inputs. */
    outcome: integer('outcome').notNull(),
  },
  // Each index holds all that one question asks for, in the order in which it groups.
  (table) => [
    index('runs_started').on(table.startedMs, table.runId),
    index('runs_subject_started').on(table.subject, table.startedMs),
    index('runs_use').on(
      table.subject,
      table.ending,
      table.stepsUsed,
      table.toolCallsUsed,
      table.stepBudget,
      table.toolCallBudget,
    ),
    index('runs_wall_clock').on(table.subject, table.wallClock),
    index('runs_bytes').on(table.subject, table.bytes),
    index('runs_inputs').on(table.subject, table.inputs, table.outcome),
    index('runs_llm_calls').on(table.subject, table.llmCalls).where(sql`llm_calls IS NOT NULL`),
    index('runs_llm_tokens').on(table.subject, table.llmTokens).where(sql`llm_tokens IS NOT NULL`),
  ],
);

/** Every file of the runs folder, run or not. */
export const files = sqliteTable(
  'files',
  {
    name: text('name').primaryKey(),
    /** Empty when the file has to be looked at again. */
    stamp: text('stamp').notNull(),
    /** Why it is no run; null for a run. */
    reason: text('reason'),
  },
  (table) => [
    index('files_unsettled').on(table.name).where(sql`stamp = ''`),
    index('files_skipped').on(table.name).where(sql`reason IS NOT NULL`),
  ],
);

/** Facts about the whole; `folder` is the stamp of the runs folder as it was when everything in it was known. */
export const facts = sqliteTable('facts', { name: text('name').primaryKey(), value: text('value').notNull() });
