import { expect, test } from 'vitest';
import { withoutFolder } from './without-folder.js';

test.each([
  ['in /tmp/a.js:3', 'in a.js:3'],
  ['"/tmp/a.js" and file:///tmp/b/c.js', '"a.js" and b/c.js'],
  ['cwd is /tmp', 'cwd is .'],
  ['/tmp: full', '.: full'],
  ['/var/tmp/a and /tmpfs/b and ./tmp/c', '/var/tmp/a and /tmpfs/b and ./tmp/c'],
  ['at /tmp/shown/agent.py, /tmp/own.txt', 'at /tmp/shown/agent.py, own.txt'],
  ['nothing', 'nothing'],
])('%s is told as %s', (text, told) => {
  expect(withoutFolder(text, '/tmp', ['/tmp/shown'])).toBe(told);
});

test('a name with signs that mean something in a pattern is a name', () => {
  expect(withoutFolder('in /a+b(c)/x and /aab(c)/x', '/a+b(c)')).toBe('in x and /aab(c)/x');
});
