import type { Json, JsonObject } from '@tracecore/spec';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { World } from './world.js';

const RULES = { filesystemRoots: ['/app', '/logs'], networkHosts: ['api.test', '*.data.test'] };

function worldWith(files: Record<string, string> = {}): World {
  const world = new World(RULES);
  for (const [path, content] of Object.entries(files)) world.serve('world.write_file', { path, content });
  world.beginStep();
  return world;
}

const refusal = (world: World, method: string, params: JsonObject): string => {
  try {
    world.serve(method, params);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was not refused');
};

describe('files', () => {
  test('[REQ-SBX-01] are found under every spelling of their path', () => {
    const world = worldWith({ '/app//a/./b.txt': 'text' });
    expect(world.serve('world.read_file', { path: '/app/a/b.txt' })).toBe('text');
    expect(world.serve('world.read_file', { path: '//app/a//b.txt' })).toBe('text');
    expect(world.serve('world.exists', { path: '/app/a/b.txt/.' })).toBe(true);
    expect(world.audit().map((entry) => entry.path)).toEqual(['/app/a/b.txt', '/app/a/b.txt', '/app/a/b.txt']);
  });

  test('list_dir names the direct children, files and folders, by code point', () => {
    const world = worldWith({
      '/app/b.txt': '',
      '/app/a/x.txt': '',
      '/app/a/y/z.txt': '',
      '/app/ab': '',
      '/app/\uffee': '',
      '/app/😀': '',
      '/app/B': '',
      '/logs/other': '',
    });
    const list = (path: string) => world.serve('world.list_dir', { path });
    expect(list('/app')).toEqual(['/app/B', '/app/a', '/app/ab', '/app/b.txt', '/app/\uffee', '/app/😀']);
    expect(list('/app/a')).toEqual(['/app/a/x.txt', '/app/a/y']);
    expect(list('/app/nothing')).toEqual([]);
    expect(list('/app/b.txt')).toEqual([]);
  });

  test('a root of / holds everything, and is no child of itself', () => {
    const world = new World({ filesystemRoots: ['/'], networkHosts: [] });
    for (const path of ['/x', '/y/z', '/']) world.serve('world.write_file', { path, content: '' });
    expect(world.serve('world.list_dir', { path: '/' })).toEqual(['/x', '/y']);
    expect(world.serve('world.exists', { path: '/y' })).toBe(true);
  });

  test('exist as files and as folders of files', () => {
    const world = worldWith({ '/app/a/x.txt': '' });
    const exists = (path: string) => world.serve('world.exists', { path });
    expect([exists('/app'), exists('/app/a'), exists('/app/a/x.txt')]).toEqual([true, true, true]);
    expect([exists('/app/a/x'), exists('/logs'), exists('/app/a/x.txt/y')]).toEqual([false, false, false]);
  });

  test('a file that is not there is file_not_found, and no violation', () => {
    const world = worldWith({ '/app/a/x.txt': '' });
    expect(refusal(world, 'world.read_file', { path: '/app/none' })).toBe('file_not_found');
    expect(refusal(world, 'world.read_file', { path: '/app/a' })).toBe('file_not_found');
    expect(world.violation).toBeNull();
  });

  test('the last write counts', () => {
    const world = worldWith({ '/app/x': 'one' });
    world.serve('world.write_file', { path: '/app/x', content: 'two' });
    expect(world.serve('world.read_file', { path: '/app/x' })).toBe('two');
  });

  test('behave like a map from path to text, whatever is written', () => {
    const path = fc.constantFrom('/app/a', '/app/b', '/app/c/d', '/logs/a');
    fc.assert(
      fc.property(fc.array(fc.tuple(path, fc.string())), (writes) => {
        const world = new World(RULES);
        for (const [at, content] of writes) world.serve('world.write_file', { path: at, content });
        for (const [at, content] of new Map(writes)) expect(world.serve('world.read_file', { path: at })).toBe(content);
        expect(world.audit().length).toBe(writes.length + new Map(writes).size);
      }),
    );
  });
});

describe('the io audit', () => {
  test('[REQ-SBX-05] [REQ-ART-12] lists each granted touch in its order, and nothing else', () => {
    const world = worldWith({ '/app/x': '1' });
    world.serve('world.exists', { path: '/app/x' });
    world.serve('world.read_file', { path: '/app/x' });
    world.serve('world.set_output', { key: 'k', value: 1 });
    world.serve('world.get_output', { key: 'k' });
    world.serve('world.mark_seen', { paths: ['/app/x'] });
    world.serve('world.require_network', { host: 'https://API.test/v1' });
    world.serve('world.write_file', { path: '/app//y', content: '' });
    world.serve('world.list_dir', { path: '/app/' });
    expect(world.audit()).toEqual([
      { type: 'fs', op: 'exists', path: '/app/x' },
      { type: 'fs', op: 'read_file', path: '/app/x' },
      { type: 'net', op: 'require_network', host: 'api.test' },
      { type: 'fs', op: 'write_file', path: '/app/y' },
      { type: 'fs', op: 'list_dir', path: '/app' },
    ]);
  });

  test('[REQ-ART-12] of a step starts empty, and the last one stays as it was', () => {
    const world = worldWith();
    world.serve('world.exists', { path: '/app/x' });
    const first = world.audit();
    world.beginStep();
    expect(world.audit()).toEqual([]);
    world.serve('world.exists', { path: '/app/y' });
    expect(first).toEqual([{ type: 'fs', op: 'exists', path: '/app/x' }]);
  });

  test('[REQ-SBX-05] has a read of a file that is not there, but nothing that was refused', () => {
    const world = worldWith();
    refusal(world, 'world.read_file', { path: '/app/none' });
    refusal(world, 'world.read_file', { path: '/etc/passwd' });
    refusal(world, 'world.require_network', { host: 'evil.test' });
    refusal(world, 'world.write_file', { path: '/app/x' });
    expect(world.audit()).toEqual([{ type: 'fs', op: 'read_file', path: '/app/none' }]);
  });

  test('refuses a touch past ten thousand in one step, and takes them again in the next', () => {
    const world = worldWith();
    for (let i = 0; i < 10_000; i += 1) world.serve('world.exists', { path: '/app/x' });
    expect(refusal(world, 'world.write_file', { path: '/app/x', content: '' })).toBe('audit_full');
    expect(world.audit()).toHaveLength(10_000);
    world.beginStep();
    expect(world.serve('world.exists', { path: '/app/x' })).toBe(false);
  });
});

describe('what a world weighs', () => {
  test('paths that are asked for fill the audit of a step, not the memory of the referee', () => {
    const world = worldWith();
    const path = `/app/${'p'.repeat(8 * 1024 * 1024 - 8)}`;
    for (let i = 0; i < 4; i += 1) expect(world.serve('world.exists', { path })).toBe(false);
    expect(refusal(world, 'world.exists', { path })).toBe('audit_full');
    expect(world.audit()).toHaveLength(4);
    world.beginStep();
    expect(world.serve('world.exists', { path })).toBe(false);
  });

  test('a file, an output and a seen path weigh something even when they are empty', () => {
    const world = worldWith();
    const count = (32 * 1024 * 1024) / 64;
    const paths = Array.from({ length: 4_000 }, (_, i) => `/app/${i}`);
    for (const path of paths) world.serve('world.write_file', { path, content: '' });
    world.serve('world.mark_seen', { paths });
    const outputs = Array.from({ length: count }, (_, i) => `k${i}`);
    const full = outputs.findIndex((key) => {
      try {
        world.serve('world.set_output', { key, value: 0 });
        return false;
      } catch (error) {
        expect((error as Error).message).toBe('world_full');
        return true;
      }
    });
    expect(full).toBeGreaterThan(count / 2);
    expect(full).toBeLessThan(count - 8_000);
  });
});

describe('violations', () => {
  test.each([
    ['world.list_dir', { path: '/' }],
    ['world.read_file', { path: '/etc/passwd' }],
    ['world.read_file', { path: '/application/x' }],
    ['world.exists', { path: 'app' }],
    ['world.exists', { path: '/app/a/../b' }],
    ['world.write_file', { path: '/app\\x', content: '' }],
    ['world.write_file', { path: '/app/\0', content: '' }],
    ['world.mark_seen', { paths: ['/app/x', '/etc'] }],
  ] as const)('[REQ-SBX-02] [REQ-SBX-03] %s of %j is one', (method, params) => {
    const world = worldWith();
    const message = refusal(world, method, params as unknown as JsonObject);
    expect(message).toBe(`sandbox_violation: ${world.violation}`);
    expect(world.violation).toContain(method.slice('world.'.length));
    expect(world.violation).toContain('(/app, /logs)');
  });

  test.each(['evil.test', 'data.test', 'https://api.test:8443', 'user@api.test', ''])(
    '[REQ-SBX-04] require_network of %j is one that names it',
    (host) => {
      const world = worldWith();
      refusal(world, 'world.require_network', { host });
      expect(world.violation).toContain(JSON.stringify(host));
    },
  );

  test('[REQ-SBX-04] require_network of a listed host is none', () => {
    const world = worldWith();
    for (const host of ['api.test', 'a.data.test', 'http://b.a.data.test:80/x']) {
      expect(world.serve('world.require_network', { host })).toBeNull();
    }
    expect(world.violation).toBeNull();
    expect(world.audit().map((entry) => entry.host)).toEqual(['api.test', 'a.data.test', 'b.a.data.test']);
  });

  test('stay set when the caller goes on, and name what was refused first', () => {
    const world = worldWith({ '/app/x': '' });
    refusal(world, 'world.read_file', { path: '/first' });
    refusal(world, 'world.read_file', { path: '/second' });
    world.serve('world.read_file', { path: '/app/x' });
    world.beginStep();
    expect(world.violation).toContain('"/first"');
  });
});

describe('outputs and seen paths', () => {
  test.each<Json>([null, 0, '', false, [], { a: [1] }])('gives output %j back', (value) => {
    const world = worldWith();
    world.serve('world.set_output', { key: 'k', value });
    expect(world.serve('world.get_output', { key: 'k' })).toEqual({ value });
  });

  test('tells an output that was never set from one that is null', () => {
    const world = worldWith();
    world.serve('world.set_output', { key: 'set', value: null });
    expect(world.serve('world.get_output', { key: 'set' })).toEqual({ value: null });
    expect(world.serve('world.get_output', { key: '__proto__' })).toEqual({});
  });

  test('files_seen holds each path once, by code point', () => {
    const world = worldWith();
    world.serve('world.mark_seen', { paths: ['/app/b', '/app/😀', '/app//a'] });
    world.serve('world.mark_seen', { paths: ['/app/\uffee', '/app/b/'] });
    expect(world.visibleState()).toEqual({ files_seen: ['/app/a', '/app/b', '/app/\uffee', '/app/😀'] });
  });
});

describe('limits and misuse', () => {
  const big = 'x'.repeat(16 * 1024 * 1024);

  test('refuses files past 32 Mi characters, without a trace of the refused one', () => {
    const world = worldWith({ '/app/a': big });
    const path = '/app/b';
    expect(refusal(world, 'world.write_file', { path, content: big })).toBe('world_full');
    expect(world.audit()).toEqual([]);
    expect(world.serve('world.exists', { path })).toBe(false);
    expect(world.serve('world.write_file', { path, content: 'small' })).toBeNull();
    expect(world.violation).toBeNull();
  });

  test('counts a file that is written again once', () => {
    const world = worldWith({ '/app/a': big });
    const path = `/app/${'p'.repeat(4 * 1024 * 1024)}`;
    for (let i = 0; i < 8; i += 1) {
      world.serve('world.write_file', { path, content: 'x' });
      world.beginStep();
    }
    expect(world.serve('world.write_file', { path: '/app/a', content: big })).toBeNull();
  });

  test('counts outputs and seen paths too', () => {
    const world = worldWith({ '/app/a': big });
    world.serve('world.set_output', { key: 'k', value: [big.slice(1024)] });
    expect(refusal(world, 'world.set_output', { key: 'l', value: big })).toBe('world_full');
    expect(world.serve('world.get_output', { key: 'l' })).toEqual({});
    expect(refusal(world, 'world.mark_seen', { paths: [`/app/${big}`] })).toBe('world_full');
    expect(world.visibleState()).toEqual({ files_seen: [] });
    world.serve('world.set_output', { key: 'k', value: null });
    expect(world.serve('world.set_output', { key: 'l', value: big.slice(1024) })).toBeNull();
  });

  test.each([
    ['world.read_file', {}, 'invalid_params: path must be a string'],
    ['world.read_file', { path: 1 }, 'invalid_params: path must be a string'],
    ['world.write_file', { path: '/app/x' }, 'invalid_params: content must be a string'],
    ['world.require_network', { host: ['api.test'] }, 'invalid_params: host must be a string'],
    ['world.mark_seen', { paths: '/app' }, 'invalid_params: paths must be an array of strings'],
    ['world.mark_seen', { paths: [1] }, 'invalid_params: path must be a string'],
    ['world.set_output', { value: 1 }, 'invalid_params: key must be a string'],
    ['world.get_output', {}, 'invalid_params: key must be a string'],
    ['world.delete_file', { path: '/app/x' }, 'unknown_call: world.delete_file'],
    ['serve', {}, 'unknown_call: serve'],
    ['x'.repeat(100), {}, `unknown_call: ${'x'.repeat(64)}`],
  ])('answers %s of %j with %j', (method, params, message) => {
    const world = worldWith();
    expect(refusal(world, method, params as JsonObject)).toBe(message);
    expect(world.violation).toBeNull();
  });
});

describe('questions that leave no audit', () => {
  test('visible_state shows the seen paths, sorted', () => {
    const world = worldWith();
    world.serve('world.mark_seen', { paths: ['/app/b', '/app/a'] });
    expect(world.serve('world.visible_state', {})).toEqual({ files_seen: ['/app/a', '/app/b'] });
    expect(world.audit()).toEqual([]);
  });

  test('inspect_host takes an address apart, whether or not it is allowed', () => {
    const world = worldWith();
    const inspect = (host: string) => world.serve('world.inspect_host', { host });
    expect(inspect('HTTPS://Evil.test:443/x')).toEqual({ host: 'evil.test', scheme: 'https', port: 443 });
    expect(inspect('api.test.')).toEqual({ host: 'api.test', scheme: null, port: null });
    expect(inspect('[::0001]:80')).toEqual({ host: '::1', scheme: null, port: 80 });
    for (const host of ['ftp://api.test', 'user@api.test', 'api.test:8080', '0x7f.1']) expect(inspect(host)).toBeNull();
    expect([world.audit(), world.violation]).toEqual([[], null]);
  });

  test.each([
    ['api.test', true],
    ['https://x.data.test/y', true],
    ['data.test', false],
    ['api.test:8080', false],
    ['', false],
  ])('is_host_allowed of %j is %s, and no violation', (host, expected) => {
    const world = worldWith();
    expect(world.serve('world.is_host_allowed', { host })).toBe(expected);
    expect(world.violation).toBeNull();
    expect(world.audit()).toEqual([]);
  });
});
