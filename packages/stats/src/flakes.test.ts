import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findFlakes } from './flakes.js';

const run = (run_id: string, inputs: string, artifact_hash: string) => ({ run_id, inputs, artifact_hash });

test('names inputs with more than one hash, their runs by hash, and counts what could have shown one', () => {
  const runs = [
    run('1', 'x', 'h1'),
    run('2', 'y', 'h2'),
    run('3', 'x', 'h3'),
    run('4', 'x', 'h1'),
    run('5', 'z', 'h4'),
  ];
  expect(findFlakes([...runs, run('6', 'y', 'h2')])).toEqual({
    repeated: 2,
    runs: 5,
    flakes: [{ inputs: 'x', outcomes: [[runs[0], runs[3]], [runs[2]]] }],
  });
});

test('the same hash for other inputs is no flake, and the order of runs does not matter', () => {
  const arbitrary = fc.array(fc.tuple(fc.constantFrom('x', 'y', 'z'), fc.constantFrom('h1', 'h2')), { maxLength: 30 });
  fc.assert(
    fc.property(arbitrary, (given) => {
      const runs = given.map(([inputs, hash], at) => run(`${at}`, inputs, hash));
      const found = findFlakes(runs);
      const turned = findFlakes([...runs].reverse());
      expect([turned.repeated, turned.runs, turned.flakes.length]).toEqual([
        found.repeated,
        found.runs,
        found.flakes.length,
      ]);
      for (const { inputs, outcomes } of found.flakes) {
        expect(outcomes.length).toBe(2);
        expect(outcomes.flat().every((one) => one.inputs === inputs)).toBe(true);
      }
      expect(findFlakes(given.map(([, hash], at) => run(`${at}`, `${at}`, hash))).repeated).toBe(0);
    }),
  );
});
