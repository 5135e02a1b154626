import type { Json } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import { readDescription } from './read-description.js';

const action = { description: 'Goes.', args: { type: 'object' } };

describe('readDescription', () => {
  test('gives the actions, whatever they are called', () => {
    const actions = JSON.parse(`{"go":${JSON.stringify(action)},"__proto__":${JSON.stringify(action)}}`);
    expect(readDescription({ actions })).toEqual({ actions });
  });

  test.each<[Json, RegExp]>([
    [null, /an object with actions/],
    [{}, /an object with actions/],
    [{ actions: [action] }, /an object with actions/],
    [{ actions: { go: null } }, /action go/],
    [{ actions: { go: { description: 'x' } } }, /action go/],
    [{ actions: { go: { description: 7, args: {} } } }, /action go/],
    [{ actions: { go: { description: 'x', args: true } } }, /action go/],
    [{ actions: { go: { description: 'x', args: { $ref: '#/no' } } } }, /schema of the args of action go/],
    [{ actions: { go: { description: 'x', args: { $ref: '#' } } } }, /schema of the args of action go/],
    [{ actions: { go: { description: 'x', args: { patternProperties: { '(': {} } } } } }, /schema of the args/],
  ])('refuses %j', (value, reason) => {
    expect(readDescription(value)).toEqual({ fault: expect.stringMatching(reason) });
  });
});
