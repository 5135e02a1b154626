import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunkId, groupKey } from './chunk.js';
import { Costs, MOST_EPISODES, planChunks } from './plan-chunks.js';
import { jobs } from './testing/jobs.js';

const batch = fc
  .array(fc.record({ agent: fc.constantFrom('a.ts', 'b.py', 'cmd:c'), count: fc.integer({ min: 1, max: 90 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.flatMap(({ agent, count }, part) => jobs(count, { agent, task_ref: `t${part}@1` })));

test('every job stands in one chunk, with others of its kind, and what has no room stays in its place', () => {
  fc.assert(
    fc.property(batch, fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 64 }), (all, room, lanes) => {
      const pool = [...all];
      const chunks = planChunks(pool, { costs: new Costs(), lanes, room });
      expect(chunks.flat().sort(byId)).toEqual(all.slice(0, room).sort(byId));
      expect(pool).toEqual(all.slice(room));
      for (const chunk of chunks) {
        expect(chunk.length).toBeGreaterThan(0);
        expect(chunk.length).toBeLessThanOrEqual(MOST_EPISODES);
        expect(new Set(chunk.map(groupKey)).size).toBe(1);
      }
    }),
  );
});
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

test('chunks follow what episodes cost, and get smaller towards the end', () => {
  const costs = new Costs();
  const sizes = () => planChunks(jobs(1_000), { costs, lanes: 2, room: 1_000 }).map(({ length }) => length);
  expect(sizes()[0]).toBe(MOST_EPISODES);
  expect(sizes().at(-1)).toBe(1);
  expect(sizes().length).toBeGreaterThan(sizes().filter((size) => size === MOST_EPISODES).length + 4);
  const [job] = jobs(1) as [ReturnType<typeof jobs>[0] & object];
  for (let n = 0; n < 60; n += 1) costs.learn(job, 100);
  expect(costs.of(job)).toBeCloseTo(100, 3);
  expect(sizes()[0]).toBe(15);
  costs.learn(job, 60_000);
  expect(sizes()[0]).toBe(1);
  expect(new Costs().of({ ...job, agent: 'cmd:node a.mjs' })).toBeGreaterThan(new Costs().of(job));
});

test("a chunk's id follows from its batch and its jobs alone", () => {
  const ids = jobs(3).map(({ id }) => id);
  expect(chunkId('b', 0, ids)).toBe(chunkId('b', 0, [...ids]));
  const others = [
    chunkId('c', 0, ids),
    chunkId('b', 1, ids),
    chunkId('b', 0, ids.slice(1)),
    chunkId('b', 0, ids, 1),
    chunkId('b', 0, [...ids].reverse()),
  ];
  expect(new Set([chunkId('b', 0, ids), ...others]).size).toBe(6);
});
