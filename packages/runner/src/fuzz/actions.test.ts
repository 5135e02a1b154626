import { findJsonFault } from '@tracecore/sandbox';
import type { Json, JsonObject } from '@tracecore/spec';
import * as fc from 'fast-check';
import { afterAll, expect, test, vi } from 'vitest';
import { createActionSurface } from '../episode/validate-action.js';
import { fuzzSeed, inheritedNames, wildText } from '../testing/wild.js';

const ACTIONS = 20_000;
const CODES = [
  'action_must_be_object',
  'invalid_action_type',
  'unknown_action',
  'args_must_be_object',
  'missing_arg',
  'unknown_arg',
  'invalid_arg',
];
const POINTER = /^(\/([^~/]|~[01])*)*$/;

// Thousands of messages take a while on a machine that does other things too.
vi.setConfig({ testTimeout: 120_000 });

const seed = fuzzSeed();
const inherited = inheritedNames();
let messages = 0;
afterAll(() => {
  console.log(`fuzz: ${messages.toLocaleString('en')} actions checked, seed ${seed}`);
  expect(inheritedNames()).toEqual(inherited);
});

const integer = { type: 'integer', minimum: 0 };
const closed = {
  type: 'object',
  required: ['n'],
  properties: { n: integer, toString: { type: 'string' } },
  additionalProperties: false,
};
const ACTION_ARGS: Record<string, JsonObject> = {
  go: closed,
  any: { type: 'object' },
  nested: { type: 'object', properties: { in: closed, list: { type: 'array', items: closed, uniqueItems: true } } },
  choice: {
    type: 'object',
    properties: { c: { anyOf: [{ enum: [1, 'x', null, { a: 1 }] }, { type: 'string', pattern: '^a' }] } },
  },
  named: {
    type: 'object',
    propertyNames: { maxLength: 3 },
    patternProperties: { '^_': { type: 'null' } },
    maxProperties: 2,
  },
};
const surface = createActionSurface(
  Object.fromEntries(Object.entries(ACTION_ARGS).map(([name, args]) => [name, { args }])),
  'wild@1',
);

const textOf = (members: [string, string][]) =>
  `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
const inner = fc.constantFrom(
  '1',
  '-0',
  '-1',
  '1.5',
  '"abc"',
  '{"n":1}',
  '{}',
  '[{"n":1}]',
  '[{"n":1},{"n":1}]',
  '{"n":1,"toString":"x"}',
  '1e2',
);
const argName = fc.constantFrom('n', 'in', 'list', 'c', '_x', 'toString', '__proto__', 'constructor', 'long name/~');
const args = fc
  .array(fc.tuple(argName, fc.oneof({ weight: 3, arbitrary: inner }, wildText)), { maxLength: 3 })
  .map(textOf);
const type = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(...Object.keys(ACTION_ARGS)).map((name) => JSON.stringify(name)) },
  wildText,
);
const action = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(type, fc.oneof({ weight: 8, arbitrary: args }, wildText)).map(([name, given]) =>
      textOf([
        ['type', name],
        ['args', given],
      ]),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(type, args, argName, wildText).map(([name, given, extra, value]) =>
      textOf([
        ['args', given],
        [extra, value],
        ['type', name],
      ]),
    ),
  },
  { weight: 1, arbitrary: wildText },
);

test('an action is taken as it is, or refused with one of the codes and a short word why', () => {
  let taken = 0;
  const check = (text: string) => {
    messages += 1;
    const value = JSON.parse(text) as Json;
    // The guard comes first wherever an action comes from.
    if (findJsonFault(value) !== null) return;
    const before = JSON.stringify(value);
    const checked = surface.check(value);
    expect(JSON.stringify(value)).toBe(before);
    if ('action' in checked) {
      taken += 1;
      expect(checked.action).toBe(value);
      expect(Object.hasOwn(ACTION_ARGS, checked.action.type)).toBe(true);
      expectGood(checked.action.type, checked.action.args);
      return;
    }
    const { code, message, pointer } = checked.invalid;
    expect(CODES).toContain(code);
    expect(pointer).toMatch(POINTER);
    expect([message.isWellFormed(), message.length <= 2_000, pointer.length <= 2_000]).toEqual([true, true, true]);
  };
  fc.assert(fc.property(action, check), { seed, numRuns: ACTIONS });
  expect(taken).toBeGreaterThan(ACTIONS / 10);
  expect(taken).toBeLessThan(ACTIONS);
});

/** What the schemas say, said again by hand for those of which it is a line. */
function expectGood(name: string, given: JsonObject): void {
  if (name === 'go') expect(isClosed(given)).toBe(true);
  if (name === 'nested' && Object.hasOwn(given, 'in')) expect(isClosed(given.in)).toBe(true);
  if (name === 'nested' && Array.isArray(given.list)) expect(given.list.every(isClosed)).toBe(true);
  if (name === 'named')
    expect(Object.keys(given).length <= 2 && Object.keys(given).every((key) => key.length <= 3)).toBe(true);
}

function isClosed(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { n } = value;
  const known = Object.keys(value).every(
    (key) => key === 'n' || (key === 'toString' && typeof value[key] === 'string'),
  );
  return known && Object.hasOwn(value, 'n') && typeof n === 'number' && n % 1 === 0 && n >= 0;
}
