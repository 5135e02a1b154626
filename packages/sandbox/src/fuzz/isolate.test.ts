import type { Json } from '@tracecore/spec';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CallOutcome, PreparedProgram, Session } from '../host.js';
import { encode } from '../isolate/guest/encode.js';
import { createIsolateHost } from '../isolate/host.js';
import { findJsonFault } from '../json-guard.js';
import { fuzzSeed, inheritedNames, oddPart, sameJson } from '../testing/fuzz.js';
import { bundleOf, LIMITS, open, run, scopeOf } from '../testing/hosts.js';
import { wildText } from '../testing/wild-json.js';
import { treacherous, wildReturn } from '../testing/wild-source.js';

const RETURNS = 24_000;
const CALLS = 6_000;
const SPOILT = 400;
const HONEST = '[Math.random(), Date.now(), Object.keys({ a: 1 }), JSON.stringify([1]), "a/b".replaceAll("/", "~")]';

/** Evaluates what it is asked to, hands back what it is given, and passes texts on to the referee as they are. */
const PROGRAM = `export const program = {
  run: ({ source }) => globalThis.eval('(' + source + ')'),
  echo: ({ value }) => value,
  ask: ({ text, method }, call) => { try { return call(method, JSON.parse(text)); } catch (error) { return { refused: error.message }; } },
};`;

// biome-ignore lint/security/noGlobalEval: the expressions are those of the generator.
const evaluate: (source: string) => unknown = globalThis.eval;
// Thousands of messages take a while on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000 });

const seed = fuzzSeed();
const inherited = inheritedNames();
let messages = 0;
let program: PreparedProgram;
let session: Session;
let asked: Json[] = [];

beforeAll(async () => {
  const host = await createIsolateHost();
  const services = (_method: string, params: Json) => {
    asked.push(params);
    return params;
  };
  program = await host.prepare(bundleOf(PROGRAM), { ...LIMITS, fuelPerCall: 100_000 });
  session = await open(program, scopeOf({ services }));
});
afterAll(() => {
  session.close();
  console.log(`fuzz: ${messages.toLocaleString('en')} messages out of an isolate, seed ${seed}`);
  expect(inheritedNames()).toEqual(inherited);
});

type Answer = { text: string } | { pointer: string } | 'throw';

/** What the referee should see of a program's answer: the JSON text of the value, where it is none, or that it threw. */
async function expected(source: string): Promise<Answer> {
  try {
    const settled = Promise.resolve(evaluate(`(${source})`)).then((value) => ({ value }));
    // Nothing here waits for anything but promises: what has not settled by the next turn of the loop never will.
    const answer = await Promise.race([settled, new Promise<null>((resolve) => setImmediate(resolve, null))]);
    if (answer === null) return 'throw';
    const encoded = encode(answer.value);
    return 'text' in encoded ? encoded : { pointer: encoded.fault.pointer };
  } catch {
    return 'throw';
  }
}

function expectAnswer(outcome: CallOutcome, wanted: Answer): void {
  if (wanted === 'throw') {
    expect(outcome).toMatchObject({ fault: { kind: 'throw', deterministic: true } });
  } else if ('pointer' in wanted) {
    expect(outcome).toMatchObject({
      fault: { kind: 'protocol', pointer: wanted.pointer.slice(0, 2_000).replace(/~$/, '') },
    });
  } else {
    const value = 'value' in outcome ? outcome.value : outcome;
    expect([oddPart(value), findJsonFault(value as Json)]).toEqual([null, null]);
    expect(sameJson(value, JSON.parse(wanted.text)) || value).toBe(true);
  }
}

describe('what a program returns', () => {
  test('reaches the referee as its JSON and nothing else, or as a fault that names the place', async () => {
    const check = async (source: string) => {
      messages += 1;
      expectAnswer(await run(session, { source }), await expected(source));
    };
    await fc.assert(fc.asyncProperty(wildReturn, check), { seed, numRuns: RETURNS });
    expect(await run(session, { source: '{ type: "wait", args: {} }' })).toEqual({ value: { type: 'wait', args: {} } });
  });

  test('that spoils its own ground spoils its own episode alone', async () => {
    const fresh = await open(program);
    const honest = await run(fresh, { source: HONEST });
    fresh.close();
    const check = async (source: string) => {
      messages += 1;
      const spoilt = await open(program);
      const outcome = await run(spoilt, { source });
      spoilt.close();
      if ('fault' in outcome) {
        expect(['throw', 'protocol', 'fuel', 'memory']).toContain(outcome.fault.kind);
        expect([oddPart(outcome.fault), JSON.stringify(outcome.fault).isWellFormed()]).toEqual([null, true]);
        expect(JSON.stringify(outcome.fault).length).toBeLessThan(10_000);
      } else {
        expect([oddPart(outcome.value), findJsonFault(outcome.value)]).toEqual([null, null]);
      }
      const after = await open(program);
      expect(await run(after, { source: HONEST })).toEqual(honest);
      after.close();
    };
    await fc.assert(fc.asyncProperty(treacherous, check), { seed, numRuns: SPOILT });
  });
});

describe('what goes in', () => {
  test('comes back as it went', async () => {
    const check = async (text: string) => {
      messages += 1;
      const value = JSON.parse(text) as Json;
      if (findJsonFault(value) !== null) return;
      const outcome = await session.call('echo', { value }, { deadline: null, virtualNow: 0 });
      expect(JSON.stringify('value' in outcome && outcome.value)).toBe(JSON.stringify(value));
    };
    await fc.assert(fc.asyncProperty(wildText, check), { seed, numRuns: CALLS / 2 });
  });

  test('by a call is an object the guard takes, or is refused', async () => {
    const check = async (text: string) => {
      messages += 1;
      asked = [];
      const outcome = await session.call('ask', { text, method: 'x' }, { deadline: null, virtualNow: 0 });
      const [params] = asked;
      if (params === undefined) {
        expect(outcome).toEqual({ value: { refused: expect.stringMatching(/^(invalid_params: |stack overflow$)/) } });
      } else {
        expect([oddPart(params), findJsonFault(params), Array.isArray(params)]).toEqual([null, null, false]);
        expect('value' in outcome && JSON.stringify(outcome.value)).toBe(JSON.stringify(params));
      }
    };
    await fc.assert(fc.asyncProperty(wildText, check), { seed, numRuns: CALLS / 2 });
  });
});
