import Sqlite from 'better-sqlite3';
import { StoreError } from '../error.js';
import { MIGRATIONS } from './generated/migrations.js';

export type Connection = Sqlite.Database;

/** What marks a SQLite file as an index of runs: `TcIx`. */
const APPLICATION_ID = 0x54634978;
/** Milliseconds that an index which somebody else writes to is waited for, where nothing else is said. */
const PATIENCE = 5_000;
/** Pages that the log may grow to before they are written into the file, which waits for the disk. */
const LOG = 4_096;
/** KiB of the file that are kept in memory. */
const CACHE = 65_536;

/**
 * Opens an index file, or one in memory for `:memory:` or the bytes of a file, and brings it to this version.
 * @throws {StoreError} INDEX_CORRUPT, also for a file that is something else; INDEX_NEWER; INDEX_BUSY; INDEX_UNWRITABLE;
 * INDEX_UNAVAILABLE when the SQLite module cannot be loaded.
 */
export function openSqlite(source: string | Buffer, patience = PATIENCE): Connection {
  return guarded(source, () => {
    const db = new Sqlite(Buffer.isBuffer(source) ? withoutLog(source) : source, { timeout: patience });
    try {
      prepare(db, source);
    } catch (error) {
      db.close();
      throw error;
    }
    return db;
  });
}

/**
 * Runs `body` and gives its SQLite faults a code of the house.
 * @throws {StoreError} as `openSqlite`.
 */
export function guarded<T>(source: string | Buffer, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof Sqlite.SqliteError) throw translated(error, source);
    throw isNotLoaded(error) ? notLoaded(error) : error;
  }
}

/** The bytes of an index that somebody else may be writing to, as of now. Throws as `openSqlite`. */
export function copySqlite(path: string): Buffer {
  return guarded(path, () => {
    const db = new Sqlite(path, { readonly: true, fileMustExist: true });
    try {
      return db.serialize();
    } finally {
      db.close();
    }
  });
}

function prepare(db: Connection, source: string | Buffer): void {
  const version = versionOf(db);
  if (version > MIGRATIONS.length) {
    throw new StoreError(
      'INDEX_NEWER',
      `${nameOf(source)}: expected an index of version ${MIGRATIONS.length} or older, found version ${version}; ` +
        'use the tracecore that wrote it, or delete the file: it is made anew from the runs',
    );
  }
  // Asked first: changing the mode needs the file for itself, even where nothing changes.
  if (db.pragma('journal_mode', { simple: true }) === 'delete') db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma(`wal_autocheckpoint = ${LOG}`);
  db.pragma(`cache_size = -${CACHE}`);
  if (version < MIGRATIONS.length) db.transaction(migrate).immediate(db, source);
  else requireOurs(db, source);
}

/** Somebody else may have done it while this process waited for the lock. */
function migrate(db: Connection, source: string | Buffer): void {
  const from = versionOf(db);
  if (from > 0) requireOurs(db, source);
  else if (db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() !== 0) throw foreign(source);
  for (const migration of MIGRATIONS.slice(from)) db.exec(migration);
  db.pragma(`application_id = ${APPLICATION_ID}`);
  db.pragma(`user_version = ${MIGRATIONS.length}`);
}

function versionOf(db: Connection): number {
  return db.pragma('user_version', { simple: true }) as number;
}

function requireOurs(db: Connection, source: string | Buffer): void {
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw foreign(source);
}

function foreign(source: string | Buffer): StoreError {
  return new StoreError('INDEX_CORRUPT', `${nameOf(source)}: expected an index of runs, found another SQLite database`);
}

/** A file that expects a write-ahead log beside it cannot be opened in memory unless its header says otherwise. */
function withoutLog(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 19) copy.fill(1, 18, 20);
  return copy;
}

function translated(error: InstanceType<typeof Sqlite.SqliteError>, source: string | Buffer): StoreError {
  const where = nameOf(source);
  const { code, message } = error;
  if (/^SQLITE_(?:BUSY|LOCKED)/.test(code)) {
    const text = `${where}: another process is writing to the index and did not finish; try again`;
    return new StoreError('INDEX_BUSY', text, { cause: error });
  }
  if (/^SQLITE_(?:FULL|READONLY|IOERR|CANTOPEN|PERM|AUTH)/.test(code)) {
    return new StoreError('INDEX_UNWRITABLE', `${where}: could not use the index: ${message}`, { cause: error });
  }
  // A table that is missing under the right version counts too.
  const text = `${where}: expected an index of runs, found a damaged file (${message}); tracecore runs reindex makes it anew`;
  return new StoreError('INDEX_CORRUPT', text, { cause: error });
}

function isNotLoaded(error: unknown): error is Error {
  const { code, message = '' } = error as { code?: string; message?: string };
  return code === 'ERR_DLOPEN_FAILED' || code === 'MODULE_NOT_FOUND' || /bindings file/.test(message);
}

function notLoaded(error: Error): StoreError {
  const said = error.message.split('\n')[0];
  return new StoreError(
    'INDEX_UNAVAILABLE',
    `the index needs better-sqlite3, which cannot be loaded (${said}); npm rebuild better-sqlite3 builds it for this Node`,
    { cause: error },
  );
}

function nameOf(source: string | Buffer): string {
  return typeof source === 'string' ? source : 'the index in memory';
}
