import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Sqlite from 'better-sqlite3';
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../open-store.js';
import { FAILED, run, runId } from '../testing/runs.js';
import { MIGRATIONS } from './generated/migrations.js';
import { openRecorder, openRunIndex, reindexRuns } from './open-run-index.js';
import * as schema from './schema.js';

const SQLITE_PAGE = 4_096;

let root: string;
let file: string;
let told: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tracecore-index-'));
  file = join(root, 'index.sqlite');
  told = [];
});
afterEach(() => rm(root, { recursive: true, force: true }));

const onFault = (message: string) => told.push(message);

async function putRuns(count: number, first = 0): Promise<void> {
  const store = openStore(root);
  for (let n = first; n < first + count; n += 1) {
    await store.put(run({ run_id: n.toString(16).padStart(32, 'a'), seed: n, ...(n % 2 === 0 ? {} : FAILED) }));
  }
}

async function seedsIn(patience = 5_000): Promise<number[]> {
  const index = await openRunIndex(root, { onFault, patience });
  const runs = await index.runs();
  await index.close();
  return runs.map(({ seed }) => seed).sort((left, right) => left - right);
}

test('without runs nothing is made, and every question has an answer', async () => {
  const index = await openRunIndex(root, { onFault });
  expect(await index.summary()).toMatchObject({ runs: 0, success_rate: null, first_started_at: null, pairs: [] });
  expect([await index.runs(), await index.metrics(), await index.recoveries()]).toEqual([[], [], []]);
  await index.close();
  expect(await openRecorder(root)).toBeNull();
  expect([await readdir(root), told]).toEqual([[], []]);
});

test('the first one to ask makes the index, and it is one file when nobody has it open', async () => {
  await putRuns(3);
  expect(await seedsIn()).toEqual([0, 1, 2]);
  expect((await readdir(root)).sort()).toEqual(['index.sqlite', 'runs', 'session.json']);
});

test('the migrations make the tables that the queries are written for', () => {
  const db = new Sqlite(':memory:');
  db.exec(MIGRATIONS.join('\n'));
  for (const table of Object.values(schema) as SQLiteTable[]) {
    const { name, columns, indexes } = getTableConfig(table);
    const made = db.pragma(`table_info(${name})`) as { name: string; type: string; notnull: number }[];
    expect(made.map((column) => [column.name, column.type, column.notnull === 1])).toEqual(
      columns.map((column) => [column.name, column.getSQLType().toUpperCase(), column.notNull]),
    );
    const names = (db.pragma(`index_list(${name})`) as { name: string }[]).map((one) => one.name);
    expect(names).toEqual(expect.arrayContaining(indexes.map((one) => one.config.name)));
  }
  db.close();
});

describe('an index that is damaged', () => {
  test.each<[string, () => Promise<void>]>([
    ['is no SQLite file', () => writeFile(file, 'not a database, and long enough to look like one '.repeat(100))],
    [
      'is another SQLite database',
      async () => {
        await rm(file);
        new Sqlite(file).exec('CREATE TABLE notes (text)').close();
      },
    ],
    ['lost a table', async () => void new Sqlite(file).exec('DROP TABLE runs').close()],
    ['was cut', () => truncate(file, 3 * SQLITE_PAGE)],
  ])('%s: is put aside and made anew, and told', async (_, damage) => {
    await putRuns(4);
    expect(await seedsIn()).toEqual([0, 1, 2, 3]);
    await damage();
    expect(await seedsIn()).toEqual([0, 1, 2, 3]);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/index\.sqlite: .*made anew from the runs$/);
    expect(await readdir(root)).toContain('index.sqlite.broken');
    told = [];
    expect([await seedsIn(), told]).toEqual([[0, 1, 2, 3], []]);
  });

  test('page by page is found by a reindex', async () => {
    await putRuns(40);
    expect(await seedsIn()).toHaveLength(40);
    const bytes = await readFile(file);
    bytes.fill(0xee, 4 * SQLITE_PAGE, bytes.length);
    await writeFile(file, bytes);
    const index = await reindexRuns(root, { onFault });
    expect(await index.count()).toBe(40);
    await index.close();
    expect(told[0]).toContain('made anew');
  });
});

test('an index of a newer version is left as it is, and the runs are read into memory', async () => {
  await putRuns(2);
  await seedsIn();
  new Sqlite(file).exec('PRAGMA user_version = 99').close();
  const before = await readFile(file);
  expect(await seedsIn()).toEqual([0, 1]);
  expect(told).toEqual([
    expect.stringMatching(/found version 99; use the tracecore that wrote it, or delete the file/),
  ]);
  await expect(reindexRuns(root)).rejects.toMatchObject({ code: 'INDEX_NEWER' });
  expect(await readFile(file)).toEqual(before);
});

test('an index that somebody else is writing to is waited for, then copied into memory and brought in step there', async () => {
  await putRuns(3);
  await seedsIn();
  const other = new Sqlite(file);
  other.exec('BEGIN IMMEDIATE');
  await putRuns(1, 3);
  expect(await seedsIn(50)).toEqual([0, 1, 2, 3]);
  expect(told).toEqual([expect.stringMatching(/another process is writing to the index/)]);
  other.exec('COMMIT');
  other.close();
  told = [];
  expect([await seedsIn(), told]).toEqual([[0, 1, 2, 3], []]);
});

test('an index that cannot be opened fails no question', async () => {
  await putRuns(2);
  await mkdir(file);
  expect(await seedsIn()).toEqual([0, 1]);
  expect(told).toEqual([expect.stringMatching(/could not use the index: .*read into memory$/)]);
  await expect(reindexRuns(root)).rejects.toMatchObject({ code: 'INDEX_UNWRITABLE' });
});

describe('a store with an index', () => {
  test('notes what it puts, so that nothing of it is read again', async () => {
    await putRuns(1);
    await seedsIn();
    const recorder = await openRecorder(root);
    const store = openStore(root, { index: async () => recorder, compress: true });
    await store.put(run({ run_id: runId('b1'), seed: 7, filler: 'x'.repeat(100_000) }));
    await recorder?.close();
    const reads: number[] = [];
    const index = await openRunIndex(root, { onProgress: (read) => reads.push(read) });
    expect(await index.runs({ seed: 7 })).toMatchObject([{ run_id: runId('b1'), file: `${runId('b1')}.json.gz` }]);
    // The first run was read while its folder was young, so it alone may be looked at again.
    expect(reads.every((read) => read <= 1)).toBe(true);
    await index.close();
  });

  test('puts runs also when the index is broken, says so once, and the next one who asks finds them', async () => {
    await putRuns(1);
    await seedsIn();
    await writeFile(file, 'broken '.repeat(1_000));
    const faults: unknown[] = [];
    const store = openStore(root, { index: () => openRecorder(root), onIndexFault: (error) => faults.push(error) });
    await store.put(run({ run_id: runId('b1'), seed: 7 }));
    await store.put(run({ run_id: runId('b2'), seed: 8 }));
    expect(faults).toMatchObject([{ code: 'INDEX_CORRUPT' }]);
    expect(await seedsIn()).toEqual([0, 7, 8]);
  });
});

test('a locked index that is free again within the wait takes the note', async () => {
  await putRuns(1);
  await seedsIn();
  const script = `const db = new (require('better-sqlite3'))(process.argv[1]);
    db.exec('BEGIN IMMEDIATE'); process.stdout.write('locked'); setTimeout(() => { db.exec('COMMIT'); db.close(); }, 300);`;
  const child = spawn(process.execPath, ['-e', script, file], {
    cwd: join(import.meta.dirname, '..', '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await putRuns(1, 1);
  expect([await seedsIn(), told]).toEqual([[0, 1], []]);
  if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
});
