import { eq, isNotNull, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { facts, files } from './schema.js';
import { guarded, openSqlite } from './sqlite-file.js';
import {
  countRuns,
  selectMetrics,
  selectPairs,
  selectRecoveries,
  selectRuns,
  selectSummary,
} from './sqlite-queries.js';
import { createWriter, FOLDER } from './sqlite-writer.js';
import type { RunIndex } from './types.js';

/** An index that can look at its own pages. */
export interface SqliteIndex extends RunIndex {
  /** Whether the file is sound, page by page. */
  isSound(): boolean;
}

/**
 * The index in a SQLite file, in `:memory:`, or in memory as a copy of the bytes of a file.
 * @throws {StoreError} as `openSqlite`.
 */
export function openSqliteIndex(source: string | Buffer, patience?: number): SqliteIndex {
  const connection = openSqlite(source, patience);
  const db = drizzle(connection);
  const write = guarded(source, () => connection.transaction(createWriter(db)).immediate);
  const ask = async <T>(body: () => T): Promise<T> => guarded(source, body);

  return {
    runs: (filter = {}) => ask(() => selectRuns(db, filter)),
    count: (filter = {}) => ask(() => countRuns(db, filter)),
    summary: (filter = {}) => ask(() => selectSummary(db, filter)),
    metrics: (filter = {}) => ask(() => selectMetrics(db, filter)),
    recoveries: (filter = {}) => ask(() => selectRecoveries(db, filter)),
    pairs: () => ask(() => selectPairs(db)),
    skipped: () =>
      ask(() =>
        db
          .select({ file: files.name, reason: sql<string>`${files.reason}` })
          .from(files)
          .where(isNotNull(files.reason))
          .orderBy(files.name)
          .all(),
      ),
    files: () =>
      ask(() => {
        // Raw: a hundred thousand of them are read at once.
        const rows = connection.prepare('SELECT name, stamp, reason FROM files').raw().all();
        return new Map(
          (rows as [string, string, string | null][]).map(([name, stamp, reason]) => [name, { stamp, reason }]),
        );
      }),
    unsettled: () =>
      ask(() =>
        db
          .select({ name: files.name })
          .from(files)
          .where(sql`stamp = ''`)
          .all()
          .map(({ name }) => name),
      ),
    folder: () => ask(() => db.select().from(facts).where(eq(facts.name, FOLDER)).get()?.value ?? null),
    record: (recorded) => ask(() => write({ runs: recorded })),
    change: (change) => ask(() => write(change)),
    isSound: () => guarded(source, () => connection.pragma('quick_check', { simple: true }) === 'ok'),
    close: () => ask(() => void connection.close()),
  };
}
