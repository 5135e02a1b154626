import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../open-store.js';
import { openRunIndex } from '../run-index/open-run-index.js';
import { run } from '../testing/runs.js';
import { type Collected, type CollectOptions, collectRuns } from './collect-runs.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tracecore-gc-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** The nth run; a larger n is newer. */
const idOf = (n: number) => n.toString(16).padStart(32, 'e');

async function putRuns(count: number): Promise<void> {
  const store = openStore(root);
  for (let n = 0; n < count; n += 1) {
    const started_at = new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();
    await store.put(run({ run_id: idOf(n), started_at, agent_ref: n % 2 === 0 ? 'agents/even.ts' : 'agents/odd.ts' }));
  }
}

async function collect(options: CollectOptions): Promise<Collected> {
  const index = await openRunIndex(root);
  const collected = await collectRuns(index, root, options);
  if (options.write) expect(await index.count()).toBe((await openStore(root).list()).runs.length);
  await index.close();
  return collected;
}

const filesLeft = async () => (await readdir(join(root, 'runs'))).sort();
const namesOf = (...places: number[]) => places.map((n) => `${idOf(n)}.json`);

test('says what would go and removes nothing, then removes the same with write', async () => {
  await putRuns(6);
  const dry = await collect({ keep: 2 });
  expect(dry.removed.map(({ file }) => file)).toEqual(namesOf(3, 2, 1, 0));
  expect(dry.removed.every(({ bytes, error }) => bytes > 1_000 && error === null)).toBe(true);
  expect([dry.kept, dry.referenced]).toEqual([2, []]);
  expect(await filesLeft()).toHaveLength(6);
  expect(await collect({ keep: 2, write: true })).toEqual(dry);
  expect(await filesLeft()).toEqual(namesOf(4, 5));
  expect(await collect({ keep: 2, write: true })).toEqual({ removed: [], referenced: [], kept: 2 });
});

test('is about the runs of an agent alone when it is asked so', async () => {
  await putRuns(6);
  await collect({ keep: 1, filter: { agent: 'agents/even.ts' }, write: true });
  expect(await filesLeft()).toEqual(namesOf(1, 3, 4, 5));
});

test('never removes what something points to, and says what', async () => {
  await putRuns(9);
  await mkdir(join(root, 'baselines', idOf(0)), { recursive: true });
  await writeFile(join(root, 'baselines', 'best.json'), JSON.stringify({ rows: [{ runs: [idOf(1)] }] }));
  await mkdir(join(root, 'leaderboard'));
  await writeFile(join(root, 'leaderboard', `${idOf(2)}.json`), '{}');
  await mkdir(join(root, 'batches', 'nightly'), { recursive: true });
  await writeFile(
    join(root, 'batches', 'nightly', 'journal.jsonl'),
    `{"job":"a","run_id":"${idOf(3)}"}\n{"run_id": "${idOf(4)}", "att`,
  );
  const session = { latest_run_id: idOf(5), latest_success_run_id: idOf(6) };
  await writeFile(join(root, 'session.json'), JSON.stringify(session, null, 2));
  const { removed, referenced, kept } = await collect({ keep: 1, write: true });
  expect(removed.map(({ file }) => file)).toEqual(namesOf(7));
  expect(kept).toBe(8);
  expect(Object.fromEntries(referenced.map(({ run_id, by }) => [run_id, by]))).toEqual({
    [idOf(0)]: ['its bundle'],
    [idOf(1)]: ['the baseline best.json'],
    [idOf(2)]: ['the leaderboard'],
    [idOf(3)]: ['the batch nightly'],
    [idOf(4)]: ['the batch nightly'],
    [idOf(5)]: ['the session'],
    [idOf(6)]: ['the session'],
  });
});

test('removes nothing when it cannot be found out what is needed', async () => {
  await putRuns(3);
  await writeFile(join(root, 'batches'), 'a file where the folder belongs');
  await expect(collect({ keep: 0, write: true })).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
  expect(await filesLeft()).toHaveLength(3);
});

test('takes along what a writer left behind long ago, and leaves what is no run', async () => {
  await putRuns(1);
  const [old, young] = ['.a.json.1.tmp', '.a.json.2.tmp'].map((name) => join(root, 'runs', name)) as [string, string];
  for (const file of [old, young, join(root, 'runs', 'notes.txt')]) await writeFile(file, 'half');
  await utimes(old, 1_000_000, 1_000_000);
  const { removed } = await collect({ keep: 5, write: true });
  expect(removed).toEqual([{ file: '.a.json.1.tmp', run_id: null, bytes: 4, error: null }]);
  expect(await filesLeft()).toEqual(['.a.json.2.tmp', ...namesOf(0), 'notes.txt']);
});
