import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TasksError } from './error.js';
import { parseManifest } from './manifest.js';
import { MANIFEST } from './testing/task-files.js';

const FILE = 'tasks/find_code/task.toml';

function refusal(text: string): TasksError {
  try {
    parseManifest(text, FILE);
  } catch (error) {
    if (error instanceof TasksError) return error;
    throw error;
  }
  throw new Error('the manifest was accepted');
}

describe('parseManifest', () => {
  test('reads every field', () => {
    expect(parseManifest(MANIFEST, FILE)).toEqual({
      id: 'find_code',
      suite: 'operations',
      version: 1,
      description: 'Find the code in the log.',
      deterministic: true,
      seed_behavior: 'The seed picks the code.',
      budgets: { steps: 20, tool_calls: 10, wall_clock_seconds: null },
      action_surface: { actions: ['list_dir', 'set_output'] },
      setup: { entrypoint: 'setup.ts' },
      actions: { entrypoint: 'actions.ts' },
      validator: { entrypoint: 'validate.ts' },
      sandbox: { filesystem_roots: ['/app'], network_hosts: [] },
    });
  });

  test('takes a wall clock when there is one', () => {
    const text = MANIFEST.replace('tool_calls = 10', 'tool_calls = 10\nwall_clock_seconds = 30');
    expect(parseManifest(text, FILE).budgets.wall_clock_seconds).toBe(30);
  });

  test('[REQ-TASK-02] names the file and every wrong field at once', () => {
    const text = MANIFEST.replace('version = 1', 'version = "1"')
      .replace('suite = "operations"\n', '')
      .replace('steps = 20', 'steps = -1\nspeed = 3');
    const error = refusal(text);
    expect(error.code).toBe('MANIFEST_INVALID');
    expect(error.message).toContain(FILE);
    expect(error.details).toEqual([
      'suite is missing: it must be a non-empty string',
      'version must be a whole number of 1 or more, got "1"',
      'budgets.steps must be a whole number of 0 or more, got -1',
      'budgets.speed is unknown: expected one of steps, tool_calls, wall_clock_seconds',
    ]);
  });

  test('names a missing section once, not each key of it', () => {
    const error = refusal(MANIFEST.replace('[sandbox]', '[sandbocks]'));
    expect(error.details).toHaveLength(2);
    expect(error.details[0]).toBe('sandbox is missing: it must be a table');
    expect(error.details[1]).toContain('sandbocks is unknown');
  });

  test('says where the text stops being TOML', () => {
    expect(refusal('id = "a"\nversion = \n').message).toMatch(/^tasks\/find_code\/task\.toml:2:\d+ is not TOML: /);
  });

  test.each(['', 'Find', 'find-code', 'find code', '../x'])('[REQ-TASK-01] refuses the id %j', (id) => {
    expect(refusal(MANIFEST.replace('"find_code"', JSON.stringify(id))).details[0]).toContain('id must be lower-case');
  });

  test.each(['app', '/app/', '/app/../etc', '//app', '/a\\\\b', '/./app', ''])('refuses the root %j', (root) => {
    const text = MANIFEST.replace('["/app"]', `["${root}"]`);
    expect(refusal(text).details[0]).toContain('sandbox.filesystem_roots must be');
  });

  test.each(['/', '/app', '/app/data.d'])('takes the root %j', (root) => {
    const text = MANIFEST.replace('["/app"]', JSON.stringify([root]));
    expect(parseManifest(text, FILE).sandbox.filesystem_roots).toEqual([root]);
  });

  test.each(['example.com', '*.example.com', 'localhost', '10.0.0.1', '::1'])('takes the host %j', (host) => {
    const text = MANIFEST.replace('network_hosts = []', `network_hosts = ["${host}"]`);
    expect(parseManifest(text, FILE).sandbox.network_hosts).toEqual([host]);
  });

  test.each([
    '0x7f.1',
    '*.0x7f',
    'a.017',
    '*',
    '*.',
    'a.*.com',
    'https://example.com',
    'example.com:443',
    'Example.com',
    '-a.com',
    '1.2.3',
    '',
  ])('refuses the host %j', (host) => {
    const text = MANIFEST.replace('network_hosts = []', `network_hosts = ["${host}"]`);
    expect(refusal(text).details[0]).toContain('sandbox.network_hosts must be');
  });

  test.each(['../setup.ts', '/setup.ts', 'a/../setup.ts', './setup.ts', ''])('refuses the entrypoint %j', (path) => {
    expect(refusal(MANIFEST.replace('"setup.ts"', JSON.stringify(path))).details[0]).toContain('setup.entrypoint must');
  });

  test('refuses an action named twice', () => {
    const text = MANIFEST.replace('["list_dir", "set_output"]', '["list_dir", "list_dir"]');
    expect(refusal(text).details[0]).toContain('action_surface.actions must be');
  });

  test('whatever the text, it either reads or refuses with its own error', () => {
    const lines = MANIFEST.split('\n');
    const mangled = fc
      .array(fc.tuple(fc.nat(lines.length - 1), fc.string()), { maxLength: 4 })
      .map((edits) => lines.map((line, index) => edits.find(([at]) => at === index)?.[1] ?? line).join('\n'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), mangled), (text) => {
        try {
          return parseManifest(text, FILE).id.length > 0;
        } catch (error) {
          return error instanceof TasksError && error.message.includes(FILE);
        }
      }),
    );
  });
});
