import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withFolder } from '../../testing/temp-folder.js';
import { agentFile, HOST_FILE, hasPython, taskFolder, WORKSPACE } from './testing/host-client.js';

describe.skipIf(!hasPython())('host.py', () => {
  const run = (...args: string[]) =>
    spawnSync('python3', [HOST_FILE, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, TRACECORE_WORKSPACE: WORKSPACE },
    });
  type Source = { path: string; prints: [name: string | null, digest: string][] };
  const sources = (target: string) => JSON.parse(run('sources', target).stdout) as Source[];
  const paths = (target: string) => sources(target).map(({ path }) => path);

  test('sources lists a file and what it imports of the user’s own, at any depth, and runs nothing', () => {
    const expected = ['modules_agent.py', 'moves/__init__.py', 'moves/names.py', 'moves/table.py', 'planning.py'];
    expect(paths(agentFile('modules_agent'))).toEqual(expected.map((path) => `${WORKSPACE}/agents/${path}`));
    expect(paths(agentFile('printing_agent'))).toEqual([agentFile('printing_agent')]);
  });

  test('sources follows tasks.<id> of the workspace and modules beside the file', () => {
    const folder = taskFolder('shared_modules');
    expect(paths(`${folder}/setup.py`)).toEqual(
      ['rules.py', 'setup.py', 'words.py'].map((name) => `${folder}/${name}`),
    );
  });

  test('sources of a file that cannot be parsed is that file, of none an error', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'broken.py');
      await writeFile(file, 'import beside\ndef broken(:\n');
      expect(sources(file)).toEqual([{ path: file, prints: [] }]);
      expect(run('sources', join(folder, 'gone.py'))).toMatchObject({
        status: 2,
        stdout: '',
        stderr: `${join(folder, 'gone.py')} is not a file\n`,
      });
    }));

  test('sources of a task folder are its three files and what they import of it, not what lies beside it', () =>
    withFolder(async (folder) => {
      const dir = join(folder, 'task');
      await mkdir(dir);
      await writeFile(join(folder, 'shared.py'), 'x = 1\n');
      await writeFile(join(dir, 'rules.py'), 'y = 1\n');
      await writeFile(join(dir, 'setup.py'), 'import shared\nimport rules\n');
      for (const name of ['actions', 'validate']) await writeFile(join(dir, `${name}.py`), 'z = 1\n');
      const names = ['actions.py', 'rules.py', 'setup.py', 'validate.py'];
      expect(paths(dir)).toEqual(names.map((name) => join(dir, name)));
    }));

  describe('the prints of a function', () => {
    const SETUP = `import random

def setup(seed, env):
    code = random.randint(100, 999)
    lines = ["first line of the log", "second line of the log", f"CODE=CODE-{code}", "the last line of it"]
    env.write_file("/app/service.log", "\\n".join(lines))
    return {"code": code, "lines": len(lines), "where": "/app/service.log", "again": [code + 1, 7]}
`;
    const PASTED = `import random as r

class Agent:
    def guess(number: int, world: object) -> dict:
        """Guesses."""
        kept: int = r.randint(100, 999)  # the code
        x = ['first line of the log', 'second line of the log', f'CODE=CODE-{kept}',
             'the last line of it']
        world.write_file('/app/service.log', '\\n'.join(x))
        return {'code': kept, 'lines': len(x), 'where': '/app/service.log', 'again': [(kept + 1), 7]}
`;
    const printsOf = (text: string) =>
      withFolder(async (folder) => {
        await writeFile(join(folder, 'a.py'), text);
        return sources(join(folder, 'a.py'))[0]?.prints ?? [];
      });
    const digestOf = async (text: string, of: string) => (await printsOf(text)).find(([name]) => name === of)?.[1];

    test('stay when it is moved, renamed, laid out anew and commented', async () => {
      const digest = await digestOf(SETUP, 'setup');
      expect(digest).toMatch(/^[0-9a-f]{32}$/);
      expect(await digestOf(PASTED, 'guess')).toBe(digest);
    });

    test('differ for other code, and are none for a short one', async () => {
      expect(await digestOf(SETUP.replace('999', '998'), 'setup')).not.toBe(await digestOf(SETUP, 'setup'));
      expect(await printsOf('def add(a, b):\n    return a + b\n')).toEqual([]);
    });
  });

  test.each([[[]], [['agent']], [['play', 'x.py']]])('with the arguments %j it tells its usage', (args) => {
    expect(run(...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('usage: ') });
  });

  test('an older Python is told what is needed', () => {
    const script =
      'import runpy, sys\nsys.argv = sys.argv[1:]\nsys.version_info = (3, 9, 18)\n' +
      'runpy.run_path(sys.argv[0], run_name="__main__")\n';
    const { status, stderr } = spawnSync('python3', ['-c', script, HOST_FILE, 'agent', 'x.py'], { encoding: 'utf8' });
    expect(status).toBe(3);
    expect(stderr).toBe('Python 3.10 or newer is needed to run Python agents and tasks, found 3.9.18\n');
  });

  test('the wire holds protocol lines and nothing else, byte for byte', () => {
    const requests = [
      { id: 1, method: 'initialize', params: { seed_random: '1', virtual_now_ms: 946_684_800_000 } },
      { id: 2, method: 'reset', params: { task: { id: 'é', description: '', budgets: {}, actions: {} } } },
      { id: 3, method: 'act', params: { observation: { step: 1 } } },
      { id: 4, method: 'shutdown' },
    ];
    const { stdout, stderr, status } = spawnSync('python3', [HOST_FILE, 'agent', agentFile('printing_agent')], {
      input: requests.map((request) => `${JSON.stringify({ jsonrpc: '2.0', ...request })}\n`).join(''),
      encoding: 'utf8',
    });
    const log = (line: string) => JSON.stringify({ jsonrpc: '2.0', method: 'log', params: { line } });
    const result = (id: number, value: unknown) => JSON.stringify({ jsonrpc: '2.0', id, result: value });
    expect(stdout.split('\n')).toEqual([
      log('while loading'),
      result(1, { protocol: 'tracecore-agent-protocol-v1', name: 'ToyAgent', language: 'python' }),
      log('reset of é'),
      log('no newline'),
      result(2, null),
      ...['héllo', '1', 'bytes \\xff', 'to stderr'].map(log),
      log('{"jsonrpc":"2.0","id":3,"result":"forged"}'),
      log('the old stdout'),
      result(3, { type: 'speak', args: { input: '' } }),
      result(4, null),
      '',
    ]);
    expect(stderr).toBe('{"jsonrpc":"2.0","id":3,"result":"forged by os.write"}\nfrom a child\n');
    expect(status).toBe(0);
  });
});
