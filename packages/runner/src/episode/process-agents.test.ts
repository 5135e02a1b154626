import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { probeMachine } from '@tracecore/sandbox/confine';
import type { TraceEntry } from '@tracecore/spec';
import { readTaskFolder } from '@tracecore/tasks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLoader } from '../loader.js';
import { expectSound, trace } from '../testing/expect-sound.js';
import { processesWith } from '../testing/processes.js';
import { kitModules, openWorkspace, repositoryRoot, scripted, type Workspace } from '../testing/workspace.js';
import type { EpisodeRequest, LoadedAgent } from '../types.js';
import { rederive } from '../verify/rederive.js';

const shell = fileURLToPath(new URL('../testing/wire-agent.sh', import.meta.url));
/** What a program of any kind is kept by here. */
const COMMAND_MECHANISM = (await probeMachine()).bubblewrap === null ? 'process-bare' : 'process-bubblewrap';
const honest = [
  { type: 'add', args: { n: 2 } },
  { type: 'report', args: { total: 2 } },
];

// Other test files run episodes at the same time; the folders that are counted here are in a place of their own.
const temporary = mkdtempSync(join(tmpdir(), 'tracecore-process-agents-'));
process.env.TMPDIR = temporary;

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace({ workers: 2 });
  await mkdir(join(workspace.dir, 'agents'), { recursive: true });
  await copyFile(shell, join(workspace.dir, 'agents', 'agent.sh'));
});
afterAll(async () => {
  await workspace.close();
  await rm(temporary, { recursive: true, force: true });
});

let files = 0;
/** Loads a source as an agent for a process of its own. */
async function nodeAgent(source: string): Promise<LoadedAgent> {
  files += 1;
  const file = await workspace.write(`agents/node_${files}.ts`, source);
  return workspace.loader.agent(file, { isolation: 'process' });
}
const play = async (source: string, request?: Partial<EpisodeRequest>) =>
  workspace.playAgain(await nodeAgent(source), request);

describe('the same agent gives the same episode in an isolate and in a process [REQ-DET-01]', () => {
  test.each([
    ['filesystem_hidden_config', 'toy_agent'],
    ['log_stream_monitor', 'log_stream_monitor_agent'],
    ['rate_limited_api', 'rate_limit_agent'],
    ['rate_limited_chain', 'chain_agent'],
  ])(
    '%s',
    async (name, file) => {
      const task = await workspace.loader.task(await readTaskFolder(join(repositoryRoot, 'tasks', name)));
      const path = join(repositoryRoot, 'agents', `${file}.ts`);
      const [inside, outside] = [
        await workspace.loader.agent(path),
        await workspace.loader.agent(path, { isolation: 'process' }),
      ];
      for (let seed = 0; seed < 10; seed += 1) {
        const [isolate, own] = await Promise.all(
          [inside, outside].map((agent) => workspace.playAgain(agent, { task, seed })),
        );
        expect(own?.isolation).toMatchObject({ host: 'process', roles: { agent: 'process', task: 'isolate' } });
        expect(own?.artifact_hash).toBe(isolate?.artifact_hash);
      }
    },
    120_000,
  );

  test('also in what it draws, what time it sees, and what it may not return', async () => {
    const source = `const born = [Math.random(), Date.now()];
      export default { act: ({ step }) => step < 4
        ? { type: 'mixed', args: { x: [born, Math.random(), Date.now(), Date.now(), String(new Date()), new Date(0).toLocaleString()] } }
        : { type: 'mixed', args: { x: { y: [1, NaN] } } } };`;
    const [isolate, own] = [await workspace.play(source), await play(source)];
    expect(own.failure_reason).toBe('invalid_arg');
    expect(trace(own).map(({ action }) => action)).toEqual(trace(isolate).map(({ action }) => action));
    expect(trace(own).at(-1)?.result).toEqual(trace(isolate).at(-1)?.result);
  });
});

describe('an agent that means harm, or fails, loses its own episode [REQ-LIFE-09] [REQ-LIFE-14]', () => {
  test.each([
    [
      'exits in act',
      'export default { act() { process.exit(3); } };',
      'agent_exception',
      'act: exited with code 3 before it answered act',
    ],
    [
      'exits while loading',
      'process.exit(5); export default { act() {} };',
      'agent_exception',
      'load: exited with code 5 before it answered initialize',
    ],
    ['hangs', 'export default { act() { for (;;); } };', 'timeout', 'act did not answer in time'],
    [
      'waits for nothing',
      'export default { act: () => new Promise(() => {}) };',
      'agent_exception',
      'act: act returned a promise that can never settle',
    ],
    [
      'throws',
      'export default {\n  act() {\n    throw new TypeError("no");\n  },\n};',
      'agent_exception',
      /^act: TypeError: no \(agents\/node_\d+\.ts:3:11\)$/,
    ],
    [
      'throws in reset',
      'export default { reset() { throw new Error("no"); }, act: () => null };',
      'agent_exception',
      /^reset: no \(agents\/node_\d+\.ts:1:\d+\)$/,
    ],
    [
      'throws while loading',
      'throw new Error("top"); export default { act: () => null };',
      'agent_exception',
      /^load: top \(agents/,
    ],
    [
      'throws in a timer',
      'export default { act: () => new Promise(() => setTimeout(() => { throw new Error("late"); }, 1)) };',
      'agent_exception',
      'act: exited with code 1 before it answered act',
    ],
    [
      'answers for itself',
      `import { writeSync } from 'node:fs'; export default { act() { writeSync(1, '{"jsonrpc":"2.0","id":77,"result":null}\\n'); for (;;); } };`,
      'agent_exception',
      'act: answered request 77, which was not asked',
    ],
    [
      'writes without end',
      `import { writeSync } from 'node:fs'; export default { act() { for (;;) writeSync(1, 'x'.repeat(60000)); } };`,
      'agent_exception',
      'act: wrote a line longer than 8 MiB',
    ],
    [
      'answers too much',
      'export default { act: () => ({ type: "mixed", args: { x: "x".repeat(9e6) } }) };',
      'agent_exception',
      'act: wrote a line longer than 8 MiB',
    ],
  ])('%s', async (_what, source, reason, said) => {
    const artifact = await play(source, { limits: { callDeadlineMs: 2_000 } });
    expectSound(artifact);
    expect(artifact).toMatchObject({ success: false, termination_reason: reason });
    expect(artifact.failure_reason).toMatch(said);
  });

  test('a wall clock ends it, also while it loads', async () => {
    for (const source of ['export default { act() { for (;;); } };', 'for (;;); export default { act() {} };']) {
      const artifact = await play(source, { budgets: { wall_clock_seconds: 1 } });
      expect(artifact).toMatchObject({ termination_reason: 'timeout', failure_reason: 'wall clock of 1 s used up' });
    }
  });

  test('what it prints goes to the log, up to a limit, and changes nothing', async () => {
    const quiet = await workspace.play(scripted(honest));
    const loud = await play(`${scripted(honest)}
      console.log('one'); console.error('two\\nthree'); process.stdout.write('no end');
      for (let i = 0; i < 5000; i++) console.log('flood of lines ' + i);`);
    expect(loud.success).toBe(true);
    const [{ telemetry }] = trace(loud) as [TraceEntry];
    const { log } = telemetry as unknown as { log: string[] };
    expect(log.slice(0, 3)).toEqual(['one', 'two', 'three']);
    expect(log.join('').length).toBeLessThanOrEqual(8_192);
    expect(trace(loud).map(({ result }) => result)).toEqual(trace(quiet).map(({ result }) => result));
  });

  test('a file without an agent is no episode', async () => {
    await expect(play('export const x = 1;')).rejects.toMatchObject({
      code: 'AGENT_INVALID',
      message: expect.stringMatching(/^agents\/node_\d+\.ts: no agent found/),
    });
  });

  test('an agent that imports a task is refused before it runs [REQ-SBX-06]', async () => {
    const file = join(workspace.dir, 'task-0');
    await workspace.write('task-0/task.toml', '');
    await workspace.write('task-0/answers.ts', 'export const answer = 1;');
    const artifact = await play(`import { answer } from '../task-0/answers.ts'; export default { act: () => answer };`);
    expect(artifact, file).toMatchObject({ termination_reason: 'sandbox_violation', action_trace: [] });
  });
});

describe('which host an agent gets', () => {
  const needsNode =
    "import { sep } from 'node:path'; export default { act: () => ({ type: 'mixed', args: { x: sep } }) };";

  test('a process when it needs Node, which is said', async () => {
    const file = await workspace.write('agents/needs_node.ts', needsNode);
    const agent = await workspace.loader.agent(file);
    expect(agent.notice).toBe('agents/needs_node.ts needs Node built-ins (node:path): run in a process of its own');
    expect((await workspace.playAgain(agent, { budgets: { steps: 1 } })).action_trace[0]?.action).toMatchObject({
      args: { x: '/' },
    });
    await expect(workspace.loader.agent(file, { isolation: 'isolate' })).rejects.toMatchObject({
      code: 'AGENT_NEEDS_NODE',
    });
  });

  test('packages of the older form may require what Node has', async () => {
    await workspace.write('node_modules/old/index.js', "module.exports = require('path').sep;");
    const artifact = await play(
      "import sep from 'old'; export default { act: () => ({ type: 'mixed', args: { x: sep } }) };",
      { budgets: { steps: 1 } },
    );
    expect(artifact.action_trace[0]?.action).toMatchObject({ args: { x: '/' } });
  });

  test('a host that an agent was not loaded for is refused', async () => {
    const agent = await nodeAgent(needsNode);
    await expect(workspace.playAgain(agent, { isolation: 'inline' })).rejects.toMatchObject({
      code: 'ISOLATION_REFUSED',
    });
    await expect(workspace.loader.agent('cmd:true', { isolation: 'isolate' })).rejects.toMatchObject({
      code: 'ISOLATION_REFUSED',
    });
  });
});

describe('cmd: any program', () => {
  const shellAgent = (args: string, env: Record<string, string> = {}) =>
    loadWith(`cmd:sh agents/agent.sh ${args}`, env);
  const loadWith = async (text: string, env: Record<string, string> = {}) => {
    const options = {
      workspaceRoot: workspace.dir,
      builtinRoot: repositoryRoot,
      cacheDir: null,
      modules: await kitModules(),
      env,
    };
    return createLoader(options).agent(text);
  };

  test('a shell script plays an episode, the artifact names its host, and its score is derived again [REQ-SBX-08]', async () => {
    const task = await workspace.task();
    const agent = await shellAgent('"a b"');
    const artifact = await workspace.playAgain(agent, { task });
    expectSound(artifact);
    expect(artifact).toMatchObject({
      success: true,
      agent_ref: "cmd:sh agents/agent.sh 'a b'",
      isolation: { mechanism: COMMAND_MECHANISM, guarantees: { clock: 'none' } },
    });
    expect(await rederive(artifact, task, workspace.runner)).toBeNull();
  });

  test('its hash follows its words and the bytes of its files, wherever the workspace lies', async () => {
    const hash = async (args: string) => (await shellAgent(args)).hash;
    expect(await hash('x')).toBe(await hash('x'));
    expect(await hash('x')).not.toBe(await hash('y'));
    await workspace.write('agents/data.txt', '1');
    const before = await hash('agents/data.txt');
    await workspace.write('agents/data.txt', '2');
    expect(await hash('agents/data.txt')).not.toBe(before);
  });

  test.each([
    ['exit', 'agent_exception', 'act: exited with code 3 before it answered act'],
    ['hang', 'timeout', 'act did not answer in time'],
  ])('one that may %s', async (mode, reason, said) => {
    const artifact = await workspace.playAgain(await shellAgent('', { MODE: mode }), {
      limits: { callDeadlineMs: 1_000 },
    });
    expect(artifact).toMatchObject({ termination_reason: reason, failure_reason: said });
  });

  test('noise between its answers is logged', async () => {
    const artifact = await workspace.playAgain(await shellAgent('noise'));
    expect(artifact).toMatchObject({
      success: true,
      action_trace: [{ telemetry: { log: ['thinking about it'] } }, {}],
    });
  });

  test.each([
    ['cmd:', 'COMMAND_INVALID'],
    ["cmd:sh 'open", 'COMMAND_INVALID'],
    ['cmd:no-such-program-here', 'AGENT_NOT_FOUND'],
    ['cmd:./agents', 'AGENT_NOT_FOUND'],
  ])('%s is refused', async (text, code) => {
    await expect(loadWith(text)).rejects.toMatchObject({ name: 'RunnerError', code });
  });
});

describe('nothing is left running', () => {
  const folders = () => readdirSync(temporary).filter((name) => name.startsWith('tracecore-program-'));

  test('after a hundred killed episodes, grandchildren that ignore signals included', async () => {
    const marker = `tracecore-orphan-${process.pid}`;
    const before = new Set(folders());
    const agent = await workspace.loader.agent(
      `cmd:sh -c 'trap "" TERM HUP INT; sh -c "trap : TERM HUP INT; while :; do sleep 5; done" ${marker} & while :; do sleep 5; done' ${marker}`,
    );
    const limits = { callDeadlineMs: 60 };
    const played = await Promise.all(
      Array.from({ length: 100 }, (_, seed) => workspace.playAgain(agent, { seed, limits })),
    );
    expect(new Set(played.map(({ termination_reason }) => termination_reason))).toEqual(new Set(['timeout']));
    // What was killed may take a moment to be gone.
    await expect.poll(() => processesWith(marker)).toEqual([]);
    expect(folders().filter((name) => !before.has(name))).toEqual([]);
  }, 120_000);

  test.each(['parent', 'worker'])(
    'when the %s is killed in the middle of an episode',
    async (victim) => {
      const marker = `tracecore-${victim}-${process.pid}`;
      const before = new Set(folders());
      const script = fileURLToPath(new URL('../testing/process-parent.mjs', import.meta.url));
      spawnSync(process.execPath, [script, victim, marker], { stdio: 'inherit' });
      await expect.poll(() => processesWith(marker), { timeout: 10_000 }).toEqual([]);
      await expect.poll(() => folders().filter((name) => !before.has(name)), { timeout: 5_000 }).toEqual([]);
    },
    120_000,
  );
});
