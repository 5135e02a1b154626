import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchAttempt } from '@tracecore/runner';
import { packAgent } from '@tracecore/runner';
import { afterEach, describe, expect, test } from 'vitest';
import {
  builtDeps,
  freePort,
  noRedis,
  planHere,
  QueueServer,
  startWorkerProcess,
  type WorkerProcess,
} from './testing/queue.js';
import { filesIn, startTracecore, tracecore, withFolder } from './testing/tracecore.js';

const SECRET = 'h0rse-battery';
const idle = new AbortController().signal;
const MIX = [
  { agent: 'agents/toy_agent.ts', task: 'filesystem_hidden_config@1', seeds: 125 },
  { agent: 'agents/rate_limit_agent.ts', task: 'rate_limited_api@1', seeds: 125 },
  { agent: 'agents/log_stream_monitor_agent.ts', task: 'log_stream_monitor@1', seeds: 125 },
  { agent: 'agents/chain_agent.ts', task: 'rate_limited_chain@1', seeds: 125 },
];

test(
  'a worker without a queue, or with one that is not there, says so and shows no password',
  () =>
    withFolder(async (cwd) => {
      const none = tracecore(['worker'], { cwd });
      expect([none.code, none.stderr]).toEqual([
        2,
        'tracecore: give the queue with --queue redis://HOST:PORT, or in TRACECORE_QUEUE\n',
      ]);
      const url = `redis://127.0.0.1:${await freePort()}`;
      const env = { TRACECORE_QUEUE: url, TRACECORE_QUEUE_PASSWORD: SECRET };
      const calls = [
        ['worker'],
        ['batch', 'list', '--queue', url],
        ['batch', 'status', 'b', '--queue', url, '--debug'],
        ['batch', 'cancel', 'b'],
      ];
      for (const argv of calls) {
        const { code, stdout, stderr } = tracecore(argv, { cwd, env });
        expect(code).toBe(1);
        expect(stderr).toContain(`no queue at redis://:***@${url.slice('redis://'.length)}: connect ECONNREFUSED`);
        expect(stdout + stderr).not.toContain(SECRET);
      }
      expect(tracecore(['worker', '--queue', `http://:${SECRET}@q`], { cwd })).toMatchObject({
        code: 2,
        stderr: expect.not.stringContaining(SECRET),
      });
      expect(tracecore(['worker', '--rate', 'a=b', '--queue', url], { cwd }).stderr).toContain(
        '--rate must be NAME=EPISODES/SECONDS, such as openai=60/60, got "a=b"',
      );
    }),
  120_000,
);

describe.skipIf(noRedis)(`workers on a queue${noRedis ? ` (left out: ${noRedis})` : ''}`, () => {
  const started: WorkerProcess[] = [];
  const servers: QueueServer[] = [];
  afterEach(async () => {
    for (const { child, ended } of started.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
    for (const server of servers.splice(0)) await server.close();
  });
  async function open(): Promise<QueueServer> {
    const server = await QueueServer.open();
    servers.push(server);
    return server;
  }
  async function work(url: string, argv: readonly string[], cwd: string): Promise<WorkerProcess> {
    const worker = await startWorkerProcess(url, argv, cwd);
    started.push(worker);
    return worker;
  }

  test(
    'one killed, one paused past its lock, the server restarted: 500 jobs, 500 results, none lost, none twice',
    () =>
      withFolder(async (cwd) => {
        const server = await open();
        const { url } = server;
        const local = await planHere(cwd, MIX);
        const { createQueueEngine, batchStatus } = await builtDeps(cwd).load.queue();
        const [a, b] = await Promise.all(
          ['a', 'b', 'c'].map((name) => work(url, ['--name', name, '--concurrency', '1', '--lock', '3'], cwd)),
        );
        const c = started.at(-1);
        const attempts: BatchAttempt[] = [];
        const at = new Map<number, () => Promise<void>>([
          [60, () => stopWhilePlaying(url, a as WorkerProcess, 'a').then(() => void a?.child.kill('SIGKILL'))],
          [120, () => stopWhilePlaying(url, b as WorkerProcess, 'b')],
          [
            220,
            async () => {
              await server.kill();
              await server.start();
            },
          ],
        ]);
        const happened: Promise<void>[] = [];
        const report = async (attempt: BatchAttempt) => {
          attempts.push(attempt);
          const happen = at.get(attempts.filter(({ final }) => final).length);
          if (happen === undefined || !attempt.final) return;
          // The batch goes on meanwhile, but not so far that there is nothing left to break.
          const happening = happen();
          happened.push(happening);
          await happening;
        };
        const running = createQueueEngine({ url, batchId: 'torn' }).run(local.jobs, report, idle);
        // Whoever took over what b held has said so; only then b goes on, with work that is no longer its own.
        const taken = () => attempts.some(({ worker, outcome }) => worker === 'b' && outcome.kind === 'infrastructure');
        await Promise.race([running, until(taken)]);
        b?.child.kill('SIGCONT');
        await running;
        await Promise.all(happened);

        expect(happened).toHaveLength(3);
        const finals = attempts.filter(({ final }) => final);
        expect(finals).toHaveLength(500);
        expect(new Set(finals.map(({ job }) => job.id)).size).toBe(500);
        expect(finals.filter(({ outcome }) => outcome.kind !== 'artifact')).toEqual([]);
        const lost = attempts.filter(({ final }) => !final);
        expect(new Set(lost.map(({ worker }) => worker))).toEqual(new Set(['a', 'b']));
        for (const { outcome } of lost) expect(outcome).toMatchObject({ kind: 'infrastructure', code: 'WORKER_LOST' });
        const hashes = new Map(
          finals.flatMap(({ job, outcome }) =>
            outcome.kind === 'artifact' ? [[job.id, String(outcome.artifact.artifact_hash)] as const] : [],
          ),
        );
        expect(hashes).toEqual(await local.hashes());
        await local.close();
        const { batch } = await batchStatus({ url }, 'torn');
        expect(batch).toMatchObject({ state: 'done', total: 500, queued: 0, playing: 0, waiting: 0 });

        b?.child.kill('SIGTERM');
        c?.child.kill('SIGTERM');
        expect(await Promise.all([a?.ended, b?.ended, c?.ended])).toEqual(['SIGKILL', 0, 0]);
        expect(c?.stderr()).toMatch(/stopped; \d+ episodes played\n$/);
      }),
    300_000,
  );

  /** Stops a worker in the middle of an episode. */
  async function stopWhilePlaying(url: string, { child }: WorkerProcess, name: string): Promise<void> {
    const { Redis } = await import('ioredis');
    const redis = new Redis(url);
    try {
      for (;;) {
        child.kill('SIGSTOP');
        // What it had sent by then arrives.
        await sleep(50);
        for (const key of await redis.keys('tracecore:batch:torn:chunk:*')) {
          const [worker, running] = await redis.hmget(key, 'worker', 'r');
          if (worker === name && running !== null) return;
        }
        child.kill('SIGCONT');
        await sleep(5);
      }
    } finally {
      redis.disconnect();
    }
  }

  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await sleep(20);
  }

  test(
    "an agent's code travels with the batch to a worker that accepts code, and to no other",
    () =>
      withFolder(async (cwd) =>
        withFolder(async (elsewhere) => {
          const server = await open();
          await mkdir(join(cwd, 'agents/lib'), { recursive: true });
          await writeFile(join(cwd, 'agents/lib/path.ts'), `export const path = '/app/config.txt';\n`);
          const text = `import { path } from './lib/path.js';\nexport default { act: () => ({ type: 'read_file', args: { path } }) };\n`;
          await writeFile(join(cwd, 'agents/mine.ts'), text);
          const local = await planHere(cwd, [
            { agent: 'agents/mine.ts', task: 'filesystem_hidden_config@1', seeds: 6 },
          ]);
          const deps = builtDeps(cwd);
          const { createLoader } = await deps.load.runner();
          const file = join(cwd, 'agents/mine.ts');
          const code = await packAgent(file, await createLoader({ workspaceRoot: cwd, cacheDir: null }).agent(file));
          const { createQueueEngine } = await deps.load.queue();
          const attempts: BatchAttempt[] = [];
          const run = (batchId: string) =>
            createQueueEngine({
              url: server.url,
              batchId,
              patienceMs: 500,
              code: new Map([[code.agent_hash, code]]),
            }).run(local.jobs, async (attempt) => void attempts.push(attempt), idle);
          const careful = await work(server.url, ['--name', 'careful'], elsewhere);
          await run('refused');
          expect(attempts).toHaveLength(6);
          for (const { outcome } of attempts.splice(0)) {
            expect(outcome).toMatchObject({
              ...{ kind: 'infrastructure', code: 'AGENT_DIFFERS' },
              message: expect.stringMatching(
                /agents\/mine\.ts cannot be had here: .* a worker with --accept-code takes/,
              ),
            });
          }
          await work(server.url, ['--name', 'open', '--accept-code'], elsewhere);
          await run('taken');
          expect(attempts.map(({ worker }) => worker)).toEqual(Array(6).fill('open'));
          const hashes = attempts.map(({ job, outcome }) => [
            job.id,
            outcome.kind === 'artifact' ? outcome.artifact.artifact_hash : outcome,
          ]);
          expect(new Map(hashes as [string, string][])).toEqual(await local.hashes());
          await local.close();
          expect(careful.stderr()).toContain('left to other workers: filesystem_hidden_config@1 by agents/mine.ts');
        }),
      ),
    300_000,
  );

  test(
    'commands and paths of a queue are strangers, and batch list, status and cancel tell of it',
    () =>
      withFolder(async (cwd) => {
        const server = await open();
        const { url } = server;
        await work(url, ['--name', 'w'], cwd);
        const local = await planHere(cwd, [
          { agent: 'agents/toy_agent.ts', task: 'filesystem_hidden_config@1', seeds: 1 },
        ]);
        await local.close();
        const [job] = local.jobs;
        if (job === undefined) throw new Error('nothing was planned');
        const { createQueueEngine } = await builtDeps(cwd).load.queue();
        const agents = ['cmd:touch owned', '../outside.ts', '/etc/passwd.ts'];
        const bad = agents.map((agent, at) => ({ ...job, agent, id: `${at}` }));
        const attempts: BatchAttempt[] = [];
        await createQueueEngine({ url, batchId: 'strange', patienceMs: 0 }).run(
          bad,
          async (one) => void attempts.push(one),
          idle,
        );
        const said = attempts.map(({ job: { agent }, outcome }) => [
          agent,
          outcome.kind === 'artifact' ? '' : outcome.message,
        ]);
        const messages = Object.fromEntries(said);
        expect(messages['cmd:touch owned']).toContain('is run only by a worker with --accept-commands');
        expect(messages['../outside.ts']).toContain('a path that comes from a queue must stay below the workspace');
        expect(messages['/etc/passwd.ts']).toContain('a path that comes from a queue must stay below the workspace');

        const list = tracecore(['batch', 'list', '--queue', url], { cwd });
        expect([list.code, list.stderr]).toEqual([0, '']);
        expect(list.stdout).toMatch(
          /^batch +state +stored +queued +playing +waiting +given up +created\nstrange +done +3\/3 +0 +0 +0 +3 /,
        );
        const status = tracecore(['batch', 'status', 'strange', '--queue', url], { cwd });
        expect(status.stdout).toMatch(/^batch strange: done\n {2}stored: 3 of 3, 3 of them given up\n/);
        expect(status.stdout).toMatch(/\n {4}w: \d at once, tracecore-ts \S+\n/);
        const asJson = JSON.parse(tracecore(['batch', 'status', 'strange', '--json', '--queue', url], { cwd }).stdout);
        expect(asJson).toMatchObject({ version: 1, batch: { id: 'strange', state: 'done' }, workers: [{ name: 'w' }] });
        expect(tracecore(['batch', 'cancel', 'strange', '--queue', url], { cwd })).toMatchObject({
          ...{ code: 0, stdout: 'cancelled: 0 episodes taken from the queue\n' },
        });
        expect(tracecore(['batch', 'cancel', 'never', '--queue', url], { cwd })).toMatchObject({
          ...{ code: 2, stderr: `tracecore: there is no batch never on ${url}; the latest are strange\n` },
        });
      }),
    300_000,
  );

  test(
    'run batch --queue: a submitter that is killed is resumed, and takes what was played meanwhile',
    () =>
      withFolder(async (cwd) =>
        withFolder(async (elsewhere) => {
          const server = await open();
          const { url } = server;
          await mkdir(join(cwd, 'agents'));
          const text = `export default { act: () => ({ type: 'read_file', args: { path: '/app/config.txt' } }) };\n`;
          await writeFile(join(cwd, 'agents/mine.ts'), text);
          const asked = ['--agent', 'agents/mine.ts', '--task', 'filesystem_hidden_config', '--seeds', '0..199'];
          const worker = await work(url, ['--name', 'w', '--accept-code', '--concurrency', '1'], elsewhere);
          const submitter = startTracecore(['run', 'batch', ...asked, '--queue', url, '--send-agent'], { cwd });
          let stderr = '';
          submitter.stderr.on('data', (part) => {
            stderr += part;
          });
          const gone = new Promise((resolve) => submitter.once('exit', resolve));
          await until(() => /tracecore: \d+\/200/.test(stderr) || submitter.exitCode !== null);
          submitter.kill('SIGKILL');
          await gone;

          const resumed = tracecore(['run', 'batch', '--resume', 'latest', '--queue', url, '--send-agent', '--json'], {
            cwd,
          });
          expect(resumed.code).toBe(1);
          const { batch_id, total, failed, infrastructure, pending } = JSON.parse(resumed.stdout);
          expect({ total, failed, infrastructure, pending }).toEqual({
            total: 200,
            failed: 200,
            infrastructure: 0,
            pending: 0,
          });
          const runs = (await filesIn(cwd)).filter((file) => file.startsWith(join('.agent_bench', 'runs')));
          expect(runs).toHaveLength(200);
          const status = tracecore(['batch', 'status', batch_id, '--queue', url, '--json'], { cwd });
          expect(JSON.parse(status.stdout).batch).toMatchObject({ state: 'done', total: 200, stored: 200, queued: 0 });
          worker.child.kill('SIGTERM');
          await worker.ended;
          // Nothing was played twice, whoever was there to collect it.
          expect(worker.stderr()).toContain('stopped; 200 episodes played');

          expect(tracecore(['run', 'batch', ...asked, '--queue', url, '--workers', '2'], { cwd })).toMatchObject({
            ...{ code: 2, stderr: expect.stringContaining('--workers is of this machine') },
          });
          expect(tracecore(['run', 'batch', ...asked, '--send-agent'], { cwd }).stderr).toContain('goes with --queue');
        }),
      ),
    300_000,
  );
});
