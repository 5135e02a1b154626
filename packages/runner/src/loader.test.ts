import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRegistry, readTaskFolder } from '@tracecore/tasks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violationIn } from './load/violation.js';
import { createLoader } from './loader.js';
import { expectSound } from './testing/expect-sound.js';
import { kitModules, openWorkspace, repositoryRoot, type Workspace } from './testing/workspace.js';
import type { LoadedAgent } from './types.js';

const SETUP = `import { CODES } from './lib/codes.js';
export default function setup({ random, world }) {
  const code = CODES[random.randint(0, CODES.length - 1)];
  world.writeFile('/app/goal.txt', 'find the code that one of the logs has');
  world.writeFile('/app/first.log', ['nothing to see here', 'code=' + code, 'nor here'].join('\\n'));
  return { code, target: 3 };
}
`;
const CODES = `export const CODES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta', 'iota', 'kappa', 'lambda'];\n`;
const AGENT = (from: string) =>
  `import * as stolen from ${JSON.stringify(from)};\nexport default { act: () => ({ type: 'add', args: { n: Object.keys(stolen).length } }) };\n`;

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
  await workspace.task({ 'setup.ts': SETUP, 'lib/codes.ts': CODES });
});
afterAll(() => workspace.close());

const taskDir = () => join(workspace.dir, 'task-1/counter');

/** Plays an agent of the files on the task, and gives how that ended. */
async function endOf(files: Record<string, string>, prepare: () => Promise<unknown> = async () => undefined) {
  await rm(join(workspace.dir, 'thief'), { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) await workspace.write(`thief/${path}`, text);
  await prepare();
  const agent = await workspace.loader.agent(join(workspace.dir, 'thief/agent.ts'));
  const task = await workspace.loader.task(await readTaskFolder(taskDir()));
  const artifact = await workspace.runner.run({ agent, task, seed: 1 });
  expectSound(artifact);
  const { termination_reason, failure_type, failure_reason, action_trace } = artifact;
  return { termination_reason, failure_type, failure_reason, moves: action_trace.length };
}

const refused = (reason: string) => ({
  termination_reason: 'sandbox_violation',
  failure_type: 'sandbox_violation',
  failure_reason: expect.stringContaining(reason),
  moves: 0,
});

describe("an agent with the task's own code ends as a sandbox violation before it is loaded", () => {
  test('imported through another module [REQ-SBX-06]', async () => {
    const files = { 'agent.ts': AGENT('./lib.js'), 'lib.ts': `export * from '../task-1/counter/lib/codes.js';\n` };
    expect(await endOf(files)).toEqual(
      refused('thief/agent.ts imports ../task-1/counter/lib/codes.ts, a file of a task'),
    );
  });

  test('imported through a link to a file, to a folder, or to a package [REQ-SBX-06]', async () => {
    const named = refused('imports ../task-1/counter/lib/codes.ts, a file of a task');
    const at = (path: string) => join(workspace.dir, 'thief', path);
    expect(
      await endOf({ 'agent.ts': AGENT('./mine.js') }, () => symlink(join(taskDir(), 'lib/codes.ts'), at('mine.ts'))),
    ).toEqual(named);
    expect(
      await endOf({ 'agent.ts': AGENT('./mine/lib/codes.js') }, () => symlink(taskDir(), at('mine'), 'dir')),
    ).toEqual(named);
    expect(
      await endOf({ 'agent.ts': AGENT('mine/lib/codes.js') }, async () => {
        await mkdir(at('node_modules'));
        await symlink(taskDir(), at('node_modules/mine'), 'dir');
      }),
    ).toEqual(named);
  });

  test('copied beside it, laid out anew [REQ-SBX-06]', async () => {
    const files = { 'agent.ts': AGENT('./words.js'), 'words.ts': CODES.replaceAll(', ', ',\n  // a word\n  ') };
    expect(await endOf(files)).toEqual(
      refused('thief/agent.ts repeats code of counter@1: words.ts is lib/codes.ts of the task'),
    );
  });

  test('copied into a package [REQ-SBX-06]', async () => {
    const files = {
      'agent.ts': AGENT('helper'),
      'node_modules/helper/package.json': '{"name":"helper","main":"index.js"}',
      'node_modules/helper/index.js': CODES.replaceAll("'", '"'),
    };
    expect(await endOf(files)).toEqual(refused('helper/index.js is lib/codes.ts of the task'));
  });

  test('pasted in part, with other names [REQ-SBX-06]', async () => {
    const pasted = `const words = ['a'];
const guess = ({ random: chance, world: w }: any) => {
  const kept = words[chance.randint(0, words.length - 1)];
  w.writeFile("/app/goal.txt", "find the code that one of the logs has"); // as it is there
  w.writeFile("/app/first.log", ["nothing to see here", "code=" + kept, "nor here"].join("\\n"));
  return { code: kept, target: 3 };
};
export default { act: () => guess({}) };
`;
    const files = { 'agent.ts': pasted };
    expect(await endOf(files)).toEqual(refused('guess in agent.ts is setup in setup.ts of the task'));
  });

  test('for a process of its own too, and from a kept bundle [REQ-SBX-06]', async () => {
    await workspace.write('thief/agent.ts', AGENT('./words.js'));
    await workspace.write('thief/words.ts', CODES);
    const seal = { keyFile: join(workspace.dir, 'state/key') };
    const options = { workspaceRoot: workspace.dir, builtinRoot: repositoryRoot, modules: await kitModules(), seal };
    const cacheDir = join(workspace.dir, 'cache');
    for (const isolation of [undefined, 'process', undefined, 'process'] as const) {
      const loader = createLoader({ ...options, cacheDir });
      const asked = isolation === undefined ? {} : { isolation };
      const agent = await loader.agent(join(workspace.dir, 'thief/agent.ts'), asked);
      const task = await loader.task(await readTaskFolder(taskDir()));
      expect(await violationIn({ agent, task })).toContain('words.ts is lib/codes.ts of the task');
    }
    expect(await readdir(cacheDir)).toHaveLength(3);
  });
});

test('an agent with the code of another task may play', async () => {
  await workspace.write('other/agent.ts', AGENT('./words.js'));
  await workspace.write('other/words.ts', CODES);
  const artifact = await workspace.runner.run({
    agent: await workspace.loader.agent(join(workspace.dir, 'other/agent.ts')),
    task: await workspace.task(),
    seed: 1,
    budgets: { steps: 1 },
  });
  expect(artifact.termination_reason).not.toBe('sandbox_violation');
});

test('a task whose file changes after it was hashed is refused, not played beside the old hash', async () => {
  const dir = join(workspace.dir, 'race/counter');
  await cp(taskDir(), dir, { recursive: true });
  const folder = await readTaskFolder(dir);
  await workspace.write('race/counter/lib/codes.ts', CODES.replace('alpha', 'known'));
  await expect(workspace.loader.task(folder)).rejects.toMatchObject({
    code: 'TASK_INVALID',
    message: expect.stringContaining('lib/codes.ts was changed'),
  });
  expect((await workspace.loader.task(await readTaskFolder(dir))).hash).not.toBe(folder.hash);
});

test('a poisoned cache in the project does not put other code beside the hash of the honest one', async () => {
  const file = await workspace.write(
    'agents/honest.ts',
    'export default { act: () => ({ type: "honest", args: {} }) };\n',
  );
  const cacheDir = join(workspace.dir, 'poisoned');
  const options = { workspaceRoot: workspace.dir, builtinRoot: repositoryRoot, modules: await kitModules(), cacheDir };
  const load = (user: string) => createLoader({ ...options, seal: { keyFile: join(workspace.dir, user) } }).agent(file);
  const honest = await load('attacker/key');
  const [record = ''] = await readdir(cacheDir);
  const poisoned = (await readFile(join(cacheDir, record), 'utf8')).replaceAll('honest', 'forged');
  await writeFile(join(cacheDir, record), poisoned);
  const codeOf = (agent: LoadedAgent) => ('bundle' in agent ? agent.bundle.code : '');
  const loaded = await load('user/key');
  expect(codeOf(loaded)).toBe(codeOf(honest));
  expect(loaded.hash).toBe(honest.hash);
});

test('no agent that comes with the runtime repeats code of a task', { timeout: 60_000 }, async () => {
  const plugin = join(repositoryRoot, 'examples', 'task-plugin');
  const [loader, registry] = await Promise.all([
    kitModules().then((modules) =>
      createLoader({ workspaceRoot: repositoryRoot, builtinRoot: repositoryRoot, cacheDir: null, modules }),
    ),
    openRegistry({ roots: [join(repositoryRoot, 'tasks'), join(plugin, 'tasks')] }),
  ]);
  const listed = await registry.list();
  const tasks = await Promise.all(listed.map(async ({ ref }) => loader.task(await registry.get(ref))));
  const found: (string | null)[] = [];
  let agents = 0;
  for (const folder of [join(repositoryRoot, 'agents'), join(plugin, 'agents')]) {
    // This one is there to be refused.
    const isAgent = (name: string) => /^(?!.*\.test\.|cheater_).*\.ts$/.test(name);
    for (const name of (await readdir(folder)).filter(isAgent)) {
      const agent = await loader.agent(join(folder, name));
      expect(agent.prints, name).not.toEqual([]);
      agents += 1;
      for (const task of tasks) found.push(await violationIn({ agent, task }));
    }
  }
  expect(agents).toBeGreaterThanOrEqual(14);
  expect(found).toHaveLength(agents * tasks.length);
  expect(found.filter((violation) => violation !== null)).toEqual([]);
});

const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0;
test('a Python agent with a copy of a Python task ends as a sandbox violation too [REQ-SBX-06]', async (context) => {
  if (!hasPython) context.skip('there is no python3 of version 3.10 or newer');
  const ports = join(repositoryRoot, 'packages/runner/src/testing/python');
  await cp(join(ports, 'tasks/quota_service'), join(workspace.dir, 'tasks/quota_service'), { recursive: true });
  await cp(join(ports, 'tasks/quota_service/service.py'), join(workspace.dir, 'python/helper.py'));
  const agent = (text: string) => workspace.write('python/agent.py', text).then((file) => workspace.loader.agent(file));
  const task = await workspace.loader.task(await readTaskFolder(join(workspace.dir, 'tasks/quota_service')));
  const play = 'class Agent:\n    def act(self):\n        return {"type": "wait", "args": {}}\n';
  expect(await violationIn({ agent: await agent(`import helper\n${play}`), task })).toMatch(
    /^python\/agent\.py repeats code of quota_service@1: (?:\w+ in )?helper\.py is (?:\w+ in )?service\.py of the task/,
  );
  expect(await violationIn({ agent: await agent(play), task })).toBeNull();
});
