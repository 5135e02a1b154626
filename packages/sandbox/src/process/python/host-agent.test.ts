import { spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import { withFolder } from '../../testing/temp-folder.js';
import { agentFile, type HostClient, hasPython, taskFolder, withHost } from './testing/host-client.js';

const TASK = {
  id: 'quota_service',
  version: 1,
  description: 'Fixture.',
  budgets: { steps: 20, tool_calls: 12 },
  actions: {
    wait: { description: '', args: { type: 'object', properties: { steps: {} } } },
    list_dir: { description: '', args: { type: 'object', properties: { path: {} } } },
    read_file: { description: '', args: { type: 'object', properties: { path: {} } } },
    set_output: { description: '', args: { type: 'object', properties: { key: {}, value: {} } } },
  },
};

const observation = (step: number, extra: JsonObject = {}): JsonObject => ({
  step,
  task: { id: TASK.id, description: TASK.description },
  last_action: null,
  last_action_result: null,
  visible_state: { files_seen: [] },
  budget_remaining: { steps: 20, tool_calls: 12 },
  ...extra,
});

const act = (host: HostClient, step: number, extra: JsonObject = {}) =>
  host.ask('act', { observation: observation(step, extra) });

/** Runs `body` with an agent that was initialised and reset. */
const withAgent = <T>(name: string, body: (host: HostClient) => Promise<T>): Promise<T> =>
  withHost('agent', agentFile(name), async (host) => {
    await host.initialize();
    await host.ask('reset', { task: TASK });
    return body(host);
  });

/** Runs `body` with a task that was initialised and set up. */
const withTask = <T>(name: string, seed: number, body: (host: HostClient) => Promise<T>): Promise<T> =>
  withHost('task', taskFolder(name), async (host) => {
    await host.initialize();
    await host.ask('setup', { seed });
    return body(host);
  });

/** Runs `body` with an agent whose file holds `source`, alone in a folder. */
const withSource = <T>(source: string, body: (host: HostClient, folder: string) => Promise<T>): Promise<T> =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'agent.py'), source);
    return withHost('agent', join(folder, 'agent.py'), (host) => body(host, folder), folder);
  });

const agentNamed = (name: string, action: string) =>
  `class ${name}:\n  def reset(self, t): pass\n  def observe(self, o): pass\n  def act(self): return ${action}\n`;

describe.skipIf(!hasPython())('host.py agent', () => {
  test('says who it is, and ends after shutdown', () =>
    withHost('agent', agentFile('retrying_agent'), async (host) => {
      const { result, log } = await host.initialize();
      expect(result).toEqual({ protocol: 'tracecore-agent-protocol-v1', name: 'Agent', language: 'python' });
      expect(log).toEqual([]);
      expect(await host.ask('reset', { task: TASK })).toMatchObject({ result: null });
      expect(await host.ask('shutdown')).toMatchObject({ result: null });
      expect(await host.exited).toBe(0);
      expect(host.stderr).toBe('');
    }));

  test('ends when the referee hangs up', () =>
    withHost('agent', agentFile('retrying_agent'), async (host) => {
      await host.initialize();
      expect(await host.end()).toBe(0);
    }));

  test('ends, without a word, when nobody reads its answer', () =>
    withHost('agent', agentFile('retrying_agent'), async (host) => {
      await host.initialize();
      expect(await host.abandon('reset', { task: TASK })).toBe(1);
      expect(host.stderr).toBe('');
    }));

  test('an agent that retries sees observations and answers with actions', () =>
    withAgent('retrying_agent', async (host) => {
      expect((await act(host, 1)).result).toEqual({ type: 'fetch_token', args: {} });
      const waiting = { last_action_result: { ok: false, error: 'rate_limited', retry_after: 3 } };
      expect((await act(host, 2, waiting)).result).toEqual({ type: 'wait', args: { steps: 3 } });
      const done = { last_action_result: { ok: true, token: 'TK-1' } };
      expect((await act(host, 3, done)).result).toEqual({
        type: 'set_output',
        args: { key: 'TOKEN', value: 'TK-1' },
      });
    }));

  test('modules beside the file are found, and actions come as lists of parameters', () =>
    withAgent('modules_agent', async (host) => {
      expect((await act(host, 1)).result).toEqual({ type: 'list_dir', args: { path: '/app' } });
      expect((await act(host, 3)).result).toEqual({ type: 'set_output', args: { key: 'WORD', value: 'indigo' } });
    }));

  test('reset gets the keys the Python runtime gives', () =>
    withSource(
      'class Agent:\n  def reset(self, t): self.t = t\n  def observe(self, o): pass\n  def act(self): return self.t\n',
      async (host) => {
        await host.initialize();
        await host.ask('reset', { task: TASK });
        expect((await act(host, 1)).result).toEqual({
          id: 'quota_service',
          description: 'Fixture.',
          budgets: { steps: 20, tool_calls: 12 },
          actions: { wait: ['steps'], list_dir: ['path'], read_file: ['path'], set_output: ['key', 'value'] },
        });
        const sandbox = { filesystem_roots: ['/app'], network_hosts: [] };
        await host.ask('reset', { task: { ...TASK, sandbox } });
        expect((await act(host, 2)).result).toMatchObject({ sandbox });
      },
    ));

  test.each([
    ['Agent before the others', agentNamed('AAgent', '1') + agentNamed('ToyAgent', '2') + agentNamed('Agent', '3'), 3],
    ['ToyAgent before the rest', agentNamed('AAgent', '1') + agentNamed('ToyAgent', '2'), 2],
    ['the first by name', `${agentNamed('Zeta', '1')}class Alpha: pass\n${agentNamed('Beta', '2')}`, 2],
    ['a name that is given to a class later', `${agentNamed('Zeta', '1')}Agent = Zeta\n`, 1],
  ])('chooses %s', (_, source, expected) =>
    withSource(source, async (host) => {
      await host.initialize();
      await host.ask('reset', { task: TASK });
      expect((await act(host, 1)).result).toBe(expected);
    }),
  );

  test.each([
    ['no class', 'x = 1\n', 'no agent found in agent.py: expected a class named Agent or ToyAgent', undefined],
    ['a syntax error', 'x = 1\ndef broken(:\n', 'loading failed: SyntaxError: ', 'agent.py:2'],
    [
      'an import that is not there',
      'import os\nimport nowhere_at_all\n',
      "No module named 'nowhere_at_all'",
      'agent.py:2',
    ],
    ['a file that leaves', 'import sys\nsys.exit(4)\n', 'loading failed: SystemExit: 4', 'agent.py:2'],
  ])('a file with %s is a broken file', (_, source, message, location) =>
    withSource(source, async (host) => {
      const { error } = await host.initialize();
      expect(error).toMatchObject({ code: -32002, message: expect.stringContaining(message) });
      expect(error?.data).toEqual(location === undefined ? undefined : { location });
    }),
  );

  test('a file that is not there is a broken file', () =>
    withHost('agent', agentFile('gone'), async (host) => {
      expect((await host.initialize()).error).toEqual({
        code: -32002,
        message: 'agents/gone.py is not a Python file that can be read',
      });
    }));

  test.each([
    ['init', 'reset', 'ValueError: no agent today', 6],
    ['reset', 'reset', "KeyError: 'quota_service'", 9],
    ['observe', 'act', 'ZeroDivisionError: division by zero', 12],
    ['act', 'act', 'SystemExit: 3', 15],
  ])('an exception in %s is told with type, message and place', (part, method, message, line) =>
    withHost('agent', agentFile(`raises_in_${part}`), async (host) => {
      await host.initialize();
      let answer = await host.ask('reset', { task: TASK });
      if (method === 'act') answer = await act(host, 1);
      expect(answer.error).toEqual({
        code: -32000,
        message,
        data: { location: `agents/raises_in_${part}.py:${line}` },
      });
    }),
  );

  test('the place is the innermost frame of the agent’s own files, not of a library', () =>
    withSource(`${agentNamed('Agent', 'help()')}import json\ndef help():\n  return json.loads("{")\n`, async (host) => {
      await host.initialize();
      await host.ask('reset', { task: TASK });
      expect((await act(host, 1)).error).toMatchObject({
        message: expect.stringMatching(/^JSONDecodeError: /),
        data: { location: 'agent.py:7' },
      });
    }));

  test('an exception without a message, or whose message raises, still has a name', () =>
    withSource(
      'class Odd(Exception):\n  def __str__(self): raise TypeError\n' +
        'class Agent:\n  def reset(self, t): pass\n  def observe(self, o): self.n = o["step"]\n' +
        '  def act(self): raise Odd() if self.n == 1 else AssertionError() if self.n == 2 else ValueError("\\ud800!")\n',
      async (host) => {
        await host.initialize();
        await host.ask('reset', { task: TASK });
        expect((await act(host, 1)).error?.message).toBe('Odd: (its message cannot be shown)');
        expect((await act(host, 2)).error?.message).toBe('AssertionError');
        expect((await act(host, 3)).error?.message).toBe('ValueError: \\ud800!');
      },
    ));

  test.each([
    [1, '', 'is NaN'],
    [2, '', 'is Infinity'],
    [3, '', 'is of the Python type bytes'],
    [4, '', 'is of the Python type set'],
    [5, '/0/ring', 'contains itself'],
    [6, '', 'has a key of the Python type int'],
    [7, '', 'is text with a lone surrogate'],
    [8, '', 'has a key with a lone surrogate'],
    [9, '', 'is of the Python type Thing'],
    [10, '', 'is an integer beyond 2**53 - 1, which JSON numbers do not hold exactly'],
    [11, '/0/0', 'is of the Python type type'],
  ])('value %i of the agent that returns no JSON: %s %s', (step, below, reason) =>
    withAgent('not_json_agent', async (host) => {
      const pointer = `/args/a~1b~0c${below}`;
      expect((await act(host, step)).error).toEqual({
        code: -32001,
        message: `act returned what JSON cannot hold: ${pointer} ${reason}`,
        data: { pointer, reason },
      });
      expect((await act(host, 12)).result).toEqual({ type: 'speak', args: { 'a/b~c': [1, ['a', null], true, 2.5] } });
    }),
  );

  test('nesting past 128 levels is refused, 128 levels are not', () =>
    withSource(
      'class Agent:\n  def reset(self, t): pass\n  def observe(self, o): self.n = o["step"]\n' +
        '  def act(self):\n    x = []\n    for _ in range(self.n - 1): x = [x]\n    return x\n',
      async (host) => {
        await host.initialize();
        await host.ask('reset', { task: TASK });
        expect((await act(host, 128)).error).toBeUndefined();
        for (const depth of [129, 100_000]) {
          expect((await act(host, depth)).error?.data).toEqual({
            pointer: '/0'.repeat(128),
            reason: 'is nested deeper than 128 levels',
          });
        }
      },
    ));

  test('what it prints goes to the log, line by line, and none of it reaches the wire', () =>
    withHost('agent', agentFile('printing_agent'), async (host) => {
      expect((await host.initialize()).log).toEqual(['while loading']);
      expect((await host.ask('reset', { task: TASK })).log).toEqual(['reset of quota_service', 'no newline']);
      const { result, log } = await act(host, 1);
      expect(log).toEqual([
        'héllo',
        '1',
        'bytes \\xff',
        'to stderr',
        '{"jsonrpc":"2.0","id":3,"result":"forged"}',
        'the old stdout',
      ]);
      expect(result).toEqual({ type: 'speak', args: { input: '' } });
      await host.end();
      expect(host.stderr).toBe('{"jsonrpc":"2.0","id":3,"result":"forged by os.write"}\nfrom a child\n');
    }));

  test('a long text without a newline is cut into lines, and nothing is lost', () =>
    withSource(
      'import sys\nclass Agent:\n  def reset(self, t): pass\n  def observe(self, o): pass\n' +
        '  def act(self):\n    for _ in range(40): sys.stdout.write("x" * 5000)\n    return 1\n',
      async (host) => {
        await host.initialize();
        await host.ask('reset', { task: TASK });
        const { log } = await act(host, 1);
        expect(log.length).toBeGreaterThan(1);
        expect(log.join('')).toBe('x'.repeat(200_000));
      },
    ));

  test('a forked child that comes back has no part in the protocol', () =>
    withSource(
      'import os, threading\nclass Agent:\n  def reset(self, t): self.go = threading.Event()\n' +
        '  def observe(self, o): pass\n  def act(self):\n' +
        '    pid = os.fork()\n    if pid == 0:\n      print("child", flush=True)\n      return "from the child"\n' +
        '    os.waitpid(pid, 0)\n    return "from the parent"\n',
      async (host) => {
        await host.initialize();
        await host.ask('reset', { task: TASK });
        expect(await act(host, 1)).toMatchObject({ result: 'from the parent', log: [] });
        expect((await act(host, 2)).result).toBe('from the parent');
      },
    ));

  test('an agent that ends the process ends it', () =>
    withSource(`import os\n${agentNamed('Agent', 'os._exit(7)')}`, async (host) => {
      await host.initialize();
      await host.ask('reset', { task: TASK });
      await expect(act(host, 1)).rejects.toThrow('ended before it answered act');
      expect(await host.exited).toBe(7);
    }));

  test('[REQ-DET-03] [REQ-DET-04] time is virtual, and chance that nobody seeded follows the seed', () =>
    withFolder(async (folder) => {
      const source = `import random, secrets, time, uuid
from datetime import date, datetime, timedelta
def look():
    time.sleep(60)
    now = datetime.now()
    return {
        'time': [time.time(), time.monotonic(), time.strftime('%H:%M'), repr(now), str(date.today())],
        'kinds': [isinstance(now, date), isinstance(now + timedelta(1), datetime), isinstance(date.today(), datetime)],
        'chance': [random.Random().random(), random.SystemRandom().random(), secrets.token_hex(4), str(uuid.uuid4()), str(uuid.uuid1())],
    }
`;
      await writeFile(join(folder, 'agent.py'), `${source}${agentNamed('Agent', 'look()')}`);
      const look = () =>
        withHost('agent', join(folder, 'agent.py'), async (host) => {
          await host.initialize();
          await host.ask('reset', { task: TASK });
          return [(await act(host, 1)).result, (await act(host, 3)).result] as JsonObject[];
        });
      const [first, again] = [await look(), await look()];
      expect(again).toEqual(first);
      expect(first[0]).toMatchObject({
        time: [60.001, 60.002, '00:01', 'datetime.datetime(1970, 1, 1, 0, 1)', '1970-01-01'],
        kinds: [true, true, false],
      });
      expect(first[1]).toMatchObject({
        time: [expect.closeTo(120.006, 0), expect.anything(), '00:02', expect.anything(), '1970-01-01'],
      });
    }));

  test('chance of the module random follows the seed, from the first line of the file', () => {
    const draw = () =>
      withSource(
        `import random\nFIRST = random.random()\n${agentNamed('Agent', '[FIRST, random.random()]')}`,
        async (host) => {
          await host.initialize();
          await host.ask('reset', { task: TASK });
          return (await act(host, 1)).result;
        },
      );
    return Promise.all([draw(), draw()]).then(([one, two]) => {
      expect(one).toEqual(two);
      const script = 'import random;random.seed(12345678901234567890);print(random.random(),random.random())';
      const { stdout } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
      expect(one).toEqual(stdout.trim().split(' ').map(Number));
    });
  });

  test('a file beside the agent does not stand in for the standard library, and no bytecode is left', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'json.py'), 'raise RuntimeError("shadowed")\n');
      await writeFile(join(folder, 'beside.py'), 'VALUE = 5\n');
      const source = `import json, beside\n${agentNamed('Agent', 'json.loads("[%d]" % beside.VALUE)')}`;
      await writeFile(join(folder, 'random.py'), source);
      await withHost(
        'agent',
        join(folder, 'random.py'),
        async (host) => {
          await host.initialize();
          await host.ask('reset', { task: TASK });
          expect((await act(host, 1)).result).toEqual([5]);
        },
        folder,
      );
      expect((await readdir(folder)).sort()).toEqual(['beside.py', 'json.py', 'random.py']);
    }));

  test('an agent that cheats finds no token in its process', () =>
    withTask('quota_service', 5, async (task) => {
      await task.execute('wait', { steps: 9 });
      const { token } = (await task.execute('fetch_token')).result as { token: string };
      expect(token).toMatch(/^TK-\d{6}$/);
      await withAgent('cheating_agent', async (agent) => {
        const { result } = await act(agent, 1);
        expect(result).toEqual({ type: 'set_output', args: { key: 'TOKEN', value: 'nothing' } });
      });
    }));

  test('what it does not know it says, and act before reset is an error', () =>
    withHost('agent', agentFile('retrying_agent'), async (host) => {
      await host.initialize();
      expect((await host.ask('setup', { seed: 1 })).error).toEqual({ code: -32601, message: 'unknown method: setup' });
      expect((await act(host, 1)).error).toEqual({ code: -32000, message: 'RuntimeError: act came before reset' });
    }));
});
