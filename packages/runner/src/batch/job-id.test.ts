import { expect, test } from 'vitest';
import { batchJob, planHash, runIdOf } from './job-id.js';
import { requireSame } from './require-same.js';
import { jobsOf } from './testing/batches.js';

const FIELDS = { agent: 'a.ts', agent_hash: 'x', task_ref: 't@1', task_hash: 'y', seed: 1, budgets: {} };

test('a job is named by what it is, in whatever order it was written', () => {
  const [{ id: _, ...fields }] = [batchJob(FIELDS)];
  const turned = Object.fromEntries(Object.entries(fields).reverse()) as typeof FIELDS;
  expect(batchJob(turned).id).toBe(batchJob(FIELDS).id);
  expect(batchJob(FIELDS).id).toMatch(/^[0-9a-f]{32}$/);
});

test('a change of any field makes it another job', () => {
  const changed = [
    ...[{ agent: 'b.ts' }, { agent_hash: 'z' }, { task_ref: 't@2' }, { task_hash: 'z' }, { seed: 2 }],
    ...[{ budgets: { steps: 1 } }, { budgets: { wall_clock_seconds: 1 } }, { task_dir: 'tasks/t' }],
  ];
  const ids = [FIELDS, ...changed.map((fields) => ({ ...FIELDS, ...fields }))].map((fields) => batchJob(fields).id);
  expect(new Set(ids).size).toBe(changed.length + 1);
});

test('a run is named by its attempt, as the schema wants run ids', () => {
  const ids = [runIdOf('b', 'j', 1), runIdOf('b', 'j', 2), runIdOf('b', 'k', 1), runIdOf('c', 'j', 1)];
  expect(new Set(ids).size).toBe(4);
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(runIdOf('b', 'j', 1)).toBe(ids[0]);
});

test('a plan is named by its jobs and their order', () => {
  const jobs = jobsOf(3);
  expect(planHash(jobs)).toBe(planHash(jobsOf(3)));
  expect(planHash([...jobs].reverse())).not.toBe(planHash(jobs));
});

test('other code than was planned is refused by name', () => {
  const job = batchJob(FIELDS);
  requireSame(job, 'x', 'y');
  expect(() => requireSame(job, 'z', 'y')).toThrow('a.ts is not what the batch was planned with: expected x, found z');
  expect(() => requireSame(job, 'x', 'z')).toThrow('t@1 is not what');
});
