import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddress } from './address.js';
import { describe as describeError } from './connect.js';

describe('the address of a queue', () => {
  test.each([
    ['redis://localhost', { host: 'localhost', port: 6379, db: 0, tls: false, shown: 'redis://localhost' }],
    ['redis://q:7000/3', { host: 'q', port: 7000, db: 3, shown: 'redis://q:7000/3' }],
    ['rediss://u:p%40ss@q', { username: 'u', password: 'p@ss', tls: true, shown: 'rediss://u:***@q' }],
    ['redis://:secret@[::1]:1', { host: '::1', port: 1, password: 'secret', shown: 'redis://:***@[::1]:1' }],
  ])('%s', (url, fields) => {
    expect(parseAddress({ url })).toMatchObject(fields);
  });

  test('user and password given apart win over those of the URL', () => {
    const address = parseAddress({ url: 'redis://u:old@q', username: 'v', password: 'new' });
    expect(address).toMatchObject({ username: 'v', password: 'new', shown: 'redis://v:***@q' });
    expect(address.redact('new and old')).toBe('*** and ***');
  });

  test.each([
    ['localhost:6379', 'it begins with localhost://'],
    ['nothing', 'it is no URL'],
    ['http://q', 'it begins with http://'],
    ['redis://', 'it is no URL'],
    ['redis://q/a', 'what follows the host is not the number of a database'],
    ['redis://q?tls=1', 'it has parameters after a ?'],
    ['redis://u:se%zzcret@q', 'a % in its user or password does not begin an escape; write it as %25'],
  ])('%s is refused', (url, why) => {
    const form = "the queue's address must be redis://HOST[:PORT][/DB], or rediss:// for TLS";
    expect(() => parseAddress({ url })).toThrow(expect.objectContaining({ code: 'QUEUE_URL_INVALID' }));
    expect(() => parseAddress({ url })).toThrow(expect.objectContaining({ message: expect.stringContaining(form) }));
    if (url !== 'redis://') expect(() => parseAddress({ url })).toThrow(why);
  });

  test('no password gets out, however an error says it', () => {
    // Long enough that no message holds it by chance.
    const passwords = fc.string({ unit: 'grapheme' }).map((text) => `Zq9 ${text.toWellFormed()}`);
    fc.assert(
      fc.property(
        passwords,
        fc.constantFrom('WRONGPASS', 'connect ECONNREFUSED', 'OOM', 'self-signed', '?'),
        (password, kind) => {
          const address = parseAddress({ url: `redis://u:${encodeURIComponent(password)}@host` });
          expect(address.password).toBe(password);
          const error = Object.assign(new Error(`${kind} AUTH u ${password}, ${encodeURIComponent(password)}`), {
            command: { name: 'auth', args: ['u', password] },
          });
          const described = describeError(address, error);
          const everything = [described.message, address.shown, JSON.stringify(described), described.stack].join();
          expect(everything).not.toContain(password);
          expect(described.cause).toBeUndefined();
        },
      ),
    );
  });
});
