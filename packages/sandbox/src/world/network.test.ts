import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isHostAllowed, parseHost } from './network.js';

/** Text made of what addresses are made of, and of what has fooled those who read them. */
const PIECES = [
  'example',
  'com',
  '.',
  '.',
  '..',
  ':80',
  ':443',
  ':',
  '@',
  '/',
  '\\',
  '?',
  '#',
  '%2e',
  '[',
  ']',
  '::',
  '::1',
  '0x7f',
  '127',
];
const MORE = [
  '1',
  '017700000001',
  '4294967296',
  'ffff',
  '-',
  'xn--',
  '\u3002',
  '\uff0e',
  'K',
  'ß',
  '\u00ad',
  ' ',
  '\t',
  '\n',
  '\0',
  '_',
  '*',
  'user',
  'https://',
];
const oddAddress = fc.array(fc.constantFrom(...PIECES, ...MORE), { maxLength: 6 }).map((parts) => parts.join(''));

describe('parseHost', () => {
  test.each([
    ['example.com', 'example.com'],
    ['EXAMPLE.Com', 'example.com'],
    ['example.com.', 'example.com'],
    ['localhost', 'localhost'],
    ['https://example.com', 'example.com'],
    ['HTTPS://Example.com/Path?q=1#x', 'example.com'],
    ['http://example.com?next=https://evil.test', 'example.com'],
    ['http://example.com#@evil.test', 'example.com'],
    ['http://example.com:80/x', 'example.com'],
    ['https://example.com:443', 'example.com'],
    ['example.com:80', 'example.com'],
    ['example.com:443/x', 'example.com'],
    ['10.0.0.1', '10.0.0.1'],
    ['http://10.0.0.1/x', '10.0.0.1'],
    ['10.0.0.1:443', '10.0.0.1'],
    ['::1', '::1'],
    ['FE80::1', 'fe80::1'],
    ['[::1]', '::1'],
    ['https://[2001:DB8::1]:443/x', '2001:db8::1'],
    ['[0:0:0:0:0:0:0:1]', '::1'],
    ['2001:db8:0:0::0001', '2001:db8::1'],
    ['[::ffff:127.0.0.1]', '::ffff:7f00:1'],
    ['::127.0.0.1', '::7f00:1'],
    ['10.0.0.1.', '10.0.0.1'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['example.com:00443', 'example.com'],
    ['0x7f.example', '0x7f.example'],
    ['1.example', '1.example'],
  ])('[REQ-SBX-04] reads %j as %j', (text, host) => {
    expect(parseHost(text)).toBe(host);
  });

  test.each([
    ['no text', ''],
    ['another scheme', 'ftp://example.com'],
    ['a scheme of code', 'javascript:alert(1)'],
    ['a file', 'file:///etc/passwd'],
    ['a scheme alone', 'https://'],
    ['no scheme before //', '//example.com'],
    ['a user', 'user@example.com'],
    ['a user and password', 'https://user:pw@example.com'],
    ['a user that looks like a host and port', 'https://example.com:443@evil.test'],
    ['another port', 'example.com:8080'],
    ['port 0', 'example.com:0'],
    ['the port of the other scheme', 'https://example.com:80'],
    ['the port of the other scheme', 'http://example.com:443'],
    ['a port without digits', 'example.com:'],
    ['a port with letters', 'example.com:80a'],
    ['an IPv6 port', '[::1]:8080'],
    ['an open bracket', '[::1'],
    ['a bracketed name', '[dead]'],
    ['a bracketed IPv4', '[10.0.0.1]'],
    ['a zone', 'fe80::1%eth0'],
    ['a space', 'exa mple.com'],
    ['a space before', ' example.com'],
    ['a newline after', 'example.com\n'],
    ['a NUL', 'example.com\0.evil.test'],
    ['a backslash', 'example.com\\.evil.test'],
    ['an empty label', 'example..com'],
    ['a leading dot', '.example.com'],
    ['two trailing dots', 'example.com..'],
    ['a wildcard', '*.example.com'],
    ['letters beyond ASCII', 'exämple.com'],
    ['a letter that only folds to ASCII', 'example.com\u212a'],
    ['a full-width dot', 'example\uff0ecom'],
    ['percent signs', 'example%2ecom'],
    ['an IPv4 address in hexadecimal', '0x7f.1'],
    ['one in hexadecimal, whole', '0x7f000001'],
    ['one in octal', '017700000001'],
    ['one in octal parts', '0177.0.0.1'],
    ['one as a number', '2130706433'],
    ['one with too few parts', '127.1'],
    ['one with too many parts', '127.0.0.0.1'],
    ['one with zeros before', '127.0.0.01'],
    ['one out of range', '256.0.0.1'],
    ['one that ends as 0x', '127.0.0.0x'],
    ['a name that ends in a number', 'example.1'],
    ['one with a scheme and a final dot', 'http://0x7f.1./'],
    ['an IPv6 address without brackets and with a port', 'http://::1:80'],
    ['one with text around', 'x[::1]'],
    ['one with two brackets', '[[::1]]'],
    ['one with a zone in brackets', '[fe80::1%25eth0]'],
    ['backslashes for slashes', 'http:\\\\example.com'],
    ['one slash', 'http:/example.com'],
    ['three slashes', 'http:///example.com'],
    ['a tab inside', 'exam\tple.com'],
    ['a soft hyphen', 'exam\u00adple.com'],
    ['a label that ends in a hyphen', 'example-.com'],
    ['a label that begins with one', 'a.-example.com'],
    ['a label of 64 characters', `${'a'.repeat(64)}.com`],
    ['a name of 254 characters', `${'a.'.repeat(126)}aa`],
    ['a port beyond all ports', 'example.com:65536'],
  ])('[REQ-SBX-04] refuses %s: %j', (_what, text) => {
    expect(parseHost(text)).toBeNull();
  });

  test('[REQ-SBX-04] reads a host again as itself, and as the URL standard reads it', () => {
    const text = fc.oneof(
      fc.webUrl({ validSchemes: ['http', 'https', 'ftp'], withQueryParameters: true }),
      fc.domain(),
      fc.ipV4(),
      fc.ipV6(),
      fc.ipV6().map((ip) => `http://[${ip}]/`),
      fc.string(),
      oddAddress,
      oddAddress.map((address) => `http://${address}`),
    );
    fc.assert(
      fc.property(text, (given) => {
        const host = parseHost(given);
        if (host === null) return;
        expect(parseHost(host)).toBe(host);
        // A scheme stands at the beginning; what looks like one further on belongs to the path or the query.
        const url = /^https?:\/\//i.test(given) ? given : `http://${host.includes(':') ? `[${host}]` : host}`;
        // The standard looks into a name that says it is Punycode; here it stays a name like any other.
        if (host.includes('xn--') && !URL.canParse(url)) return;
        const { hostname, username, password, port } = new URL(url);
        expect([username, password, port]).toEqual(['', '', '']);
        expect(hostname.replace(/^\[|\]$|\.$/g, '')).toBe(host);
      }),
      { numRuns: 5_000, examples: [['example?https://'], ['example/http://other']] },
    );
  });
});

describe('isHostAllowed', () => {
  test.each([
    ['example.com', ['example.com'], true],
    ['example.com', ['EXAMPLE.com'], true],
    ['api.example.com', ['example.com'], false],
    ['api.example.com', ['*.example.com'], true],
    ['a.b.example.com', ['*.example.com'], true],
    ['api.example.com', ['*.EXAMPLE.com'], true],
    ['example.com', ['*.example.com'], false],
    ['notexample.com', ['*.example.com'], false],
    ['example.com.evil.test', ['*.example.com', 'example.com'], false],
    ['evil.test', ['*'], false],
    ['10.0.0.1', ['10.0.0.1'], true],
    ['10.0.0.1', ['*.0.0.1'], false],
    ['::1', ['::1'], true],
    ['::2', ['::1'], false],
    ['::1', ['0:0:0:0:0:0:0:1'], true],
    ['2001:db8::1', ['2001:DB8::1'], true],
    ['::ffff:7f00:1', ['::ffff:127.0.0.1'], true],
    ['::ffff:7f00:1', ['127.0.0.1'], false],
    ['127.0.0.1', ['::ffff:127.0.0.1'], false],
    ['example.com', ['*.com'], true],
    ['evil-example.com', ['*.example.com', 'example.com'], false],
    ['xn--bcher-kva.example', ['*.example'], true],
    ['b.test', ['a.test', 'b.test'], true],
    ['a.test', [], false],
  ] as const)('[REQ-SBX-04] %j with %j: %s', (host, allowed, expected) => {
    expect(isHostAllowed(host, allowed)).toBe(expected);
  });

  test('[REQ-SBX-04] is asked for what is listed, or ends as a listed domain does, and for nothing else', () => {
    const name = fc.constantFrom(
      'example.com',
      'a.example.com',
      'evil-example.com',
      'com',
      '127.0.0.1',
      '::1',
      'a.b.example.com',
    );
    const entry = fc.oneof(name, fc.constantFrom('*.example.com', '*.com', '*.a.example.com'));
    fc.assert(
      fc.property(name, fc.array(entry, { maxLength: 3 }), (host, allowed) => {
        const labels = host.split('.');
        const above = labels.slice(1).map((_, i) => `*.${labels.slice(i + 1).join('.')}`);
        const listed = /^[\d.]+$/.test(host) ? [host] : [host, ...above];
        expect(isHostAllowed(host, allowed)).toBe(allowed.some((given) => listed.includes(given)));
      }),
    );
  });
});
