import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CONFINEMENTS } from '@tracecore/sandbox/confine';
import { artifactIssues } from '@tracecore/spec';
import { afterEach, describe, expect, test } from 'vitest';
import { isAlive, openPaths } from './testing/processes.js';
import { openWorkspace, scripted, type Workspace } from './testing/workspace.js';

const open: Workspace[] = [];
async function workspaceOf(options: { workers?: number } = {}): Promise<Workspace> {
  const workspace = await openWorkspace(options);
  open.push(workspace);
  return workspace;
}
afterEach(async () => {
  for (const workspace of open.splice(0)) await workspace.close();
});

const honest = [
  { type: 'add', args: { n: 2 } },
  { type: 'report', args: { total: 2 } },
];

describe('an agent that means harm loses its own episode, and the next one is as it would have been', () => {
  test.each([
    ['loops for ever', 'export default { act() { for (;;) {} } };', 'timeout'],
    [
      'chains promises for ever',
      'export default { act() { const f = () => { Promise.resolve().then(f); }; f(); } };',
      'timeout',
    ],
    ['ends its process', 'export default { act() { process.exit(0); } };', 'agent_exception'],
    [
      'allocates for ever',
      'export default { act() { const a = []; for (;;) a.push(new Array(1e5).fill(1)); } };',
      'agent_exception',
    ],
    ['grows a text for ever', 'export default { act() { let s = "xx"; for (;;) s += s; } };', 'agent_exception'],
    ['recurses for ever', 'export default { act() { const f = () => f() + 1; return f(); } };', 'agent_exception'],
    [
      'recurses through JSON',
      'export default { act() { let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return JSON.stringify(a); } };',
      'agent_exception',
    ],
    [
      'answers with a huge text',
      'export default { act: () => ({ type: "mixed", args: { x: "x".repeat(9e6) } }) };',
      'invalid_action',
    ],
    [
      'answers too deep',
      'export default { act() { let a = []; for (let i = 0; i < 500; i++) a = [a]; return { type: "mixed", args: { x: a } }; } };',
      'invalid_action',
    ],
  ])('%s [REQ-LIFE-14] [REQ-LIFE-13]', async (_what, source, reason) => {
    const workspace = await workspaceOf();
    const agent = await workspace.agent(scripted(honest));
    const before = await workspace.playAgain(agent);
    const harmed = await workspace.play(source);
    expect(harmed).toMatchObject({ success: false, termination_reason: reason });
    expect(artifactIssues(harmed)).toEqual([]);
    const after = await workspace.playAgain(agent);
    expect(after).toMatchObject({ success: true, artifact_hash: before.artifact_hash });
  });

  test('one that burns no fuel is killed at the wall clock, with what it did before on record [REQ-BUD-08]', async () => {
    const workspace = await workspaceOf();
    const agent = `let n = 0; export default { act() { if (n++ > 0) { const a = []; a.length = 2 ** 32 - 1; a.indexOf(1); } return { type: 'add', args: { n: 1 } }; } };`;
    const artifact = await workspace.play(agent, { budgets: { wall_clock_seconds: 3 } });
    expect(artifact).toMatchObject({ termination_reason: 'timeout', steps_used: 1, tool_calls_used: 1 });
    expect(artifact.action_trace).toHaveLength(1);
    expect(await workspace.playActions(honest)).toMatchObject({ success: true });
  });

  test('state of one episode is not there in the next [REQ-LIFE-02]', async () => {
    const workspace = await workspaceOf();
    const agent = await workspace.agent(`globalThis.seen = (globalThis.seen ?? 0) + 1; let n = 0;
      const before = ({}).left ?? 0; Object.prototype.left = before + 1;
      export default { act: () => ({ type: 'mixed', args: { x: [globalThis.seen, before, ++n] } }) };`);
    const first = await workspace.playAgain(agent, { budgets: { steps: 2 } });
    const again = await workspace.playAgain(agent, { budgets: { steps: 2 } });
    expect(first.action_trace[1]?.action).toMatchObject({ args: { x: [1, 0, 2] } });
    expect(again.artifact_hash).toBe(first.artifact_hash);
  });
});

describe('worker processes', () => {
  test('the death of one is its own: the episode is played again, the others go on [REQ-BATCH-01]', async () => {
    const workspace = await workspaceOf({ workers: 2 });
    const lonely = await workspace.playActions(honest);
    const slow = `export default { act() { let x = 0; for (let i = 0; i < 3e6; i++) x += i; return { type: 'add', args: { n: 1 } }; } };`;
    const [victim, bystander] = [workspace.play(slow), workspace.playActions(honest)];
    await expect.poll(() => workspace.workers().length, { timeout: 5_000 }).toBe(2);
    process.kill(workspace.workers()[0] as number, 'SIGKILL');
    expect((await bystander).termination_reason).toBe(lonely.termination_reason);
    expect((await victim).termination_reason).toBe('tool_calls_exhausted');
  });

  test('many episodes at once give what each gives alone', async () => {
    const workspace = await workspaceOf({ workers: 2 });
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    const agent = await workspace.agent(
      `export default { act: () => ({ type: 'mixed', args: { x: Math.random() } }) };`,
    );
    const task = await workspace.task();
    const run = (seed: number) => workspace.playAgain(agent, { task, seed, budgets: { steps: 2 } });
    const together = await Promise.all(seeds.map(run));
    const alone = [];
    for (const seed of seeds) alone.push(await run(seed));
    const hashes = (list: { artifact_hash: string }[]) => list.map(({ artifact_hash }) => artifact_hash);
    expect(hashes(together)).toEqual(hashes(alone));
    expect(new Set(hashes(alone)).size).toBe(seeds.length);
  });

  test('those that hang at once are killed each for itself, and nothing else is lost [REQ-BATCH-01] [REQ-LIFE-14]', async () => {
    const workspace = await workspaceOf({ workers: 4 });
    const stuck = `let n = 0; export default { act() { if (n++ > 0) { const a = []; a.length = 2 ** 32 - 1; a.indexOf(1); } return { type: 'add', args: { n: 1 } }; } };`;
    const [bad, good, task] = [
      await workspace.agent(stuck),
      await workspace.agent(scripted(honest)),
      await workspace.task(),
    ];
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    const undisturbed = [];
    for (const seed of seeds) undisturbed.push(await workspace.playAgain(good, { task, seed }));
    const hang = (seed: number) => workspace.playAgain(bad, { task, seed, budgets: { wall_clock_seconds: 3 } });
    const [hung, played] = await Promise.all([
      Promise.all([1, 2, 3].map(hang)),
      Promise.all(seeds.map((seed) => workspace.playAgain(good, { task, seed }))),
    ]);
    for (const artifact of hung) expect(artifact).toMatchObject({ termination_reason: 'timeout', steps_used: 1 });
    expect(played.map(({ artifact_hash }) => artifact_hash)).toEqual(
      undisturbed.map(({ artifact_hash }) => artifact_hash),
    );
  });

  test('close ends them, and a closed runner says so', async () => {
    const workspace = await workspaceOf();
    await workspace.playActions(honest);
    expect(workspace.workers()).toHaveLength(1);
    await workspace.runner.close();
    expect(workspace.workers()).toHaveLength(0);
    await expect(workspace.playActions(honest)).rejects.toMatchObject({ code: 'RUNNER_CLOSED' });
  });

  test('a program that awaits close ends by itself, and so does one that never calls it', async () => {
    const script = fileURLToPath(new URL('./testing/short-program.mjs', import.meta.url));
    for (const [how, said] of [
      ['close', 'played timeout\nclosed\n'],
      ['leave', 'played timeout\n'],
    ] as const) {
      const program = spawn(process.execPath, [script, how], { stdio: ['ignore', 'pipe', 'inherit'] });
      let out = '';
      program.stdout.on('data', (data) => {
        out += data;
      });
      expect(await new Promise((resolve) => program.once('close', resolve))).toBe(0);
      expect(out).toBe(said);
    }
  });

  test.each(CONFINEMENTS)(
    'none outlives a parent that was killed, even in an endless loop, where %s is the strongest',
    async (confinement) => {
      const script = fileURLToPath(new URL('./testing/endless-parent.mjs', import.meta.url));
      const folder = openSync('/', 'r');
      const stdio = ['ignore', 'pipe', 'inherit', ...Array(17).fill('ignore'), folder];
      const parent = spawn(process.execPath, [script, confinement], { stdio }) as ChildProcess;
      closeSync(folder);
      const said = await new Promise((resolve) => parent.stdout?.once('data', (data) => resolve(String(data))));
      const workers = JSON.parse(said as string) as number[];
      expect(workers.length).toBeGreaterThan(0);
      expect(workers.filter(isAlive)).toEqual(workers);
      // Nor is it handed what its parent was handed open.
      for (const worker of workers) expect(openPaths(worker)).not.toContain('/');
      parent.kill('SIGKILL');
      await expect.poll(() => workers.filter(isAlive), { timeout: 10_000 }).toEqual([]);
    },
  );
});
