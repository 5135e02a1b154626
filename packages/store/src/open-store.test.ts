import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeArtifactFile } from '@tracecore/artifact/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoreError } from './error.js';
import { openStore } from './open-store.js';
import { FAILED, run, runId } from './testing/runs.js';
import type { RunStore } from './types.js';

const NOON = new Date('2026-03-01T12:00:00.000Z');

let home: string;
let root: string;
let store: RunStore;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tracecore-store-'));
  root = join(home, '.agent_bench');
  store = openStore(root, { clock: { now: () => NOON } });
});
afterEach(() => rm(home, { recursive: true, force: true }));

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: StoreError) => error.code,
  );

describe('an empty store', () => {
  test('lists nothing, points nowhere and makes no folder', async () => {
    expect(await store.list()).toEqual({ runs: [], skipped: [] });
    expect(await store.latest()).toBeNull();
    expect(await store.session()).toBeNull();
    expect(await codeOf(store.get(runId('abcdef')))).toBe('RUN_NOT_FOUND');
    expect(await readdir(home)).toEqual([]);
  });
});

describe('put', () => {
  test('writes runs/<run_id>.json and reads back the same', async () => {
    const artifact = run({ run_id: runId('a1') });
    const path = await store.put(artifact);
    expect(path).toBe(join(root, 'runs', `${artifact.run_id}.json`));
    expect(await store.get(artifact.run_id)).toEqual({ artifact, path, text: await readFile(path, 'utf8') });
    expect(await readdir(root)).toEqual(['runs', 'session.json']);
    expect(await readdir(join(root, 'runs'))).toEqual([`${artifact.run_id}.json`]);
  });

  test('moves the session pointer, and a failure keeps the last success', async () => {
    await store.put(run({ run_id: runId('a1'), seed: 1 }));
    expect(await store.session()).toEqual({
      latest_run_id: runId('a1'),
      latest_success_run_id: runId('a1'),
      latest_bundle_dir: null,
      agent: 'agents/echo_agent.ts',
      task_ref: 'echo_key@1',
      seed: 1,
      updated_at: '2026-03-01T12:00:00.000Z',
    });
    await store.put(run({ run_id: runId('a2'), ...FAILED, seed: 2 }));
    expect(await store.session()).toMatchObject({
      latest_run_id: runId('a2'),
      latest_success_run_id: runId('a1'),
      seed: 2,
    });
  });

  test('has no success to point to after failures alone', async () => {
    await store.put(run({ run_id: runId('a1'), ...FAILED }));
    expect((await store.session())?.latest_success_run_id).toBeNull();
  });

  test('of several writes each, and moves the session once, to the last and the last success', async () => {
    const runs = [run({ run_id: runId('a1') }), run({ run_id: runId('a2') }), run({ run_id: runId('a3'), ...FAILED })];
    const paths = await store.putAll(runs);
    expect(paths).toEqual(runs.map(({ run_id }) => join(root, 'runs', `${run_id}.json`)));
    for (const artifact of runs) expect((await store.find(artifact.run_id))?.artifact).toEqual(artifact);
    const pointed = { latest_run_id: runId('a3'), latest_success_run_id: runId('a2') };
    expect(await store.session()).toMatchObject(pointed);
    expect(await store.putAll([])).toEqual([]);
    expect(await store.session()).toMatchObject(pointed);
  });

  test('of several that cannot all be written says so, and leaves none in the making', async () => {
    await mkdir(join(root, 'runs', `${runId('a2')}.json`, 'in the way'), { recursive: true });
    const runs = ['a1', 'a2', 'a3'].map((start) => run({ run_id: runId(start) }));
    expect(await codeOf(store.putAll(runs))).toBe('FILE_UNWRITABLE');
    expect((await readdir(join(root, 'runs'))).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(await store.find(runId('a2'))).toBeNull();
  });

  test('keeps the bundle that the session names', async () => {
    await store.put(run({ run_id: runId('a1') }));
    const path = join(root, 'session.json');
    const session = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...session, latest_bundle_dir: 'baselines/a1' }));
    await store.put(run({ run_id: runId('a2') }));
    expect((await store.session())?.latest_bundle_dir).toBe('baselines/a1');
  });

  test('a bundle that was sealed is named from the folder above, and nothing else moves', async () => {
    await store.put(run({ run_id: runId('a1') }));
    await store.put(run({ run_id: runId('a2'), ...FAILED }));
    const before = await store.session();
    await store.pointToBundle(join(root, 'baselines', runId('a1')));
    expect(await store.session()).toEqual({
      ...before,
      latest_bundle_dir: `.agent_bench/baselines/${runId('a1')}`,
    });
  });

  test('a bundle makes the session anew from the latest run, and none where there is no run', async () => {
    const dir = join(root, 'baselines', runId('a1'));
    await store.pointToBundle(dir);
    expect(await store.session()).toBeNull();
    await store.put(run({ run_id: runId('a1') }));
    await rm(join(root, 'session.json'));
    await store.pointToBundle(dir);
    expect(await store.session()).toMatchObject({
      latest_run_id: runId('a1'),
      latest_success_run_id: runId('a1'),
      latest_bundle_dir: `.agent_bench/baselines/${runId('a1')}`,
    });
  });

  test('many at once lose neither a run nor the success among them', async () => {
    const ids = Array.from({ length: 24 }, (_, i) => runId(`b${i.toString().padStart(2, '0')}`));
    await Promise.all(ids.map((run_id, i) => store.put(run({ run_id, ...(i === 5 ? {} : FAILED) }))));
    expect((await store.list()).runs.map(({ run_id }) => run_id).sort()).toEqual(ids);
    expect((await store.session())?.latest_success_run_id).toBe(ids[5]);
  });

  describe('that compresses', () => {
    const long = { filler: 'the same words over and over '.repeat(3_000) };

    test('writes what is over 64 KiB as .json.gz and reads it back the same', async () => {
      const packing = openStore(root, { compress: true });
      const [large, small] = [run({ run_id: runId('a1'), ...long }), run({ run_id: runId('b1') })];
      const path = await packing.put(large);
      await packing.put(small);
      expect(path).toBe(join(root, 'runs', `${large.run_id}.json.gz`));
      expect((await readdir(join(root, 'runs'))).sort()).toEqual([`${large.run_id}.json.gz`, `${small.run_id}.json`]);
      expect((await readFile(path)).length).toBeLessThan(8_000);
      // Whoever reads need not know how it was written.
      expect(await store.get('a10000')).toEqual({
        artifact: large,
        path,
        text: `${JSON.stringify(large, null, 2)}\n`,
      });
      expect(await store.locate(large.run_id)).toBe(path);
      expect((await store.list()).runs.map(({ run_id }) => run_id).sort()).toEqual([large.run_id, small.run_id]);
      await rm(join(root, 'session.json'));
      await store.pointToBundle(join(root, 'baselines', large.run_id));
      expect(await store.latest()).not.toBeNull();
    });

    test('leaves one file of a run, in the form it was written in last', async () => {
      const packing = openStore(root, { compress: true });
      await store.put(run({ run_id: runId('a1'), ...long, seed: 1 }));
      await packing.put(run({ run_id: runId('a1'), ...long, seed: 2 }));
      expect(await readdir(join(root, 'runs'))).toEqual([`${runId('a1')}.json.gz`]);
      await store.put(run({ run_id: runId('a1'), ...long, seed: 3 }));
      expect(await readdir(join(root, 'runs'))).toEqual([`${runId('a1')}.json`]);
      expect((await store.get(runId('a1'))).artifact.seed).toBe(3);
    });
  });

  test('a run that is there both ways is one, read from the plain file, and the other is named', async () => {
    const path = await store.put(run({ run_id: runId('a1'), seed: 1 }));
    await writeArtifactFile(`${path}.gz`, run({ run_id: runId('a1'), seed: 2 }));
    expect((await store.get('a10000')).artifact.seed).toBe(1);
    const { runs, skipped } = await store.list();
    expect(runs).toHaveLength(1);
    expect(skipped).toEqual([
      { file: `${runId('a1')}.json.gz`, reason: `the run is read from ${runId('a1')}.json, which is there too` },
    ]);
    await rm(path);
    expect((await store.list()).runs).toMatchObject([{ seed: 2 }]);
  });

  test('refuses a run id that would lead out of the folder, and writes nothing', async () => {
    const forged = { ...run({ run_id: runId('a1') }), run_id: '../../../../../../tmp/0000000000' };
    expect(await codeOf(store.put(forged))).toBe('RUN_ID_INVALID');
    expect(await readdir(home)).toEqual([]);
  });

  test('a folder that cannot be made is an error with a code', async () => {
    await writeFile(root, 'a file where the folder belongs');
    expect(await codeOf(store.put(run({ run_id: runId('a1') })))).toBe('FILE_UNWRITABLE');
    expect(await codeOf(store.list())).toBe('STORE_UNREADABLE');
  });
});

describe('get', () => {
  beforeEach(async () => {
    for (const start of ['abcdef1', 'abcdef2', 'abcde0']) await store.put(run({ run_id: runId(start) }));
  });

  test('takes the beginning of an id when it names one run', async () => {
    expect((await store.get('abcde0')).artifact.run_id).toBe(runId('abcde0'));
    expect((await store.get('abcdef2')).artifact.run_id).toBe(runId('abcdef2'));
    expect(await store.locate('abcde0')).toBe(join(root, 'runs', `${runId('abcde0')}.json`));
  });

  test('names the candidates of an ambiguous beginning', async () => {
    const error = await store.get('abcdef').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ code: 'RUN_AMBIGUOUS' });
    expect((error as StoreError).message).toContain(`${runId('abcdef1')}, ${runId('abcdef2')}`);
  });

  test('a whole id that also begins another one is taken as it is', async () => {
    await store.put(run({ run_id: `${runId('abcdef1')}-1` }));
    expect((await store.get(runId('abcdef1'))).artifact.run_id).toBe(runId('abcdef1'));
  });

  test.each([
    '',
    'abcde',
    '../abcdef',
    'abcdef/..',
    'abcdefg',
    'session',
    `${runId('a')}00000`,
    'abcdef\n',
    'abcdef%00',
  ])('refuses %j as a reference', async (ref) => {
    expect(await codeOf(store.get(ref))).toBe('RUN_ID_INVALID');
  });

  test('an id that is not there is not found', async () => {
    expect(await codeOf(store.get(runId('ffffff')))).toBe('RUN_NOT_FOUND');
    expect(await codeOf(store.get('ffffff'))).toBe('RUN_NOT_FOUND');
  });
});

describe('files that are no runs', () => {
  const torn = runId('c1');
  const foreign = runId('c2');
  const renamed = runId('c3');
  const link = runId('c4');

  beforeEach(async () => {
    await store.put(run({ run_id: runId('a1'), started_at: '2026-03-01T10:00:00Z' }));
    await store.put(run({ run_id: runId('a2'), started_at: '2026-03-01T11:00:00Z' }));
    const runs = join(root, 'runs');
    const whole = await readFile(join(runs, `${runId('a1')}.json`), 'utf8');
    await writeFile(join(runs, `${torn}.json`), whole.slice(0, 500));
    await writeFile(join(runs, `${foreign}.json`), '{"hello": "world"}');
    await writeFile(join(runs, `${renamed}.json`), whole);
    await writeFile(join(home, 'outside.json'), whole.replaceAll(runId('a1'), link));
    await symlink(join(home, 'outside.json'), join(runs, `${link}.json`));
    await writeFile(join(runs, 'notes.txt'), 'not a run');
    await mkdir(join(runs, 'folder.json'));
    await writeFile(join(runs, `.${torn}.json.0001.tmp`), whole.slice(0, 10));
  });

  test('are named and skipped; files in the making are not mentioned', async () => {
    const { runs, skipped } = await store.list();
    expect(runs.map(({ run_id }) => run_id)).toEqual([runId('a2'), runId('a1')]);
    expect(skipped.map(({ file }) => file)).toEqual([
      `${torn}.json`,
      `${foreign}.json`,
      `${renamed}.json`,
      `${link}.json`,
      'folder.json',
      'notes.txt',
    ]);
    const reasons = Object.fromEntries(skipped.map(({ file, reason }) => [file, reason]));
    expect(reasons[`${torn}.json`]).toContain('found the end of the text');
    expect(reasons[`${foreign}.json`]).toContain('not a valid artifact');
    expect(reasons[`${renamed}.json`]).toContain(`found ${runId('a1')}`);
    expect(reasons[`${link}.json`]).toContain('expected a regular file');
    expect(reasons['notes.txt']).toBe('expected a file named <run_id>.json or <run_id>.json.gz');
  });

  test.each([torn, foreign, renamed, link])('%s is unreadable, and can still be located', async (id) => {
    expect(await codeOf(store.get(id))).toBe('RUN_UNREADABLE');
    expect(await store.locate(id)).toBe(join(root, 'runs', `${id}.json`));
  });

  test('the latest run is the newest that can be read when the session points to a torn one', async () => {
    await writeFile(join(root, 'session.json'), JSON.stringify({ latest_run_id: torn }));
    expect((await store.latest())?.artifact.run_id).toBe(runId('a2'));
  });
});

describe('latest', () => {
  beforeEach(async () => {
    await store.put(run({ run_id: runId('a1'), started_at: '2026-03-01T11:00:00Z' }));
    await store.put(run({ run_id: runId('a2'), started_at: '2026-03-01T10:00:00Z' }));
  });

  test('is the run the session points to', async () => {
    expect((await store.latest())?.artifact.run_id).toBe(runId('a2'));
  });

  test.each([
    ['gone', null],
    ['torn', '{"latest_run_id": "a'],
    ['foreign', '[1, 2]'],
    ['pointing out of the folder', '{"latest_run_id": "../../outside"}'],
    ['pointing to a run that is gone', JSON.stringify({ latest_run_id: runId('dd') })],
  ])('is the newest by started_at when the session is %s', async (_, text) => {
    const path = join(root, 'session.json');
    if (text === null) await rm(path);
    else await writeFile(path, text);
    expect((await store.latest())?.artifact.run_id).toBe(runId('a1'));
  });

  test('a torn session is replaced by the next put', async () => {
    await writeFile(join(root, 'session.json'), '{"latest');
    await store.put(run({ run_id: runId('a3'), ...FAILED }));
    expect(await store.session()).toMatchObject({ latest_run_id: runId('a3'), latest_success_run_id: null });
  });
});

test('a listing is newest first, in any zone, then by run id', async () => {
  const runs: [string, string][] = [
    ['a1', '2026-03-01T10:00:00.000Z'],
    ['a2', '2026-03-01T12:30:00+02:00'],
    ['a4', '2026-03-01T10:00:00.500000+00:00'],
    ['a3', '2026-03-01T10:00:00.500Z'],
    ['a5', '2026-02-28T23:59:60Z'],
  ];
  for (const [start, started_at] of runs) await store.put(run({ run_id: runId(start), started_at }));
  const listed = (await store.list()).runs;
  expect(listed.map(({ run_id }) => run_id.slice(0, 2))).toEqual(['a2', 'a3', 'a4', 'a1', 'a5']);
  const newest = run({ run_id: runId('a2') });
  expect(listed[0]).toEqual({
    run_id: runId('a2'),
    agent_ref: 'agents/echo_agent.ts',
    agent_hash: newest.agent_hash ?? null,
    task_ref: 'echo_key@1',
    task_hash: newest.task_hash,
    seed: 7,
    budgets: { wall_clock_seconds: null, ...newest.budgets },
    success: true,
    termination_reason: 'success',
    failure_type: null,
    steps_used: 2,
    tool_calls_used: 2,
    started_at: '2026-03-01T12:30:00+02:00',
    wall_clock_elapsed_s: 3,
    artifact_hash: newest.artifact_hash,
  });
});
