import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resultsOf } from './job-result.js';
import { percentile } from './percentile.js';
import { elapsedOf, summarizeBatch } from './summarize.js';
import { jobsOf, lineOf } from './testing/batches.js';

const infrastructure = (final: boolean) =>
  ({ outcome: 'infrastructure', code: 'WORKER_FAILED', message: 'gone', final }) as const;

describe('percentile', () => {
  test('is the smallest value that the share does not exceed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const sorted = [...values].sort((a, b) => a - b);
          const found = percentile(sorted, share) as number;
          expect(sorted).toContain(found);
          expect(sorted.filter((value) => value <= found).length).toBeGreaterThanOrEqual(share * sorted.length);
          expect(sorted.filter((value) => value < found).length).toBeLessThan(Math.max(1, share * sorted.length));
        },
      ),
    );
  });

  test.each([
    [0.5, 2],
    [0.51, 3],
    [0.95, 4],
    [1, 4],
    [0, 1],
  ])('at %f of four values is the one at place %i', (share, value) => {
    expect(percentile([1, 2, 3, 4], share)).toBe(value);
  });

  test('of nothing is null', () => expect(percentile([], 0.5)).toBeNull());
});

describe('a summary', () => {
  const jobs = [...jobsOf(4), ...jobsOf(2, 'agents/b.ts')];
  const at = (index: number) => jobs[index] as (typeof jobs)[0];
  const { run_id: _, ...base } = lineOf(at(0));
  const lines = [
    lineOf(at(0), { wall_clock_s: 1 }),
    lineOf(at(1), { success: false, termination_reason: 'timeout', failure_type: 'timeout', wall_clock_s: 3 }),
    lineOf(at(2), { strict: ['ISOLATION_WEAK'], wall_clock_s: 2 }),
    { ...base, job: at(3).id, ...infrastructure(false) },
    { ...base, job: at(3).id, attempt: 2, ...infrastructure(true) },
    { ...base, job: at(4).id, ...infrastructure(false) },
  ];

  test('counts what passed, what the agent failed, what the machinery failed, and what is left', () => {
    const summary = summarizeBatch(resultsOf(jobs, lines), 2);
    expect(summary).toEqual({
      ...{ total: 6, passed: 1, failed: 2, infrastructure: 1, pending: 2, retried: 1 },
      failure_types: { strict_spec: 1, timeout: 1 },
      infrastructure_codes: { WORKER_FAILED: 1 },
      wall_clock_s: { p50: 2, p95: 3, max: 3 },
      ...{ elapsed_s: 2, episodes_per_second: 1.5 },
      pairs: [
        { agent: 'agents/a.ts', task_ref: 't@1', total: 4, passed: 1, failed: 2, infrastructure: 1, pending: 0 },
        { agent: 'agents/b.ts', task_ref: 't@1', total: 2, passed: 0, failed: 0, infrastructure: 0, pending: 2 },
      ],
    });
  });

  test('of nothing has no times', () => {
    const { total, wall_clock_s, episodes_per_second } = summarizeBatch([], 0);
    expect([total, wall_clock_s, episodes_per_second]).toEqual([0, null, null]);
  });

  test('adds up whatever the journal holds, a job counting once', () => {
    const line = fc.record({ job: fc.nat(4), attempt: fc.integer({ min: 1, max: 3 }), kind: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(line), (drawn) => {
        const journal = drawn.map(({ job, attempt, kind }) =>
          kind < 2
            ? lineOf(at(job), { attempt, success: kind === 0 })
            : { ...base, job: at(job).id, attempt, ...infrastructure(kind === 3) },
        );
        const {
          total,
          passed,
          failed,
          infrastructure: given,
          pending,
          pairs,
        } = summarizeBatch(resultsOf(jobs, journal), 1);
        expect(total).toBe(jobs.length);
        expect(passed + failed + given + pending).toBe(total);
        expect(pairs.reduce((sum, pair) => sum + pair.total, 0)).toBe(total);
      }),
    );
  });

  test('the last attempt decides, and a later line of an attempt takes it back', () => {
    const job = at(0);
    const stateOf = (...journal: Parameters<typeof resultsOf>[1][]) =>
      resultsOf([job], journal.flat() as never)[0]?.state;
    expect(stateOf([lineOf(job, { success: false }), lineOf(job, { attempt: 2 })])).toBe('passed');
    expect(stateOf([lineOf(job, { attempt: 2 }), lineOf(job, { success: false })])).toBe('passed');
    expect(stateOf([lineOf(job), { ...base, ...infrastructure(false) }])).toBe('pending');
  });

  test('takes as long as its starts together, each up to its last line', () => {
    const journal = [
      lineOf(at(0), { elapsed_s: 2 }),
      lineOf(at(1), { elapsed_s: 1 }),
      lineOf(at(2), { start: 2, elapsed_s: 0.5 }),
    ];
    expect(elapsedOf(journal)).toBe(2.5);
  });
});
