import { posix } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUnderRoots, normalizePath } from './paths.js';

/** Text made of what paths are made of, and of what they must not be made of. */
const pathLike = fc
  .array(
    fc.constantFrom('/', '//', '.', '..', 'app', 'é', '猫', ' ', '\0', '\\', '%2e', '\ud83d', '😀', 'a.b', '~', ''),
  )
  .map((parts) => parts.join(''));
const anyPath = fc.oneof(
  pathLike,
  pathLike.map((path) => `/${path}`),
  fc.string({ unit: 'binary' }),
);

describe('normalizePath', () => {
  test.each([
    ['/', '/'],
    ['//', '/'],
    ['/.', '/'],
    ['/app', '/app'],
    ['/app/', '/app'],
    ['//app//x.txt', '/app/x.txt'],
    ['/./app/./x.txt/.', '/app/x.txt'],
    ['/app/...', '/app/...'],
    ['/app/..x', '/app/..x'],
    ['/app/%2e%2e/x', '/app/%2e%2e/x'],
    ['/app/ x ', '/app/ x '],
    ['/猫/é.txt', '/猫/é.txt'],
    ['/e\u0301', '/e\u0301'],
  ])('[REQ-SBX-01] spells %j as %j', (path, spelled) => {
    expect(normalizePath(path)).toBe(spelled);
  });

  test.each([
    ['no leading slash', 'app/x'],
    ['no text', ''],
    ['a drive', 'C:/app'],
    ['a home', '~/x'],
    ['.. at the end', '/app/..'],
    ['.. that stays inside', '/app/sub/../x'],
    ['.. that leads out', '/app/../etc/passwd'],
    ['.. after empty segments', '/app//..//x'],
    ['only ..', '/..'],
    ['a backslash', '/app\\x'],
    ['.. with a backslash', '/app/..\\x'],
    ['a NUL', '/app/x\0.txt'],
    ['a lone surrogate', '/app/\ud83d'],
  ])('[REQ-SBX-02] refuses %s', (_what, path) => {
    expect(normalizePath(path)).toBeNull();
  });

  test('[REQ-SBX-01] [REQ-SBX-02] is idempotent and leaves nothing to normalise', () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        const spelled = normalizePath(path);
        if (spelled === null) {
          const segments = path.split('/');
          expect(!path.startsWith('/') || segments.includes('..') || /[\\\0]/.test(path) || !path.isWellFormed()).toBe(
            true,
          );
          return;
        }
        expect(normalizePath(spelled)).toBe(spelled);
        expect(spelled).toMatch(/^\/(?:$|[^/])/);
        const segments = spelled === '/' ? [] : spelled.slice(1).split('/');
        for (const segment of segments) expect(['', '.', '..']).not.toContain(segment);
        expect(spelled).not.toMatch(/[\\\0]/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('isUnderRoots', () => {
  test.each([
    ['/app', ['/app'], true],
    ['/app/x', ['/app'], true],
    ['/application', ['/app'], false],
    ['/app.txt', ['/app'], false],
    ['/', ['/app'], false],
    ['/ap', ['/app'], false],
    ['/APP/x', ['/app'], false],
    ['/logs/a', ['/app', '/logs'], true],
    ['/anything', ['/'], true],
    ['/anything', [], false],
  ] as const)('[REQ-SBX-03] %j under %j: %s', (path, roots, expected) => {
    expect(isUnderRoots(path, roots)).toBe(expected);
  });

  test('[REQ-SBX-03] a path is accepted exactly when its leading segments are those of a root', () => {
    const segment = fc.constantFrom('a', 'ab', 'b', 'é');
    const absolute = fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
    fc.assert(
      fc.property(absolute, fc.array(absolute, { maxLength: 3 }), (path, roots) => {
        const parts = path.split('/').filter(Boolean);
        const expected = roots.some((root) =>
          root
            .split('/')
            .filter(Boolean)
            .every((part, i) => part === parts[i]),
        );
        expect(isUnderRoots(path, roots)).toBe(expected);
      }),
    );
  });

  test('[REQ-SBX-02] [REQ-SBX-03] an accepted path leads below a root for whoever else resolves it', () => {
    const roots = ['/app', '/app data', '/lo.gs/deep', '/caf\u00e9'];
    const start = fc.constantFrom(
      ...roots,
      '/',
      '',
      '/app/..',
      '/APP',
      '/app\u0000',
      '/cafe\u0301',
      '/app.',
      '/app ',
      '\\app',
    );
    fc.assert(
      fc.property(start, anyPath, (root, rest) => {
        const path = normalizePath(`${root}/${rest}`);
        if (path === null || !isUnderRoots(path, roots)) return;
        // A second reader resolves it, decodes it no further, and ends below the very same root.
        expect(posix.resolve('/elsewhere', path)).toBe(path);
        expect(roots.filter((allowed) => !/^\.\.(\/|$)/.test(posix.relative(allowed, path)))).toHaveLength(1);
        expect(path).toBe(posix.normalize(path));
        expect(path.isWellFormed() && !/[\\\0]/.test(path)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});
