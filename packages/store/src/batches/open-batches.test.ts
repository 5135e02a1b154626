import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BatchPlan } from '@tracecore/spec';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoreError } from '../error.js';
import { openStore } from '../open-store.js';
import { jobId, lineFor, planOf } from '../testing/batches.js';
import { run } from '../testing/runs.js';
import type { RunStore } from '../types.js';
import { isBatchId, newBatchId } from './batch-id.js';
import { openBatches } from './open-batches.js';
import type { BatchStore } from './types.js';

let root: string;
let runs: RunStore;
let batches: BatchStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tracecore-batches-'));
  runs = openStore(root);
  batches = openBatches(root, runs);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const plan = planOf(9);
const journal = () => join(root, 'batches', plan.batch_id, 'journal.jsonl');

/** Starts `plan` with lines for the first jobs, and leaves it. */
async function left(lines: number): Promise<void> {
  const batch = await batches.create(plan);
  for (let job = 0; job < lines; job += 1) await batch.record(lineFor(job), run({ run_id: jobId(job) }));
  await batch.close();
}

async function errorOf(promise: Promise<unknown>): Promise<StoreError> {
  const error = await promise.then(
    () => null,
    (thrown: StoreError) => thrown,
  );
  return error ?? expect.unreachable('nothing was refused');
}

describe('a batch on disk', () => {
  test('is its plan, its journal and the runs that it names', async () => {
    const batch = await batches.create(plan);
    const artifacts = [0, 1, 2].map((job) => run({ run_id: jobId(job) }));
    await Promise.all(artifacts.map((artifact, job) => batch.record(lineFor(job), artifact)));
    expect((await batches.read(plan.batch_id)).holder).toBe(`process ${process.pid} on ${hostname()}`);
    await batch.finish({ total: 3 });
    await batch.close();
    expect(await batches.read('latest')).toEqual({
      dir: batch.dir,
      plan,
      lines: [0, 1, 2].map((job) => lineFor(job)),
      holder: null,
    });
    expect((await readdir(batch.dir)).sort()).toEqual(['journal.jsonl', 'plan.json', 'summary.json']);
    for (const artifact of artifacts) expect((await runs.get(artifact.run_id)).artifact).toEqual(artifact);
  });

  test('goes on where it was left', async () => {
    await left(2);
    const batch = await batches.open(plan.batch_id.slice(0, 10));
    expect(batch.lines).toEqual([lineFor(0), lineFor(1)]);
    expect((await batch.find(jobId(1)))?.run_id).toBe(jobId(1));
    expect(await batch.find(jobId(5))).toBeNull();
    await batch.record(lineFor(2), null);
    await batch.close();
    expect((await batches.read('latest')).lines).toHaveLength(3);
  });

  test('is worked on by one at a time, and another batch beside it', async () => {
    const batch = await batches.create(plan);
    const error = await errorOf(batches.open('latest'));
    expect(error.code).toBe('BATCH_BUSY');
    expect(error.message).toContain(`process ${process.pid} on ${hostname()}`);
    const other = await batches.create(planOf(1, '20260301-120000-00000b'));
    await Promise.all([batch.record(lineFor(0), null), other.record(lineFor(0), null)]);
    await Promise.all([batch.close(), other.close()]);
    await (await batches.open(plan.batch_id)).close();
    expect(await batches.list()).toEqual(['20260301-120000-00000b', plan.batch_id]);
  });

  test('can be read from wherever its folder was copied to', async () => {
    await left(1);
    await cp(join(root, 'batches', plan.batch_id), join(root, 'elsewhere'), { recursive: true });
    expect((await batches.read(join(root, 'elsewhere'))).lines).toHaveLength(1);
    expect((await errorOf(batches.read(join(root, 'nowhere')))).code).toBe('BATCH_NOT_FOUND');
  });
});

describe('a journal', () => {
  test('cut at any byte gives its whole lines, says what was cut, and goes on', async () => {
    await left(3);
    const whole = await readFile(journal());
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (bytes) => {
        await writeFile(journal(), whole.subarray(0, bytes));
        const wholeLines = whole.subarray(0, bytes).toString().split('\n').length - 1;
        const isTorn = bytes > 0 && whole[bytes - 1] !== 0x0a;
        expect((await batches.read('latest')).lines).toHaveLength(wholeLines);
        const batch = await batches.open('latest');
        expect(batch.lines).toHaveLength(wholeLines);
        expect(batch.notes).toEqual(isTorn ? [expect.stringContaining('was torn')] : []);
        await batch.record(lineFor(8), null);
        await batch.close();
        const { lines } = await batches.read('latest');
        expect(lines.map(({ job }) => job)).toEqual([...[0, 1, 2].slice(0, wholeLines), 8].map(jobId));
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ['of another kind', '{"hello":1}'],
    ['that is no JSON', 'hello'],
    ['of another batch', JSON.stringify(lineFor(77))],
    ['of a later version', JSON.stringify({ ...lineFor(0), v: 2 })],
    ['without text', '\0\0\0'],
  ])('with a line %s in the middle is refused, naming the line', async (_, line) => {
    await left(1);
    await appendFile(journal(), `${line}\n${JSON.stringify(lineFor(1))}\n`);
    for (const ask of [batches.open, batches.read]) {
      const { code, message } = await errorOf(ask('latest'));
      expect(code).toBe('JOURNAL_INVALID');
      expect(message).toContain(`line 2 of ${journal()}`);
    }
    expect(await readdir(join(root, 'batches', plan.batch_id))).not.toContain('lock');
  });

  test('of megabytes without a line is not read into memory', async () => {
    await left(0);
    await appendFile(journal(), Buffer.alloc(3 * 1024 * 1024, 0x20));
    expect((await errorOf(batches.open('latest'))).message).toContain('longer than any line');
  });

  test('that cannot be written stops the batch, and what it has stays', async () => {
    await left(2);
    const batch = await batches.open('latest');
    await rm(join(root, 'runs'), { recursive: true });
    await writeFile(join(root, 'runs'), 'in the way');
    expect((await errorOf(batch.record(lineFor(2), run({ run_id: jobId(2) })))).code).toBe('FILE_UNWRITABLE');
    await batch.close();
    expect((await batches.read('latest')).lines).toHaveLength(2);
  });
});

describe('a batch is refused', () => {
  test.each([
    ['that is not there', '20260101', 'BATCH_NOT_FOUND'],
    ['by what is no id', 'no-id', 'BATCH_ID_INVALID'],
    ['by too little of its id', '2026', 'BATCH_ID_INVALID'],
    ['by a path, to go on with it', './batch', 'BATCH_ID_INVALID'],
  ])('%s', async (_, ref, code) => {
    await left(0);
    expect((await errorOf(batches.open(ref))).code).toBe(code);
  });

  test('by what begins several ids, naming them', async () => {
    await left(0);
    await (await batches.create(planOf(1, '20260301-120000-00000b'))).close();
    const { code, message } = await errorOf(batches.read('20260301'));
    expect(code).toBe('BATCH_AMBIGUOUS');
    expect(message).toContain(`20260301-120000-00000b, ${plan.batch_id}`);
  });

  test.each([
    ['cannot be read', '{', 'BATCH_UNREADABLE'],
    [
      'is of a later version',
      JSON.stringify({ ...plan, batch_version: 2 } as unknown as BatchPlan),
      'BATCH_UNREADABLE',
    ],
  ])('whose plan %s', async (_, text, code) => {
    await left(0);
    await writeFile(join(root, 'batches', plan.batch_id, 'plan.json'), text);
    expect((await errorOf(batches.open('latest'))).code).toBe(code);
  });

  test('when it was stopped before its plan was written, and is passed over', async () => {
    await left(1);
    await mkdir(join(root, 'batches', '20270101-000000-00000c'), { recursive: true });
    expect(await batches.list()).toEqual([plan.batch_id]);
    expect((await batches.read('latest')).plan.batch_id).toBe(plan.batch_id);
    const { code } = await errorOf(batches.open('20270101-000000-00000c'));
    expect(code).toBe('BATCH_NOT_FOUND');
  });
});

test('ids are new each time, and sort by time', () => {
  const ids = [1, 2, 3].map((second) => newBatchId(new Date(`2026-01-31T09:30:0${second}Z`)));
  expect(ids.every(isBatchId)).toBe(true);
  expect([...ids].sort()).toEqual(ids);
  expect(ids[0]?.startsWith('20260131-093001-')).toBe(true);
});
