import type { Json, JsonObject } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import { createActionSurface } from './validate-action.js';

const argsOf = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });
const surface = (args: JsonObject) => createActionSurface({ go: { args } }, 'demo@1');
const parsed = (text: string) => JSON.parse(text) as JsonObject;
const check = (schema: JsonObject, args: Json) => surface(schema).check({ type: 'go', args });

describe('the arguments of an action', () => {
  test('are those that are written down, not what every object inherits', () => {
    const optional = argsOf({ toString: { type: 'string' }, constructor: { type: 'string' }, n: { type: 'integer' } });
    expect(check(optional, {})).toHaveProperty('action');
    expect(check(optional, { n: 1 })).toHaveProperty('action');
    expect(check(optional, { toString: 1 })).toMatchObject({
      invalid: { code: 'invalid_arg', pointer: '/args/toString' },
    });
    const inner = argsOf({ in: { type: 'object', required: ['valueOf'] } });
    expect(check(inner, { in: {} })).toMatchObject({ invalid: { code: 'invalid_arg', pointer: '/args/in' } });
    expect(check(argsOf({}, { required: ['toString'] }), {})).toMatchObject({ invalid: { code: 'missing_arg' } });
  });

  test('named __proto__ are arguments like any other', () => {
    const schema = parsed(
      '{"type":"object","properties":{"__proto__":{"type":"integer"}},"additionalProperties":false}',
    );
    const value = parsed('{"type":"go","args":{"__proto__":3}}');
    expect(surface(schema).check(value)).toEqual({ action: value });
    expect(surface(schema).check(parsed('{"type":"go","args":{"__proto__":"x"}}'))).toMatchObject({
      invalid: { code: 'invalid_arg', pointer: '/args/__proto__' },
    });
    expect(surface(argsOf({}, { additionalProperties: false })).check(value)).toMatchObject({
      invalid: { code: 'unknown_arg', pointer: '/args/__proto__' },
    });
  });

  test.each([
    ['with a slash and a tilde', 'a/b~c', '/args/a~1b~0c'],
    ['beyond ASCII', 'é 😀%25', '/args/é 😀%25'],
  ])('are pointed at as RFC 6901 says when their name is one %s', (_what, name, pointer) => {
    expect(check(argsOf({ [name]: { type: 'integer' } }), { [name]: 'x' })).toMatchObject({
      invalid: { code: 'invalid_arg', pointer },
    });
    expect(check(argsOf({}, { additionalProperties: false }), { [name]: 1 })).toMatchObject({
      invalid: { code: 'unknown_arg', pointer },
    });
    expect(check(argsOf({}, { required: [name] }), {})).toMatchObject({ invalid: { code: 'missing_arg', pointer } });
  });

  test('that are long are told of in short', () => {
    const name = '~'.repeat(1_000_000);
    for (const schema of [
      argsOf({}, { additionalProperties: false }),
      argsOf({}, { propertyNames: { maxLength: 3 } }),
    ]) {
      const { invalid } = check(schema, { [name]: 1 }) as { invalid: { message: string; pointer: string } };
      expect(invalid.message.length).toBeLessThanOrEqual(2_000);
      expect(invalid.pointer.length).toBeLessThanOrEqual(2_000);
      expect(invalid.pointer).toMatch(/^\/args(\/(~0)*)?$/);
    }
  });
});

test.each<[string, JsonObject]>([
  ['a reference that leads nowhere', { $ref: '#/nowhere' }],
  ['a reference to another place', { $ref: 'https://example.com/schema.json' }],
  ['a reference that leads back to itself', { $ref: '#' }],
  ['a pattern that is none', { properties: { s: { pattern: '(' } } }],
  ['an enum that is no list', { properties: { s: { enum: 7 } } }],
  ['an id that is no address', { $id: 'http://[' }],
])('an action whose schema has %s is refused in the same words everywhere', (_what, schema) => {
  expect(check(schema, { s: 'x' })).toEqual({
    invalid: {
      code: 'invalid_arg',
      pointer: '/args',
      message: '/args of go: cannot be checked, since the schema in the task is broken',
    },
  });
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('an action named %s is unknown', (type) => {
  expect(surface(argsOf({})).check({ type, args: {} })).toMatchObject({ invalid: { code: 'unknown_action' } });
});
