import { describe, expect, test } from 'vitest';
import { readMessage } from './message.js';

const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

describe('an id', () => {
  test.each([
    ['a number that overflows', '1e999'],
    ['an object', '{}'],
    ['true', 'true'],
    ['a list too deep to be written again', deep],
  ])('that is %s makes noise of a request and of an answer', (_what, id) => {
    expect(readMessage(`{"jsonrpc":"2.0","id":${id},"method":"call"}`)).toEqual({ kind: 'noise' });
    expect(readMessage(`{"jsonrpc":"2.0","id":${id},"result":1}`)).toEqual({ kind: 'noise' });
  });

  test('may be any text or number', () => {
    for (const id of ['"__proto__"', '""', '0', '1.5', '"\\ud800"']) {
      expect(readMessage(`{"jsonrpc":"2.0","id":${id},"result":1}`)).toMatchObject({ id: JSON.parse(id) });
    }
  });
});

test('a deep value is read as it is, for others to refuse', () => {
  expect(readMessage(`{"jsonrpc":"2.0","id":1,"result":${deep}}`).kind).toBe('result');
  expect(readMessage(`{"jsonrpc":"2.0","id":1,"error":${deep}}`)).toMatchObject({ error: { code: -32000, data: {} } });
});
