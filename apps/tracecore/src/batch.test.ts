import { once } from 'node:events';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { aliveOf, batchIds, familyOf, hashesOf, journalOf } from './testing/batches.js';
import { filesIn, IDLE_AGENT, onlyRun, startTracecore, tracecore, withFolder } from './testing/tracecore.js';

const TOY = ['--agent', 'agents/toy_agent.ts', '--task', 'filesystem_hidden_config'];
const batch = (cwd: string, ...argv: string[]) => tracecore(['run', 'batch', ...argv], { cwd });
const jsonOf = (text: string) => JSON.parse(text) as Record<string, unknown> & { batch_id: string };

describe('run batch', () => {
  test('plays every seed and tells the score, as text, JSON, JUnit, Markdown and for a CI page', () =>
    withFolder(async (cwd) => {
      const reports = ['--json', '--junit', 'report.xml', '--markdown', 'report.md', '--strict-spec'];
      const env = { GITHUB_STEP_SUMMARY: join(cwd, 'step.md') };
      const { code, stdout } = tracecore(['run', 'batch', ...TOY, '--seeds', '0..5', ...reports], { cwd, env });
      expect(code).toBe(0);
      const summary = jsonOf(stdout);
      expect(summary).toMatchObject({ total: 6, passed: 6, failed: 0, infrastructure: 0, pending: 0, failures: [] });
      expect(hashesOf(cwd)).toHaveLength(6);
      expect(await readFile(join(cwd, 'report.xml'), 'utf8')).toContain('tests="6" failures="0" errors="0"');
      const markdown = await readFile(join(cwd, 'report.md'), 'utf8');
      expect(markdown).toContain('**6 of 6 passed**');
      expect(await readFile(join(cwd, 'step.md'), 'utf8')).toBe(markdown);
      const status = tracecore(['batch', 'status', summary.batch_id, '--json'], { cwd });
      expect(jsonOf(status.stdout)).toEqual(summary);
      const list = tracecore(['batch', 'list'], { cwd });
      expect(list.stdout).toMatch(new RegExp(`^batch .*\\n${summary.batch_id}  over +6 +6 +0`));
    }));

  test('gives the artifact that a single run gives, but for its id', () =>
    withFolder(async (cwd) => {
      expect(batch(cwd, ...TOY, '--seed', '7').code).toBe(0);
      const hashes = hashesOf(cwd);
      await rm(join(cwd, '.agent_bench', 'runs'), { recursive: true });
      expect(tracecore(['run', ...TOY, '--seed', '7'], { cwd }).code).toBe(0);
      expect(hashesOf(cwd)).toEqual(hashes);
      expect((await onlyRun(cwd)).endsWith('.json')).toBe(true);
    }));

  test('names a timeout, stops after so many failures, and goes on when it is resumed', () =>
    withFolder(async (cwd) => {
      await writeFile(join(cwd, 'loop.js'), 'export default { act() { for (;;) {} } };\n');
      const stopped = batch(
        cwd,
        ...['--agent', 'loop.js', '--task', 'log_stream_monitor', '--seeds', '0..2', '--timeout', '1'],
        ...['--workers', '1', '--max-failures', '1', '--json'],
      );
      expect(stopped.code).toBe(1);
      const first = jsonOf(stopped.stdout);
      expect(first).toMatchObject({ failed: 1, pending: 2, failure_types: { timeout: 1 } });
      expect(first.stopped).toMatchObject({
        reason: 'max_failures',
        message: expect.stringContaining(`tracecore run batch --resume ${first.batch_id}`),
      });
      const resumed = batch(cwd, '--resume', first.batch_id, '--json');
      expect(resumed.code).toBe(1);
      expect(jsonOf(resumed.stdout)).toMatchObject({ failed: 3, pending: 0, stopped: null });
      expect(await journalOf(cwd, first.batch_id)).toHaveLength(3);
    }));

  test('plays only what has no artifact, and what was planned with other code not at all', () =>
    withFolder(async (cwd) => {
      await writeFile(join(cwd, 'idle.js'), IDLE_AGENT);
      const planned = ['--agent', 'idle.js', '--task', 'log_stream_monitor', '--seeds', '0..2'];
      const { batch_id: id } = jsonOf(batch(cwd, ...planned, '--json').stdout);
      const [line] = await journalOf(cwd, id);
      await rm(join(cwd, '.agent_bench', 'runs', `${line?.run_id}.json`));
      const resumed = batch(cwd, '--resume', 'latest', '--json');
      expect([resumed.code, jsonOf(resumed.stdout)]).toMatchObject([1, { failed: 3, retried: 1 }]);
      await writeFile(join(cwd, 'idle.js'), `${IDLE_AGENT}// changed\nconsole.log('x');\n`);
      const refused = batch(cwd, '--resume', 'latest');
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain('idle.js is not what the batch was planned with');
      expect(await filesIn(join(cwd, '.agent_bench', 'batches', id))).not.toContain('lock/owner.json');
      const plan = join(cwd, '.agent_bench', 'batches', id, 'plan.json');
      await writeFile(plan, (await readFile(plan, 'utf8')).replace(/"runtime": "[^"]+"/, '"runtime": "0.0.9"'));
      const older = batch(cwd, '--resume', 'latest');
      expect([older.code, older.stderr]).toEqual([2, expect.stringContaining('planned by tracecore 0.0.9')]);
    }));

  test('tells machinery that failed from agents that did', () =>
    withFolder(async (cwd) => {
      await writeFile(join(cwd, 'empty.js'), 'export default 3;\n');
      const { code, stdout } = batch(cwd, '--agent', 'empty.js', '--task', 'log_stream_monitor', '--json');
      expect([code, jsonOf(stdout)]).toMatchObject([
        3,
        { failed: 0, infrastructure: 1, infrastructure_codes: { AGENT_INVALID: 1 }, stopped: { reason: 'given_up' } },
      ]);
    }));

  test('stops when artifacts cannot be written, and goes on once they can', () =>
    withFolder(async (cwd) => {
      await mkdir(join(cwd, '.agent_bench'));
      await writeFile(join(cwd, '.agent_bench', 'runs'), 'in the way');
      const stopped = batch(cwd, ...TOY, '--seeds', '0..4');
      expect(stopped.code).toBe(3);
      expect(stopped.stdout).toContain('0 failed, 0 infrastructure, 5 not played');
      expect(stopped.stdout).toContain('stopped: could not make the folder');
      await rm(join(cwd, '.agent_bench', 'runs'));
      expect(batch(cwd, '--resume', 'latest').code).toBe(0);
      expect(hashesOf(cwd)).toHaveLength(5);
    }));
});

describe('a batch that is wrong', () => {
  test('has every fault named by its place, and nothing runs', () =>
    withFolder(async (cwd) => {
      const entries = [
        { agent: 'agents/toy_agent.ts', task: 'no_such_task' },
        { agent: 'none.ts', task: 'filesystem_hidden_config' },
        { agent: 'agents/toy_agent.ts', task: 'filesystem_hidden_config', seeds: '0..3' },
        { agent: 'agents/toy_agent.ts', task: 'filesystem_hidden_config@1', seed: 2 },
        { agent: 'agents/toy_agent.ts', task: 'filesystem_hidden_config', budgets: { steps: 100_000 } },
      ];
      await writeFile(join(cwd, 'jobs.json'), JSON.stringify(entries));
      const { code, stdout, stderr } = batch(cwd, '--batch-file', 'jobs.json');
      expect([code, stdout]).toEqual([2, '']);
      for (const fault of ['/0: there is no task', '/1: no agent file', 'seed 2 is in /2 and /3', '/4: steps budget']) {
        expect(stderr).toContain(fault);
      }
      await writeFile(join(cwd, 'jobs.json'), '[{"agent":1,"task":"t"},{"agent":"a"},{"agent":"a","task":"t","x":1}]');
      const typed = batch(cwd, '--batch-file', 'jobs.json');
      expect(typed.code).toBe(2);
      for (const fault of ['/0/agent must be a string', '/1/task is required', '/2/x is not a field', '3 faults']) {
        expect(typed.stderr).toContain(fault);
      }
      expect(batchIds(cwd)).toEqual([]);
    }));

  test.each([
    [[], 'takes one of --batch-file, --all'],
    [['--all', ...TOY], 'takes one of'],
    [['--agent', 'a.ts'], 'needs --task too'],
    [[...TOY, '--seeds', '9..1'], '--seeds must be a range'],
    [[...TOY, '--seeds', '0..1', '--seed', '3'], 'exclude each other'],
    [[...TOY, '--workers', '0'], '--workers must be from 1'],
    [[...TOY, '--shard', '3/2'], '--shard must be I/N'],
    [[...TOY, '--max-failures', '0'], '--max-failures must be'],
    [[...TOY, '--resume', 'latest'], '--agent and --resume exclude each other'],
    [['--resume', 'latest'], 'expected a batch in'],
  ])('%j is refused', (argv, message) =>
    withFolder(async (cwd) => {
      const { code, stderr } = batch(cwd, ...argv);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }),
  );
});

test('shards played apart and merged are what one machine gives, and a missing one is named', () =>
  withFolder(async (cwd) => {
    const planned = [...TOY, '--seeds', '0..6'];
    const folders: string[] = [];
    for (const shard of ['1/2', '2/2']) {
      const { code, stdout } = batch(cwd, ...planned, '--shard', shard, '--json', '--root', `on-${shard[0]}`);
      expect(code).toBe(0);
      folders.push(join(`on-${shard[0]}`, '.agent_bench', 'batches', jsonOf(stdout).batch_id));
    }
    const whole = jsonOf(batch(cwd, ...planned, '--json').stdout);
    const merged = tracecore(['merge', ...folders.reverse(), '--json'], { cwd });
    expect(merged.code).toBe(0);
    const { total, passed, pairs } = whole;
    expect(jsonOf(merged.stdout)).toMatchObject({ total, passed, pairs, pending: 0 });
    const missing = tracecore(['merge', folders[0] as string], { cwd });
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('of 2 shards 1/2 are missing')]);
    await mkdir(join(cwd, 'copy'));
    await cp(join(cwd, folders[0] as string), join(cwd, 'copy'), { recursive: true });
    const twice = tracecore(['merge', ...folders, './copy'], { cwd });
    expect(twice.stderr).toContain('are both shard 2/2');
  }));

test.skipIf(process.platform !== 'linux')('Ctrl-C keeps what was played, ends what runs, and says how to go on', () =>
  withFolder(async (cwd) => {
    await writeFile(join(cwd, 'loop.js'), 'export default { act() { for (;;) {} } };\n');
    const looping = ['--agent', 'loop.js', '--agent', 'agents/toy_agent.ts', '--task', 'filesystem_hidden_config'];
    const child = startTracecore(['run', 'batch', ...looping, '--workers', '2', '--timeout', '300'], { cwd });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
    }
    const closed = once(child, 'close');
    let id: string | undefined;
    while (id === undefined || (await journalOf(cwd, id)).length < 1) {
      [id] = batchIds(cwd);
      await sleep(20);
    }
    const busy = tracecore(['run', 'batch', '--resume', id], { cwd });
    expect([busy.code, busy.stderr]).toEqual([1, expect.stringContaining(`the lock of process ${child.pid}`)]);
    const family = familyOf(child.pid as number);
    child.kill('SIGINT');
    expect((await closed)[0]).toBe(130);
    expect(text).toContain(`tracecore run batch --resume ${id}`);
    expect(text).toContain('1 passed, 0 failed, 0 infrastructure, 1 not played');
    while (aliveOf(family).length > 0) await sleep(20);
    expect(await journalOf(cwd, id)).toHaveLength(1);
  }),
);
