import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GateQuestion, gate } from './gate.js';
import { binomial, chance, shareOf } from './testing/chance.js';

const counts = fc.integer({ min: 1, max: 300 }).chain((n) => fc.nat({ max: n }).map((successes) => ({ n, successes })));

describe('a least rate', () => {
  test('of 0.95 is shown by 59 episodes without a failure, and not by 58: 0.95^59 is below 0.05', () => {
    expect(gate({ candidate: { n: 59, successes: 59 }, minRate: 0.95 })).toMatchObject({ verdict: 'PASS', more: 0 });
    const { verdict, checks, more } = gate({ candidate: { n: 20, successes: 20 }, minRate: 0.95 });
    expect([verdict, more]).toEqual(['INCONCLUSIVE', 39]);
    expect(checks).toMatchObject([{ claim: 'min-rate', threshold: 0.95, figure: { estimate: 1, n: 20 } }]);
    expect(checks[0]?.figure.confidence).toBeCloseTo(0.9, 12);
  });

  test('fails when as few successes would be too unlikely', () => {
    expect(gate({ candidate: { n: 20, successes: 10 }, minRate: 0.9 })).toMatchObject({ verdict: 'FAIL', more: 0 });
  });

  test('of 1 is refuted by one failure, and by no number of successes shown', () => {
    expect(gate({ candidate: { n: 500, successes: 499 }, minRate: 1 }).verdict).toBe('FAIL');
    expect(gate({ candidate: { n: 500, successes: 500 }, minRate: 1 })).toMatchObject({
      verdict: 'INCONCLUSIVE',
      more: null,
    });
  });

  test('that is the observed rate is decided by no number of episodes', () => {
    expect(gate({ candidate: { n: 10, successes: 9 }, minRate: 0.9 })).toMatchObject({
      verdict: 'INCONCLUSIVE',
      more: null,
    });
  });

  test('is decided as its interval lies', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (candidate, minRate) => {
        const [check] = gate({ candidate, minRate }).checks;
        if (check === undefined) throw new Error('no check');
        const { low, high } = check.figure;
        if (Math.min(Math.abs(low - minRate), Math.abs(high - minRate)) < 1e-9) return;
        expect(check.verdict).toBe(low > minRate ? 'PASS' : high < minRate ? 'FAIL' : 'INCONCLUSIVE');
      }),
    );
  });

  test('is neither shown nor refuted wrongly in more than alpha of all experiments', () => {
    for (const [n, rate, alpha] of [
      [30, 0.8, 0.05],
      [60, 0.95, 0.05],
      [100, 0.5, 0.01],
    ] as const) {
      const wrong = { PASS: 0, FAIL: 0, INCONCLUSIVE: 0 };
      for (let successes = 0; successes <= n; successes += 1) {
        wrong[gate({ candidate: { n, successes }, minRate: rate, alpha }).verdict] += binomial(successes, n, rate);
      }
      expect(wrong.PASS).toBeLessThanOrEqual(alpha);
      expect(wrong.FAIL).toBeLessThanOrEqual(alpha);
    }
  });

  test('more episodes in the same proportion decide it, and one fewer do not', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 99 }), (candidate, percent) => {
        const { verdict, more } = gate({ candidate, minRate: percent / 100 });
        if (verdict !== 'INCONCLUSIVE' || more === null) return;
        const rate = candidate.successes / candidate.n;
        // Ten times as many leave rounding behind.
        const n = (candidate.n + more) * 10;
        const later = gate({ candidate: { n, successes: Math.round(n * rate) }, minRate: percent / 100 });
        expect(later.verdict).toBe(rate > percent / 100 ? 'PASS' : 'FAIL');
        expect(more).toBeGreaterThan(0);
      }),
    );
  });
});

describe('a largest regression', () => {
  const paired = (n: number, gained: number, lost: number, margin: number): GateQuestion => ({
    candidate: { n, successes: Math.max(0, n - lost) },
    maxRegression: { margin, reference: { pairs: { n, gained, lost } } },
  });

  test('of 5 % is ruled out by 52 pairs that are all alike', () => {
    // z² / (n + z²) < 0.05 with z = 1.645 from n = 51.4 on.
    expect(gate(paired(52, 0, 0, 0.05)).verdict).toBe('PASS');
    expect(gate(paired(51, 0, 0, 0.05))).toMatchObject({ verdict: 'INCONCLUSIVE', more: 1 });
    expect(gate(paired(10, 0, 0, 0.05))).toMatchObject({ verdict: 'INCONCLUSIVE', more: 42 });
  });

  test('fails where far more was lost', () => {
    const { verdict, checks } = gate(paired(100, 2, 30, 0.05));
    expect(verdict).toBe('FAIL');
    expect(checks).toMatchObject([
      { claim: 'max-regression', threshold: -0.05, figure: { estimate: -0.28, method: 'tango' } },
    ]);
  });

  test('of nothing is passed by an improvement alone', () => {
    expect(gate(paired(100, 20, 1, 0)).verdict).toBe('PASS');
    expect(gate(paired(100, 0, 0, 0))).toMatchObject({ verdict: 'INCONCLUSIVE', more: null });
    expect(Object.is(gate(paired(100, 0, 0, 0)).checks[0]?.threshold, 0)).toBe(true);
  });

  test('is judged over independent episodes where no seed is shared', () => {
    const question = (successes: number): GateQuestion => ({
      candidate: { n: 200, successes },
      maxRegression: { margin: 0.1, reference: { baseline: { n: 200, successes: 180 } } },
    });
    expect(gate(question(180)).verdict).toBe('PASS');
    expect(gate(question(120)).verdict).toBe('FAIL');
    expect(gate(question(165))).toMatchObject({ verdict: 'INCONCLUSIVE' });
    expect(gate(question(180)).checks[0]?.figure.method).toBe('newcombe');
  });

  test('that a small baseline cannot tell is decided by no number of further episodes', () => {
    const question = (n: number, of: number): GateQuestion => ({
      candidate: { n: 50, successes: 40 },
      maxRegression: { margin: 0.05, reference: { baseline: { n, successes: of } } },
    });
    expect(gate(question(3, 2))).toMatchObject({ verdict: 'INCONCLUSIVE', more: null });
    expect(gate(question(300, 200)).verdict).toBe('PASS');
  });

  test('at the margin itself is taken for less in about alpha of 4,000 simulated experiments', () => {
    const random = chance(5);
    const [n, margin] = [150, 0.1];
    const passed = shareOf(4000, () => {
      let [gained, lost] = [0, 0];
      for (let i = 0; i < n; i += 1) {
        const thrown = random();
        if (thrown < 0.05) gained += 1;
        else if (thrown < 0.05 + 0.15) lost += 1;
      }
      return gate(paired(n, gained, lost, margin)).verdict === 'PASS';
    });
    expect(passed).toBeGreaterThan(0.03);
    expect(passed).toBeLessThan(0.065);
  });
});

describe('several claims', () => {
  const both = (minRate: number, margin: number): GateQuestion => ({
    candidate: { n: 60, successes: 60 },
    minRate,
    maxRegression: { margin, reference: { pairs: { n: 60, gained: 0, lost: 0 } } },
  });

  test('must all pass; the one that misses most says how much', () => {
    expect(gate(both(0.9, 0.1)).verdict).toBe('PASS');
    const { verdict, checks, more } = gate(both(0.96, 0.01));
    expect(verdict).toBe('INCONCLUSIVE');
    expect(more).toBe(Math.max(...checks.map((check) => check.more ?? 0)));
    expect(gate(both(0.96, 0)).more).toBeNull();
  });

  test('and fail together when one fails', () => {
    const failing = { ...both(0.9, 0.1), candidate: { n: 60, successes: 30 } };
    expect(gate(failing).verdict).toBe('FAIL');
  });

  test.each<[GateQuestion, string]>([
    [{ candidate: { n: 1, successes: 1 } }, 'NOTHING_TO_ESTIMATE'],
    [{ candidate: { n: 0, successes: 0 }, minRate: 0.5 }, 'NOTHING_TO_ESTIMATE'],
    [{ candidate: { n: 1, successes: 1 }, minRate: 0 }, 'PROBABILITY_INVALID'],
    [{ candidate: { n: 1, successes: 1 }, minRate: 1.5 }, 'PROBABILITY_INVALID'],
    [{ candidate: { n: 1, successes: 1 }, minRate: 0.5, alpha: 0.5 }, 'PROBABILITY_INVALID'],
    [both(0.9, -0.1), 'PROBABILITY_INVALID'],
    [both(0.9, 1), 'PROBABILITY_INVALID'],
  ])('%j is refused', (question, code) => {
    expect(() => gate(question)).toThrow(expect.objectContaining({ code }));
  });
});
