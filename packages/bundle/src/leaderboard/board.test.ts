import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '@tracecore/spec';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { certified } from '../testing/logs.js';
import { type KeyRing, newKeyRing, temporaryFolder } from '../testing/samples.js';
import { findRecord, putRecord, readBoard } from './board.js';
import { rankAgents } from './rank.js';
import { type BoardRecord, faultOf } from './record.js';

let home: string;
let dir: string;
let ring: KeyRing;
beforeEach(() => {
  home = temporaryFolder();
  dir = join(home, 'leaderboard');
  ring = newKeyRing();
});
const NOON = new Date('2026-03-01T12:00:00Z');
const put = async (number: number, fields: JsonObject = {}, at = NOON) =>
  putRecord(dir, await certified(join(home, 'bundles'), ring, number, fields), at);
const idOf = (number: number) => number.toString(16).padStart(32, '0');

describe('the leaderboard', () => {
  test('keeps a record of each run, and submitting again changes nothing', async () => {
    const { record, state } = await put(1);
    expect([state, record.run_id, record.submitted_at]).toEqual(['submitted', idOf(1), NOON.toISOString()]);
    const text = readFileSync(join(dir, `${idOf(1)}.json`), 'utf8');
    expect((await put(1, {}, new Date('2027-01-01'))).state).toBe('unchanged');
    expect(readFileSync(join(dir, `${idOf(1)}.json`), 'utf8')).toBe(text);
    expect(await readBoard(dir)).toEqual({ records: [record], skipped: [] });
    expect(await readdir(dir)).toEqual([`${idOf(1)}.json`]);
  });

  test('does not take another bundle of a run for the one that is there', async () => {
    await put(1);
    const other = await certified(join(home, 'others'), ring, 1, { harness_version: '9.9.9' });
    await expect(putRecord(dir, other, NOON)).rejects.toMatchObject({ code: 'LEADERBOARD_EXISTS' });
  });

  test('names what is torn or foreign and passes it over; the run can be submitted again', async () => {
    await put(1);
    await put(2);
    const file = join(dir, `${idOf(2)}.json`);
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 100));
    writeFileSync(join(dir, 'notes.txt'), '');
    writeFileSync(join(dir, `${idOf(3)}.json`), readFileSync(join(dir, `${idOf(1)}.json`)));
    writeFileSync(join(dir, `.${idOf(4)}.json.x.tmp`), '');
    symlinkSync(join(dir, `${idOf(1)}.json`), join(dir, `${idOf(5)}.json`));
    mkdirSync(join(dir, `${idOf(6)}.json`));
    const { records, skipped } = await readBoard(dir);
    expect(records.map(({ run_id }) => run_id)).toEqual([idOf(1)]);
    expect(skipped.map(({ file: name }) => name)).toEqual([
      `${idOf(2)}.json`,
      `${idOf(3)}.json`,
      `${idOf(5)}.json`,
      `${idOf(6)}.json`,
      'notes.txt',
    ]);
    await expect(findRecord(dir, idOf(2))).rejects.toMatchObject({ code: 'LEADERBOARD_UNREADABLE' });
    expect((await put(2)).state).toBe('submitted');
    expect((await findRecord(dir, idOf(2))).run_id).toBe(idOf(2));
  });

  test('finds a run by the beginning of its id, and by nothing else', async () => {
    await put(1);
    await put(2, { run_id: `abcdef${'0'.repeat(26)}` });
    expect((await findRecord(dir, 'abcdef')).run_id).toMatch(/^abcdef/);
    for (const named of ['', 'abcde', '999999', '../abcdef', '000000\u0000', `../leaderboard/${idOf(1)}`]) {
      await expect(findRecord(dir, named), named).rejects.toMatchObject({ code: 'LEADERBOARD_NOT_FOUND' });
    }
    await put(3);
    await expect(findRecord(dir, '000000')).rejects.toMatchObject({ message: expect.stringContaining('found 2') });
  });

  test('a folder that cannot be made is an error with a code', async () => {
    writeFileSync(dir, '');
    await expect(put(1)).rejects.toMatchObject({ code: 'LEADERBOARD_UNWRITABLE' });
    await expect(readBoard(dir)).rejects.toMatchObject({ code: 'LEADERBOARD_UNREADABLE' });
  });

  test('no field of a record may be missing or another kind of thing', async () => {
    const { record } = await put(1);
    expect(faultOf(record as unknown as JsonObject)).toBeNull();
    for (const field of Object.keys(record)) {
      for (const wrong of [undefined, {}, '', -1.5, [{}]]) {
        const changed = { ...record, [field]: wrong } as unknown as JsonObject;
        expect(faultOf(changed), `${field} ${JSON.stringify(wrong)}`).toContain(`/${field}`);
      }
    }
  });
});

describe('ranking', () => {
  const record = (agent: string, task_ref: string, success: boolean, steps_used: number, tool_calls_used: number) =>
    ({
      run_id: `${agent}${steps_used}`,
      agent,
      agent_hash: null,
      task_ref,
      success,
      steps_used,
      tool_calls_used,
    }) as BoardRecord;

  test('puts success first, then fewer steps, then fewer tool calls; equals share a place', () => {
    const records = [
      record('slow', 'a@1', true, 9, 9),
      record('lucky', 'a@1', true, 1, 1),
      record('lucky', 'a@1', false, 2, 1),
      record('fast', 'a@1', true, 3, 3),
      record('faster', 'a@1', true, 3, 2),
      record('twin', 'a@1', true, 3, 3),
      record('slow', 'b@1', false, 1, 1),
    ];
    const [first, second] = rankAgents(records);
    expect(first?.standings.map(({ rank, agent }) => [rank, agent])).toEqual([
      [1, 'faster'],
      [2, 'fast'],
      [2, 'twin'],
      [4, 'slow'],
      [5, 'lucky'],
    ]);
    expect(first?.standings[4]).toMatchObject({ success_rate: 0.5, avg_steps: 1.5, avg_tool_calls: 1, run_count: 2 });
    expect([second?.task_ref, second?.standings.length]).toEqual(['b@1', 1]);
  });

  test('is the same in whatever order the records come', () => {
    const one = fc.record({
      agent: fc.constantFrom('a', 'b', 'c'),
      task: fc.constantFrom('x@1', 'y@1'),
      success: fc.boolean(),
      steps: fc.nat({ max: 3 }),
      calls: fc.nat({ max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(one), fc.infiniteStream(fc.nat()), (runs, order) => {
        const records = runs.map(({ agent, task, success, steps, calls }) =>
          record(agent, task, success, steps, calls),
        );
        const shuffled = records.map((each) => [order.next().value as number, each] as const).sort(([a], [b]) => a - b);
        expect(rankAgents(shuffled.map(([, each]) => each))).toEqual(rankAgents(records));
      }),
    );
  });
});
