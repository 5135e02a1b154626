import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import { withFolder } from '../../testing/temp-folder.js';
import { type HostClient, hasPython, taskFolder, withHost } from './testing/host-client.js';

/** Runs `body` with a task that was initialised and set up. */
const withTask = <T>(name: string, seed: number, body: (host: HostClient) => Promise<T>): Promise<T> =>
  withHost('task', taskFolder(name), async (host) => {
    await host.initialize();
    await host.ask('setup', { seed });
    return body(host);
  });

describe.skipIf(!hasPython())('host.py task', () => {
  test('describes its actions by the signatures in actions.py', () =>
    withHost('task', taskFolder('quota_service'), async (host) => {
      expect((await host.initialize()).result).toMatchObject({ name: 'quota_service', language: 'python' });
      const { actions } = (await host.ask('describe')).result as { actions: JsonObject };
      expect(Object.keys(actions)).toEqual(['ask_guard', 'check_guard', 'fetch_token', 'phone', 'set_output', 'wait']);
      expect(actions.fetch_token).toEqual({
        description: 'Asks the service for the token.',
        args: { type: 'object', properties: {}, required: [], additionalProperties: false },
      });
      expect(actions.set_output).toEqual({
        description: '',
        args: {
          type: 'object',
          properties: { key: {}, value: {} },
          required: ['key', 'value'],
          additionalProperties: false,
        },
      });
      expect(actions.wait).toMatchObject({ args: { required: ['steps'] } });
    }));

  test('a decorated function keeps the parameters of the one it wraps', () =>
    withHost('task', taskFolder('shared_modules'), async (host) => {
      await host.initialize();
      const { actions } = (await host.ask('describe')).result as { actions: Record<string, JsonObject> };
      expect(Object.keys(actions)).toEqual(['list_dir', 'look', 'read_file', 'set_output']);
      expect(actions.look).toMatchObject({ description: '', args: { required: ['path', 'state'] } });
      expect(actions.read_file).toMatchObject({ description: "Gives a file's content." });
    }));

  test('a result that is changed after it was returned is answered as it was', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'setup.py'), 'def setup(seed, env): pass\n');
      await writeFile(join(folder, 'validate.py'), 'def validate(env): return {"ok": False}\n');
      // Changes it at the moment when the host begins to send, as a thread could.
      const actions = `import sys
kept = {"ok": True}
def spy(frame, event, arg):
    if event == "call" and frame.f_code.co_name == "answer": kept["ok"] = float("nan")
def go():
    sys.setprofile(spy)
    return kept
`;
      await writeFile(join(folder, 'actions.py'), actions);
      await withHost('task', folder, async (host) => {
        await host.initialize();
        const answer = await host.ask('execute', { action: { type: 'go', args: {} } });
        expect(answer.result).toEqual({ ok: true });
      });
    }));

  test('parameters of every kind come in the order of the signature', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'setup.py'), 'def setup(seed, env): pass\n');
      await writeFile(join(folder, 'validate.py'), 'def validate(env): return {"ok": False}\n');
      await writeFile(join(folder, 'actions.py'), 'def go(a, /, b, *more, c, d=1, **rest):\n  local = 1\n');
      await withHost('task', folder, async (host) => {
        await host.initialize();
        expect((await host.ask('describe')).result).toMatchObject({
          actions: { go: { args: { required: ['a', 'b', 'more', 'c', 'd', 'rest'] } } },
        });
      });
    }));

  test('plays a stateful service to its end: hidden objects stay, the world hears of the rest', () =>
    withTask('quota_service', 3, async (host) => {
      expect(host.calls).toEqual(['world.write_file', 'world.mark_seen']);
      expect(host.world.visibleState()).toEqual({ files_seen: ['/app/README.md'] });
      const refused = (await host.execute('fetch_token')).result as { retry_after: number };
      expect(refused).toEqual({ ok: false, error: 'rate_limited', retry_after: refused.retry_after });
      expect(host.world.audit()).toEqual([{ type: 'net', op: 'require_network', host: 'quota.test' }]);
      expect((await host.ask('validate')).result).toEqual({ ok: false, message: 'TOKEN is missing' });
      expect((await host.execute('wait', { steps: refused.retry_after })).result).toEqual({ ok: true });
      const { token } = (await host.execute('fetch_token')).result as { token: string };
      const script = 'import random;print(random.Random(3).randint(100000,999999))';
      expect(token).toBe(`TK-${spawnSync('python3', ['-c', script], { encoding: 'utf8' }).stdout.trim()}`);
      await host.execute('set_output', { key: 'TOKEN', value: token });
      expect((await host.ask('validate')).result).toEqual({ ok: true, message: 'token handed in' });
      expect(host.world.violation).toBeNull();
    }));

  test('[REQ-SBX-01] files are found under every spelling, folders do not exist, and a missing file is a KeyError', () =>
    withTask('shared_modules', 1, async (host) => {
      expect((await host.execute('list_dir', { path: '/app/' })).result).toEqual({
        ok: true,
        files: ['/app/notes', '/app/word.txt'],
      });
      expect(host.world.visibleState()).toEqual({ files_seen: ['/app/notes', '/app/word.txt'] });
      const look = { exists: true, state: { files_seen: ['/app/notes', '/app/word.txt'] } };
      expect((await host.execute('look', { path: 'app//word.txt', state: true })).result).toEqual({
        ok: true,
        ...look,
      });
      expect(host.world.audit()).toEqual([{ type: 'fs', op: 'exists', path: '/app/word.txt' }]);
      const notes = await host.execute('look', { path: '/app/notes', state: false });
      expect(notes.result).toEqual({ ok: true, exists: false, state: null });
      expect((await host.execute('read_file', { path: '/app/./word.txt' })).result).toEqual({
        ok: true,
        content: 'indigo',
      });
      expect((await host.execute('read_file', { path: '/app/./gone.txt' })).result).toEqual({
        ok: false,
        error: 'file_not_found',
        missing: '/app/gone.txt',
      });
      expect(host.world.audit()).toEqual([{ type: 'fs', op: 'read_file', path: '/app/gone.txt' }]);
    }));

  test('a task with the older manifest needs no files', () =>
    withTask('old_manifest', 0, async (host) => {
      const { terms } = (await host.execute('hints')).result as { terms: number[] };
      expect(terms).toHaveLength(2);
      await host.execute('set_output', { key: 'SUM', value: terms.reduce((a, b) => a + b) });
      expect((await host.ask('validate')).result).toEqual({ ok: true, message: 'SUM decides' });
      expect(host.calls).not.toContain('world.write_file');
    }));

  test('the network guard answers without an audit, and a refusal is a violation', () =>
    withTask('quota_service', 1, async (host) => {
      const ask = async (given: string) => (await host.execute('ask_guard', { host: given })).result;
      expect(await ask('https://Quota.test:443/x')).toEqual({
        ok: true,
        allowed: true,
        parts: ['quota.test', 'https', 443],
      });
      expect(await ask('eu.mirror.test')).toEqual({ ok: true, allowed: true, parts: ['eu.mirror.test', null, null] });
      expect(await ask('mirror.test')).toMatchObject({ allowed: false });
      expect((await host.execute('check_guard', { host: 'http://quota.test/a' })).result).toEqual({
        ok: true,
        host: 'quota.test',
      });
      expect(host.world.audit()).toEqual([]);
      expect(host.world.violation).toBeNull();
      const { error } = await host.execute('check_guard', { host: 'evil.test' });
      expect(error?.message).toMatch(/^SandboxViolation: sandbox_violation: network host "evil.test"/);
      expect(host.world.violation).toContain('evil.test');
    }));

  test.each(['ftp://quota.test', 'quota.test:8080'])('the guard refuses %s for its scheme or port', (given) =>
    withTask('quota_service', 1, async (host) => {
      expect((await host.execute('ask_guard', { host: given })).error?.message).toMatch(/^SandboxViolation: /);
      expect(host.world.violation).toContain(given);
    }),
  );

  test('an exception in setup, set_env, an action or the validator is told with its place', async () => {
    await withHost('task', taskFolder('raising'), async (host) => {
      await host.initialize();
      expect((await host.ask('setup', { seed: 1 })).error).toEqual({
        code: -32000,
        message: 'RuntimeError: setup went wrong',
        data: { location: 'tasks/raising/setup.py:4' },
      });
      expect((await host.ask('setup', { seed: 2 })).error).toMatchObject({
        message: 'RuntimeError: set_env went wrong',
        data: { location: 'tasks/raising/actions.py:8' },
      });
    });
    await withTask('raising', 0, async (host) => {
      expect((await host.execute('fail')).error).toMatchObject({
        message: 'ZeroDivisionError: division by zero',
        data: { location: 'tasks/raising/actions.py:13' },
      });
      expect((await host.execute('not_json')).error).toMatchObject({
        code: -32001,
        data: { pointer: '/items', reason: 'is of the Python type set' },
      });
      expect((await host.execute('bad_output')).error).toMatchObject({
        message: 'TypeError: set_output: /value is of the Python type bytes',
      });
      expect((await host.execute('absent')).error?.message).toBe('LookupError: the task has no action absent');
      expect((await host.execute('fail', { extra: 1 })).error?.message).toMatch(
        /^TypeError: fail\(\) got an unexpected/,
      );
      expect(host.world.violation).toBeNull();
      expect((await host.execute('outside')).error).toMatchObject({
        message: expect.stringMatching(/^SandboxViolation: sandbox_violation: read_file of "\/etc\/passwd" is outside/),
        data: { location: 'tasks/raising/actions.py:29' },
      });
      await host.execute('spoil');
      expect((await host.ask('validate')).error).toMatchObject({
        message: 'LookupError: validate went wrong',
        data: { location: 'tasks/raising/validate.py:3' },
      });
    });
  });

  test.each([
    ['setup.py', 'x = 1\n', 'setup.py must define setup()'],
    ['validate.py', 'x = 1\n', 'validate.py must define validate()'],
    ['actions.py', 'import nowhere_at_all\n', 'loading failed: ModuleNotFoundError'],
    ['actions.py', null, 'actions.py is not a Python file that can be read'],
  ])('a folder whose %s is %j is a broken task', (name, text, message) =>
    withFolder(async (folder) => {
      const files: Record<string, string | null> = {
        'setup.py': 'def setup(seed, env): pass\n',
        'actions.py': '',
        'validate.py': 'def validate(env): return {}\n',
        [name]: text,
      };
      for (const [path, content] of Object.entries(files)) {
        if (content !== null) await writeFile(join(folder, path), content);
      }
      await withHost('task', folder, async (host) => {
        expect((await host.initialize()).error).toMatchObject({
          code: -32002,
          message: expect.stringContaining(message),
        });
      });
    }),
  );
});
