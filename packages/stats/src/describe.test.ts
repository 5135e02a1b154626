import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareOutcomes } from './compare.js';
import { describeOutcomes } from './describe.js';
import { passAtK, passHatK } from './pass-k.js';
import { successRate } from './rate.js';
import { chance } from './testing/chance.js';
import type { Outcome } from './types.js';

/** So many episodes of a task, of which the first ones succeed. */
const episodes = (task: string, n: number, successes: number, from = 0): Outcome[] =>
  Array.from({ length: n }, (_, at) => ({ task, seed: from + at, success: at < successes }));

describe('describing episodes', () => {
  const figures = describeOutcomes([...episodes('b@1', 8, 2), ...episodes('a@1', 4, 4)], { ks: [1, 4, 8, 9] });

  test('takes each task by itself', () => {
    expect(figures.by_task.map(({ task, n, successes }) => [task, n, successes])).toEqual([
      ['a@1', 4, 4],
      ['b@1', 8, 2],
    ]);
    const [a, b] = figures.by_task;
    expect(b?.rate).toEqual(successRate({ n: 8, successes: 2 }));
    expect(a?.pass.map(({ k }) => k)).toEqual([1, 4]);
    expect(b?.pass.map(({ pass_at_k }) => pass_at_k.estimate)).toEqual(
      [1, 4, 8].map((k) => passAtK({ n: 8, successes: 2 }, k)),
    );
  });

  test('and all of them as clusters of the same weight; tasks that are too short for a k are counted', () => {
    const { all } = figures;
    expect([all.tasks, all.n, all.successes, all.rate.estimate]).toEqual([2, 12, 6, 0.625]);
    expect(all.pass.map(({ k, short, pass_at_k }) => [k, short, pass_at_k.tasks])).toEqual([
      [1, 0, 2],
      [4, 0, 2],
      [8, 1, 1],
    ]);
    expect(all.pass[1]?.pass_hat_k.estimate).toBeCloseTo((1 + passHatK({ n: 8, successes: 2 }, 4)) / 2, 12);
  });

  test('never gives a figure outside of its interval, or an interval outside of 0 to 1', () => {
    const task = fc.tuple(fc.constantFrom('a@1', 'b@1', 'c@1'), fc.nat({ max: 9 }), fc.boolean());
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 40 }), (given) => {
        const { by_task, all } = describeOutcomes(
          given.map(([name, seed, success]) => ({ task: name, seed, success })),
          { ks: [1, 2, 5] },
        );
        const passes = [...by_task.flatMap(({ pass }) => pass), ...all.pass];
        const estimates = [
          ...by_task.map(({ rate }) => rate),
          all.rate,
          ...passes.flatMap(({ pass_at_k, pass_hat_k }) => [pass_at_k, pass_hat_k]),
        ];
        for (const { estimate, low, high, n } of estimates) {
          expect(0 <= low && low <= estimate && estimate <= high && high <= 1 && n >= 1).toBe(true);
        }
      }),
    );
  });

  test.each([
    [[], [1], 'NOTHING_TO_ESTIMATE'],
    [episodes('a@1', 2, 1), [0], 'COUNTS_INVALID'],
    [episodes('a@1', 2, 1), [1.5], 'COUNTS_INVALID'],
  ])('refuses %j with k = %j', (outcomes, ks, code) => {
    expect(() => describeOutcomes(outcomes, { ks })).toThrow(expect.objectContaining({ code }));
  });
});

describe('comparing sides', () => {
  const random = () => chance(3);

  test('pairs the seeds that both have', () => {
    const { a, b, paired, unpaired } = compareOutcomes(episodes('a@1', 30, 10), episodes('a@1', 30, 25, 10), {
      random: random(),
    });
    expect([a.n, b.n, unpaired]).toEqual([30, 30, null]);
    expect(paired).toMatchObject({ n: 20, gained: 20, lost: 0, tasks: 1, only_a: 10, only_b: 10 });
    expect(paired?.difference.estimate).toBe(1);
    expect(paired?.mcnemar.p).toBeLessThan(1e-4);
    expect(paired?.bootstrap.method).toBe('bootstrap-seeds');
  });

  test('and takes them for independent where there are none, or where counts are all that is known', () => {
    const apart = compareOutcomes(episodes('a@1', 70, 56), episodes('a@1', 80, 48, 1000), { random: random() });
    const counts = compareOutcomes({ n: 70, successes: 56 }, episodes('a@1', 80, 48), { random: random() });
    expect(apart.paired).toBeNull();
    expect(apart.unpaired).toMatchObject({ method: 'newcombe', n: 150 });
    expect(counts).toEqual(apart);
  });

  test('refuses an empty side', () => {
    expect(() => compareOutcomes([], episodes('a@1', 1, 1), { random: random() })).toThrow(
      expect.objectContaining({ code: 'NOTHING_TO_ESTIMATE' }),
    );
  });
});
