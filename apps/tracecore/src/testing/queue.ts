import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deps } from '@tracecore/cli';
import { batchJob } from '@tracecore/runner';
import type { Artifact, BatchJob } from '@tracecore/spec';
import { openRegistry } from '@tracecore/tasks';
import { createDeps } from '../create-deps.js';
import { startTracecore } from './tracecore.js';

const PROGRAM = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0);

/** Why tests with a real queue are left out, or false. In CI they never are. */
export const noRedis: string | false = PROGRAM === undefined && 'there is no redis-server on the PATH';
if (noRedis && process.env.CI === 'true') throw new Error(`these tests must run in CI: ${noRedis}`);

/** A Redis server on the loopback that writes its append-only file at every command. */
export class QueueServer {
  #child: ChildProcess | undefined;
  private constructor(
    readonly port: number,
    private readonly dir: string,
  ) {}

  static async open(): Promise<QueueServer> {
    const server = new QueueServer(await freePort(), await mkdtemp(join(tmpdir(), 'tracecore-redis-')));
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const argv = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.dir, '--save', ''];
    this.#child = spawn(PROGRAM as string, [...argv, '--appendonly', 'yes', '--appendfsync', 'always'], {
      stdio: 'ignore',
    });
    while (!(await answers(this.port))) await sleep(20);
  }

  /** Ends it as a power failure does. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.dir, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A worker as a process of its own. */
export interface WorkerProcess {
  child: ChildProcess;
  stderr(): string;
  /** Resolves with the exit code, or with the signal that ended it. */
  ended: Promise<number | string | null>;
}

/** Starts `tracecore worker` and waits until it serves. */
export async function startWorkerProcess(
  url: string,
  argv: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<WorkerProcess> {
  const child = startTracecore(['worker', '--queue', url, ...argv], { cwd, env });
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = once(child, 'exit').then(([code, signal]) => code ?? signal);
  const over = ended.then(() => {
    if (!/ serves /.test(stderr)) throw new Error(`the worker ended before it served: ${stderr}`);
  });
  while (!/ serves /.test(stderr)) await Promise.race([sleep(20), over]);
  return { child, stderr: () => stderr, ended };
}

const dist = new URL('../../dist/', import.meta.url);

/** The packages as the built program wires them. */
export function builtDeps(cwd: string): Deps {
  const nothing = () => undefined;
  const io = { stdout: nothing, stderr: nothing, isTTY: false, env: {}, cwd, onInterrupt: () => nothing };
  const { version } = JSON.parse(readFileSync(new URL('../package.json', dist), 'utf8')) as { version: string };
  return createDeps({ io, version, dist });
}

export interface Local {
  jobs: BatchJob[];
  /** The artifact hash of each job by its id, as this machine plays it. */
  hashes(): Promise<Map<string, string>>;
  close(): Promise<void>;
}

/** Plans episodes of agents on tasks over seeds, and plays them here. */
export async function planHere(
  cwd: string,
  pairs: readonly { agent: string; task: string; seeds: number }[],
): Promise<Local> {
  const { builtinRoot, load } = builtDeps(cwd);
  const { createLoader, createRunner } = await load.runner();
  const loader = createLoader({ workspaceRoot: cwd, cacheDir: null });
  const registry = await openRegistry({ builtin: join(builtinRoot, 'tasks'), roots: [], project: cwd });
  const loaded = await Promise.all(
    pairs.map(async ({ agent, task, seeds }) => {
      const folder = await registry.get(task);
      const own = await loader.agent(join(cwd, agent)).catch(() => loader.agent(join(builtinRoot, agent)));
      return { agent: own, task: await loader.task(folder), seeds };
    }),
  );
  const runner = createRunner({ quickStart: false, workers: 2 });
  const planned = loaded.flatMap(({ agent, task, seeds }) =>
    Array.from({ length: seeds }, (_, seed) => {
      const fields = { agent: agent.ref, agent_hash: agent.hash, task_ref: task.ref, task_hash: task.hash };
      return { job: batchJob({ ...fields, seed, budgets: {} }), request: { agent, task, seed } };
    }),
  );
  return {
    jobs: planned.map(({ job }) => job),
    async hashes() {
      const played = planned.map(async ({ job, request }): Promise<[string, string]> => {
        const artifact: Artifact = await runner.run(request);
        return [job.id, String(artifact.artifact_hash)];
      });
      return new Map(await Promise.all(played));
    },
    close: () => runner.close(),
  };
}
