import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { QueueWorker } from '@tracecore/runner';
import { afterEach, describe, expect, test } from 'vitest';
import { parseAddress } from './address.js';
import { connect } from './connect.js';
import { createQueueEngine, listBatches, startWorker } from './index.js';
import { keysOf } from './keys.js';
import { holdBatch } from './lease.js';
import { withScripts } from './scripts.js';
import { aPlayer, artifactOf, jobs, Reports, RUNTIME } from './testing/jobs.js';
import { freePort, noRedis, type RedisServer, startRedis } from './testing/redis-server.js';

const SECRET = 'h0rse-battery';
const idle = new AbortController().signal;
const range = (count: number) => Array.from({ length: count }, (_, at) => at);

const servers: RedisServer[] = [];
const workers: QueueWorker[] = [];
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop().catch(() => undefined)));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});
async function start(options: readonly string[] = []): Promise<RedisServer> {
  const server = await startRedis(options);
  servers.push(server);
  return server;
}
async function failure(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  return promise.then(
    () => ({ code: 'none', message: 'it did not fail' }),
    (error: Error & { code: string }) => {
      const everything = `${error.stack} ${JSON.stringify(error)} ${Object.values(error).join()}`;
      expect(everything).not.toContain(SECRET);
      return { code: error.code, message: error.message };
    },
  );
}

test('a queue that is not there is named at once, without its password', async () => {
  const url = `redis://u:${SECRET}@127.0.0.1:${await freePort()}`;
  const { code, message } = await failure(listBatches({ url }));
  expect(code).toBe('QUEUE_UNREACHABLE');
  expect(message).toContain(`no queue at ${url.replace(SECRET, '***')}: connect ECONNREFUSED`);
});

describe.skipIf(noRedis)(`a queue's server${noRedis ? ` (left out: ${noRedis})` : ''}`, { timeout: 120_000 }, () => {
  test('with a password: a wrong one or none is told apart, a right one in the URL or beside it works', async () => {
    const { port } = await start(['--requirepass', SECRET]);
    const plain = `redis://127.0.0.1:${port}`;
    expect(await failure(listBatches({ url: plain }))).toMatchObject({ code: 'QUEUE_AUTH' });
    const wrong = await failure(listBatches({ url: `redis://:${SECRET}-not@127.0.0.1:${port}` }));
    expect(wrong).toMatchObject({
      code: 'QUEUE_AUTH',
      message: expect.stringContaining(`redis://:***@127.0.0.1:${port}`),
    });
    expect(await listBatches({ url: `redis://:${SECRET}@127.0.0.1:${port}` })).toEqual([]);
    expect(await listBatches({ url: plain, password: SECRET })).toEqual([]);
    workers.push(await startWorker({ url: plain, password: SECRET, runtime: RUNTIME, player: aPlayer() }));
    const reports = new Reports();
    await createQueueEngine({ url: plain, password: SECRET, batchId: 'b', runtime: RUNTIME }).run(
      jobs(5),
      reports.report,
      idle,
    );
    expect(reports.seeds).toEqual(range(5));
  });

  test('without TLS is told apart from one that is not there', async () => {
    const { port } = await start();
    const { code, message } = await failure(listBatches({ url: `rediss://:${SECRET}@127.0.0.1:${port}` }));
    expect(code).toBe('QUEUE_TLS');
    expect(message).toContain('use redis:// where the server has no TLS, and NODE_EXTRA_CA_CERTS for a CA of your own');
  });

  test('with TLS: a certificate that nobody vouches for is refused', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'tracecore-tls-'));
    try {
      const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
      const made = spawnSync('openssl', [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
        ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert],
      ]);
      if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
      const tlsPort = await freePort();
      const tls = ['--tls-port', String(tlsPort), '--tls-cert-file', cert, '--tls-key-file', key];
      const { port } = await start([...tls, '--tls-ca-cert-file', cert, '--tls-auth-clients', 'no']);
      const url = `rediss://localhost:${tlsPort}`;
      expect(await failure(listBatches({ url }))).toMatchObject({
        code: 'QUEUE_TLS',
        message: expect.stringContaining('self-signed'),
      });
      expect(await failure(listBatches({ url: `redis://127.0.0.1:${tlsPort}` }))).toMatchObject({
        code: 'QUEUE_UNREACHABLE',
      });
      expect(await listBatches({ url: `redis://127.0.0.1:${port}` })).toEqual([]);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  test('that throws keys away when it is full is refused', async () => {
    const { url } = await start(['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru']);
    const { code, message } = await failure(startWorker({ url, runtime: RUNTIME, player: aPlayer() }));
    expect(code).toBe('QUEUE_UNFIT');
    expect(message).toContain('maxmemory-policy allkeys-lru');
    expect(message).toContain('set maxmemory-policy noeviction');
  });

  test('that is full says so to a submitter', async () => {
    const server = await start();
    const redis = server.look();
    await redis.set('other', 'x'.repeat(4 * 1024 * 1024));
    await redis.config('SET', 'maxmemory', '3mb');
    const engine = createQueueEngine({ url: server.url, batchId: 'full', runtime: RUNTIME });
    const { code, message } = await failure(engine.run(jobs(10), new Reports().report, idle));
    expect(code).toBe('QUEUE_FULL');
    expect(message).toContain('raise maxmemory, or let submitters collect what waits there');
  });

  test('that fills up in the middle and is emptied loses nothing', async () => {
    const server = await start();
    const redis = server.look();
    let filled: Promise<unknown> | undefined;
    const player = aPlayer({
      play: async (job) => {
        if (job.seed === 30) {
          filled ??= redis
            .set('other', 'x'.repeat(4 * 1024 * 1024))
            .then(() => redis.config('SET', 'maxmemory', '3mb'))
            .then(() => setTimeout(() => void redis.config('SET', 'maxmemory', '0'), 1_500));
          await filled;
        }
        return artifactOf(job);
      },
    });
    workers.push(await startWorker({ url: server.url, runtime: RUNTIME, player, lockMs: 5_000 }));
    const reports = new Reports();
    const notices: string[] = [];
    const options = { url: server.url, batchId: 'fills', runtime: RUNTIME, window: 40 };
    await createQueueEngine({ ...options, onNotice: (text) => notices.push(text) }).run(
      jobs(120),
      reports.report,
      idle,
    );
    expect(reports.seeds).toEqual(range(120));
    expect(reports.final).toHaveLength(120);
  });

  test('that dies in the middle and comes back loses nothing', async () => {
    const server = await start();
    let restarted: Promise<void> | undefined;
    const player = aPlayer({
      play: async (job) => {
        if (job.seed === 100) restarted ??= server.restart();
        await restarted;
        return artifactOf(job);
      },
    });
    workers.push(await startWorker({ url: server.url, runtime: RUNTIME, player, lockMs: 3_000, concurrency: 2 }));
    const reports = new Reports();
    await createQueueEngine({ url: server.url, batchId: 'dies', runtime: RUNTIME }).run(
      jobs(250),
      reports.report,
      idle,
    );
    expect(restarted).toBeDefined();
    expect(reports.seeds).toEqual(range(250));
    expect(reports.final).toHaveLength(250);
  });

  test('that forgets everything is given the batch again', async () => {
    const server = await start();
    const redis = server.look();
    let forgotten: Promise<unknown> | undefined;
    const player = aPlayer({
      play: async (job) => {
        // What was written last is lost in a failover; here all of it is.
        if (job.seed === 60) forgotten ??= redis.flushall().then(() => redis.client('KILL', 'TYPE', 'normal'));
        await forgotten?.catch(() => undefined);
        return artifactOf(job);
      },
    });
    workers.push(await startWorker({ url: server.url, runtime: RUNTIME, player, lockMs: 3_000 }));
    const reports = new Reports();
    await createQueueEngine({ url: server.url, batchId: 'forgets', runtime: RUNTIME }).run(
      jobs(100),
      reports.report,
      idle,
    );
    expect(reports.seeds).toEqual(range(100));
    expect(reports.final).toHaveLength(100);
  });

  test('that stays away ends submitter and worker, with the reason', async () => {
    const server = await start();
    const player = aPlayer({
      play: async (job) => {
        if (job.seed === 2) await server.kill();
        return artifactOf(job);
      },
    });
    const bound = { url: server.url, runtime: RUNTIME, reconnectMs: 800 };
    const worker = await startWorker({ ...bound, player });
    const ended = failure(worker.done);
    const engine = createQueueEngine({ ...bound, batchId: 'away' });
    const gone = {
      code: 'QUEUE_UNREACHABLE',
      message: expect.stringContaining(`${server.url} was out of reach for 1 s`),
    };
    expect(await failure(engine.run(jobs(50), new Reports().report, idle))).toEqual(gone);
    expect(await ended).toEqual(gone);
  });

  test('lets one submitter hold a batch; the next waits for one that was killed', async () => {
    const { url } = await start();
    const connection = await connect(parseAddress({ url }));
    const notices: string[] = [];
    const given = {
      ...{ connection, redis: withScripts(connection.redis), keys: keysOf('b'), batchId: 'b', signal: idle },
      ...{ leaseMs: 600, onNotice: (text: string) => notices.push(text) },
    };
    const first = await holdBatch(given);
    await expect(holdBatch(given)).rejects.toMatchObject({ code: 'BATCH_BUSY' });
    expect(notices[0]).toContain('has a submitter that is alive, or was a moment ago');
    await first.release();
    // A key that nobody renews is what a killed one leaves.
    await connection.redis.set(keysOf('b').lease, 'killed', 'PX', 500);
    const second = await holdBatch(given);
    expect(second.fault()).toBeNull();
    await connection.redis.set(keysOf('b').lease, 'another');
    await expect.poll(() => second.fault()?.code, { timeout: 10_000 }).toBe('BATCH_BUSY');
    await second.release();
    expect(await connection.redis.get(keysOf('b').lease)).toBe('another');
    connection.close();
  });
});
