import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createProcessHost } from '@tracecore/sandbox';
import { probeMachine } from '@tracecore/sandbox/confine';
import { type ProcessCommand, PYTHON_HOST_FILE } from '@tracecore/sandbox/process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../episode/limits.js';
import { createLoader } from '../loader.js';
import { kitModules, repositoryRoot } from '../testing/workspace.js';
import { confinesOf } from './confines.js';

const machine = await probeMachine();
const missing = machine.bubblewrapMissing ?? false;
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0;
const noPython = missing || (!hasPython && 'there is no python3 of version 3.10 or newer');
const why = (reason: string | false) => (reason ? ` (left out: ${reason})` : '');

let root: string;
const write = async (path: string, text: string, mode = 0o644) => {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  await chmod(file, mode);
  return file;
};
const FILES = {
  'tasks/one/setup.py': 'def setup(seed, env):\n    return {}\n',
  'tasks/one/actions.py':
    'import os\ndef set_env(env): pass\ndef look():\n    return {"ok": True, "seen": [n for n in sorted(os.listdir(".."))], "agents": os.path.exists(AGENTS)}\n',
  'tasks/shared/words.py': 'WORD = "shared"\n',
  '.agent_bench/runs/a.json': '{}',
  '.git/HEAD': 'ref',
  'lib/helper.py': 'WORD = "helped"\n',
  'agents/beside.txt': 'beside',
};
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'tracecore-confines-')));
  for (const [path, text] of Object.entries(FILES)) await write(path, text);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const loaderWith = async (given = {}) =>
  createLoader({
    workspaceRoot: root,
    builtinRoot: repositoryRoot,
    cacheDir: null,
    modules: await kitModules(),
    ...given,
  });

/** The answer of a loaded program in bubblewrap to one `act`. */
async function actOf(command: ProcessCommand): Promise<unknown> {
  const lines: string[] = [];
  const host = createProcessHost({ machine });
  const program = await host.prepare(command, DEFAULT_LIMITS);
  const scope = {
    role: 'agent' as const,
    services: () => null,
    random: () => 0.5,
    log: (line: string) => lines.push(line),
  };
  const opened = await program.open(scope);
  if ('fault' in opened) return [opened.fault, lines];
  const at = { deadline: null, virtualNow: 0 };
  await opened.session.call('reset', { task: {} }, at);
  const outcome = await opened.session.call('act', { observation: { step: 1 } }, at);
  await opened.session.close();
  return 'value' in outcome ? (outcome.value as { args?: unknown }).args : [outcome.fault, lines];
}

async function commandOf(agent: string, given = {}): Promise<ProcessCommand> {
  const loaded = await (await loaderWith(given)).agent(agent);
  if (!('command' in loaded)) throw new Error('loaded as a bundle');
  return loaded.command;
}

/** A Python agent whose only action carries what `look` finds. */
const pythonAgent = (look: string) => `
import os
class Agent:
    def reset(self, task_spec): pass
    def observe(self, observation): pass
    def act(self):
        def there(path):
            return sorted(os.listdir(path)) if os.path.isdir(path) else os.path.exists(path)
        return {"type": "x", "args": {${look}}}
`;

/** A program in any shell-like language that speaks the protocol: what `look` prints is its only argument. */
const shellAgent = (look: string) => `
while read -r line; do
  id=$(printf '%s' "$line" | sed 's/.*"id":\\([0-9]*\\).*/\\1/')
  case "$line" in
    *'"initialize"'*) result='{"protocol":"tracecore-agent-protocol-v1"}' ;;
    *'"act"'*) result="{\\"type\\":\\"x\\",\\"args\\":\\"$(${look})\\"}" ;;
    *) result=null ;;
  esac
  printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "$id" "$result"
done
`;

describe('what an agent in bubblewrap finds', () => {
  test.skipIf(noPython)(`in Python: its folder and its modules, no tasks, no runs${why(noPython)}`, async () => {
    const look = `"root": there(${JSON.stringify('ROOT')}), "beside": open(__file__.rsplit("/", 1)[0] + "/beside.txt").read(), "word": WORD`;
    const code = `from lib.helper import WORD\n${pythonAgent(look.replace('ROOT', root))}`;
    const file = await write('agents/looking.py', code);
    expect(await actOf(await commandOf(file))).toEqual({ root: ['agents', 'lib'], beside: 'beside', word: 'helped' });
  });

  test.skipIf(noPython)(`in Python at the workspace's root: tasks and runs are empty${why(noPython)}`, async () => {
    const names = ['tasks', '.agent_bench', '.git', 'agents'];
    const look = names.map((name) => `${JSON.stringify(name)}: there(${JSON.stringify(join(root, name))})`).join();
    const found = await actOf(await commandOf(await write('rooted.py', pythonAgent(look))));
    expect(found).toMatchObject({ tasks: [], '.agent_bench': [], '.git': [] });
    expect((found as { agents: string[] }).agents).toContain('beside.txt');
  });

  test.skipIf(noPython)(`what the user lets it read${why(noPython)}`, async () => {
    const extra = await realpath(await mkdtemp(join(tmpdir(), 'tracecore-extra-')));
    try {
      await writeFile(join(extra, 'a.txt'), 'a');
      const file = await write('agents/extra.py', pythonAgent(`"there": there(${JSON.stringify(extra)})`));
      expect(await actOf(await commandOf(file))).toEqual({ there: false });
      expect(await actOf(await commandOf(file, { read: [extra] }))).toEqual({ there: ['a.txt'] });
    } finally {
      await rm(extra, { recursive: true });
    }
  });

  test.skipIf(noPython)(
    `as a command of the Python on the path, such as one behind a shim${why(noPython)}`,
    async () => {
      const code = `
import json, os, sys
for line in sys.stdin:
    message = json.loads(line)
    found = sorted(os.listdir(${JSON.stringify(root)}))
    result = {"protocol": "tracecore-agent-protocol-v1"} if message["method"] == "initialize" else {"args": found}
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
    if message["method"] == "shutdown":
        break
`;
      await write('agents/raw.py', code);
      expect(await actOf(await commandOf('cmd:python3 agents/raw.py'))).toEqual(['agents']);
    },
  );

  test.skipIf(missing)(
    `as a script: itself and what lies beside it, and it may start programs${why(missing)}`,
    async () => {
      const script = `#!/bin/sh\n${shellAgent(`ls ${root} | tr '\\n' ' '; cat ${root}/agents/beside.txt`)}`;
      await write('agents/run.sh', script, 0o755);
      expect(await actOf(await commandOf('cmd:agents/run.sh'))).toBe('agents beside');
    },
  );
});

describe('what is planned for a program', () => {
  const plan = confinesOf({ workspaceRoot: '/ws', hide: ['/elsewhere/tasks'], read: ['/extra'] });

  test('of Node: nothing but the runtime; its code is in the bundle', () => {
    expect(plan.node('/host.cjs')).toEqual({
      reads: [process.execPath, '/host.cjs', '/extra'],
      hides: ['/ws/.agent_bench', '/ws/tasks', '/ws/.git', '/elsewhere/tasks'],
      processes: false,
    });
  });

  test('of a Python task: the tasks, and neither agents nor what runs left, even where it lies beside them', () => {
    const { reads, hides, processes } = plan.pythonTask('/ws/tasks/one', ['/py'], '/host/host.py');
    expect(reads).toEqual(['/py', '/host', '/ws/tasks/one', '/ws/tasks', '/extra']);
    expect([hides, processes]).toEqual([['/ws/.agent_bench', '/ws/.git', '/ws/agents'], false]);
    expect(plan.pythonTask('/ws', ['/py'], '/host/host.py').hides).toEqual(hides);
    expect(plan.pythonTask('/other/one', [], '/host/host.py').reads).not.toContain('/other');
  });

  test('of any kind: what is installed beside it, outside the system and the home folder', async () => {
    const tool = await write('opt/tool/bin/run', '#!/bin/sh\n', 0o755);
    const { reads, processes } = await plan.command(tool, [tool, '--flag', '/data/a.json'], ['/ws/agents/a.py']);
    expect(reads).toEqual(
      [tool, dirname(dirname(tool)), '/bin/sh', '/usr/bin/dash', '/data/a.json', '/ws/agents', '/extra'].filter(
        (path) => path !== '/usr/bin/dash' || reads.includes(path),
      ),
    );
    expect(processes).toBe(true);
    const own = await plan.command(join(homedir(), '.local', 'bin', 'run'), [], []);
    expect(own.reads).toEqual([join(homedir(), '.local', 'bin', 'run'), '/extra']);
  });

  test('of any kind: the interpreter that its first line names, with what is installed there', async () => {
    const interpreter = await write('venv/bin/python', '', 0o755);
    const script = await write('agents/with-line.py', `#!${interpreter} -I\n`, 0o755);
    const { reads } = await plan.command(script, [], []);
    expect(reads).toEqual([script, interpreter, dirname(dirname(interpreter)), '/extra']);
  });

  test('of Python: never its host alone', () => {
    expect(plan.pythonAgent('/ws/a.py', ['/ws/a.py', '/ws/lib/b.py'], ['/py'], PYTHON_HOST_FILE).reads).toEqual([
      ...['/py', dirname(PYTHON_HOST_FILE), '/ws', '/ws/a.py', '/ws/lib/b.py', '/extra'],
    ]);
  });
});
