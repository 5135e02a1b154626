import type { Json } from '@tracecore/spec';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { findJsonFault, findParamsFault, MAX_JSON_DEPTH } from '../json-guard.js';
import { LineReader } from '../process/line-reader.js';
import { readMessage } from '../process/message.js';
import { fuzzSeed, inheritedNames, oddPart, sameJson } from '../testing/fuzz.js';
import { wildLine } from '../testing/wild-lines.js';

const LINES = 50_000;
const STREAMS = 1_000;

// Thousands of messages take a while on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000 });

const seed = fuzzSeed();
const inherited = inheritedNames();
let messages = 0;

afterAll(() => {
  console.log(`fuzz: ${messages.toLocaleString('en')} messages read as lines, seed ${seed}`);
  expect(inheritedNames()).toEqual(inherited);
});

/** What `JSON.parse` makes of a text, undefined when it refuses. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** What is wrong with how a line was read; null for nothing. */
function faultOf(line: string): string | null {
  const message = readMessage(line);
  if (message.kind === 'noise') return null;
  const given = parsed(line) as Record<string, Json> | undefined;
  if (given?.jsonrpc !== '2.0') return `${message.kind} out of what is no message`;
  const odd = oddPart(message);
  if (odd) return `${message.kind} with ${odd}`;
  switch (message.kind) {
    case 'log':
      return typeof message.line === 'string' ? null : 'a log of no text';
    case 'request':
      if (typeof message.id === 'number' && !Number.isFinite(message.id)) return 'a request that cannot be answered';
      return sameJson(message.params, given.params ?? {}) ? null : 'a request with other params';
    case 'result':
      if (!sameJson(message.result, given.result)) return 'another result';
      return isScalar(message.id) ? null : 'an id that is no id';
    case 'error': {
      const { code, message: text, data } = message.error;
      if (typeof code !== 'number' || typeof text !== 'string') return 'an error without its code or message';
      if (typeof data !== 'object' || data === null || Array.isArray(data)) return 'an error whose data is no object';
      return isScalar(message.id) ? null : 'an id that is no id';
    }
    default:
      return message satisfies never;
  }
}

const isScalar = (id: Json) => id === null || typeof id === 'string' || typeof id === 'number';

describe('a line of a program', () => {
  test('is one of the closed list, and holds what JSON.parse gives', () => {
    const check = (line: string) => {
      messages += 1;
      expect(faultOf(line)).toBeNull();
    };
    fc.assert(fc.property(wildLine, check), { seed, numRuns: LINES });
  });

  test('whose value passes the guard keeps it through any number of copies', () => {
    const check = (line: string) => {
      messages += 1;
      const value = parsed(line);
      if (value === undefined || findJsonFault(value) !== null) return;
      const text = JSON.stringify(value);
      expect(text.isWellFormed()).toBe(true);
      expect(JSON.stringify(JSON.parse(text))).toBe(text);
      expect(depthOf(value)).toBeLessThanOrEqual(MAX_JSON_DEPTH);
    };
    fc.assert(fc.property(wildLine, check), { seed, numRuns: 8_000 });
  });

  test('gives params that are an object the guard takes, or a code', () => {
    const check = (line: string) => {
      messages += 1;
      const message = readMessage(line);
      if (message.kind !== 'request') return;
      const fault = findParamsFault(message.params);
      if (fault === null) expect(findJsonFault(message.params)).toBeNull();
      else expect(fault).toMatch(/^invalid_params: /);
    };
    fc.assert(fc.property(wildLine, check), { seed, numRuns: 8_000 });
  });
});

describe('a stream of lines', () => {
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });
  const ends = fc.constantFrom('\n', '\r\n', '\n\n', '\n\ufeff');

  test('is read alike however its bytes are cut, inside a character too', () => {
    const check = (lines: string[], end: string, where: number[]) => {
      messages += lines.length;
      const bytes = Buffer.from(lines.map((line) => line + end).join(''));
      const at = [...where.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b), bytes.length];
      const [whole, cut] = [new LineReader(1_000_000), new LineReader(1_000_000)];
      const pieces = at.map((to, i) => bytes.subarray(at[i - 1] ?? 0, to));
      const read = pieces.flatMap((piece) => cut.push(piece));
      expect(read).toEqual(whole.push(bytes));
      expect(read).toEqual(bytes.toString('utf8').split('\n').slice(0, -1));
    };
    fc.assert(fc.property(fc.array(wildLine, { maxLength: 12 }), ends, cuts, check), { seed, numRuns: STREAMS });
  });
});

function depthOf(root: Json): number {
  let [level, depth]: [Json[], number] = [[root], -1];
  while (level.length > 0) {
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
    depth += 1;
  }
  return depth;
}
