import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';

const PROGRAM = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0);

/** Why tests with a real server are left out, or false. In CI they never are. */
export const noRedis: string | false = PROGRAM === undefined && 'there is no redis-server on the PATH';
if (noRedis && process.env.CI === 'true') throw new Error(`these tests must run in CI: ${noRedis}`);

export interface RedisServer {
  port: number;
  url: string;
  /** A connection to look at what is there. */
  look(): Redis;
  /** Ends it as a power failure would, and starts it again with what it had written. */
  restart(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server of its own on the loopback, with an append-only file that is flushed at every write. */
export async function startRedis(options: readonly string[] = [], port?: number): Promise<RedisServer> {
  const dir = await mkdtemp(join(tmpdir(), 'tracecore-redis-'));
  const own = port ?? (await freePort());
  const password = options[options.indexOf('--requirepass') + 1];
  const looks: Redis[] = [];
  let child: ChildProcess | undefined;
  const argv = [
    ...['--port', String(own), '--bind', '127.0.0.1', '--dir', dir, '--save', ''],
    ...['--appendonly', 'yes', '--appendfsync', 'always', '--loglevel', 'warning', ...options],
  ];
  const server: RedisServer = {
    port: own,
    url: `redis://127.0.0.1:${own}`,
    look() {
      const given = options.includes('--requirepass') && password ? { password } : {};
      const redis = new Redis({ host: '127.0.0.1', port: own, ...given });
      redis.on('error', () => undefined);
      looks.push(redis);
      return redis;
    },
    async restart() {
      await server.kill();
      await server.start();
    },
    async start() {
      child = spawn(PROGRAM as string, argv, { stdio: 'ignore' });
      await untilItAnswers(own);
    },
    async kill() {
      const gone = child;
      if (gone === undefined || gone.exitCode !== null || gone.signalCode !== null) return;
      gone.kill('SIGKILL');
      await once(gone, 'exit');
    },
    async stop() {
      for (const one of looks) one.disconnect();
      await server.kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

async function untilItAnswers(port: number): Promise<void> {
  for (;;) {
    const redis = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => null });
    let why = '';
    redis.on('error', (error) => {
      why = error.message;
    });
    try {
      await redis.connect();
      return;
    } catch {
      // It is there, and asks for a password.
      if (/NOAUTH/.test(why)) return;
      await sleep(20);
    } finally {
      redis.disconnect();
    }
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
