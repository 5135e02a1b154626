import { isIP } from 'node:net';
import { Redis, type RedisOptions } from 'ioredis';
import type { Address } from './address.js';
import { QueueError } from './error.js';

export interface Connection {
  redis: Redis;
  address: Address;
  /** Another connection of the same kind, for commands that block. */
  another(): Promise<Redis>;
  /** Rejects when the queue was out of reach for longer than it may be; it never resolves. */
  lost: Promise<never>;
  /** Calls `listener` each time the queue is there again. */
  onBack(listener: () => void): void;
  close(): void;
}

const CONNECT_MS = 5_000;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;
const DEFAULT_RECONNECT_MS = 60_000;
/** Below it Redis lacks commands that are used here. */
const OLDEST = [6, 2] as const;

/**
 * Opens a connection and looks whether a queue can live there. The first connection fails at once, a later one is tried again
 * for `reconnectMs`.
 * @throws {QueueError} QUEUE_UNREACHABLE, QUEUE_AUTH, QUEUE_TLS, QUEUE_UNFIT.
 */
export async function connect(address: Address, reconnectMs = DEFAULT_RECONNECT_MS): Promise<Connection> {
  const listeners: (() => void)[] = [];
  let fail: (error: Error) => void = () => undefined;
  const lost = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Whoever waits for a command hears of it; nobody has to.
  lost.catch(() => undefined);

  const all = new Set<Redis>();
  async function open(): Promise<Redis> {
    let everReady = false;
    let awaySince = 0;
    let why: Error | null = null;
    const redis = new Redis({
      ...optionsOf(address),
      retryStrategy: (times) => {
        if (!everReady) return null;
        awaySince ||= Date.now();
        if (Date.now() - awaySince < reconnectMs) return Math.min(FIRST_RETRY_MS * times, LONGEST_RETRY_MS);
        const seconds = Math.round(reconnectMs / 1_000);
        const because = why === null ? '' : `: ${address.redact(why.message)}`;
        fail(new QueueError('QUEUE_UNREACHABLE', `${address.shown} was out of reach for ${seconds} s${because}`));
        return null;
      },
    });
    redis.on('error', (error: Error) => {
      why = error;
    });
    redis.on('ready', () => {
      if (everReady) for (const listener of listeners) listener();
      everReady = true;
      awaySince = 0;
    });
    all.add(redis);
    try {
      await redis.connect();
      return redis;
    } catch (error) {
      redis.disconnect();
      throw describe(address, why ?? (error as Error));
    }
  }

  const redis = await open();
  const close = () => {
    for (const one of all) one.disconnect();
  };
  try {
    requireFit(address, await redis.info());
  } catch (error) {
    close();
    throw describe(address, error as Error);
  }
  return { redis, address, another: open, lost, onBack: (listener) => void listeners.push(listener), close };
}

/** What an error of the driver means for the user. Nothing of the error itself is kept: it may hold the password. */
export function describe({ shown, redact }: Pick<Address, 'shown' | 'redact'>, error: unknown): QueueError {
  if (error instanceof QueueError) return error;
  const said = redact(saidBy(error));
  if (/WRONGPASS|NOAUTH|invalid username-password|NOPERM|AUTH.*called without/i.test(said)) {
    return new QueueError(
      'QUEUE_AUTH',
      `${shown} does not take these credentials (${said}); set user and password in the URL, or TRACECORE_QUEUE_PASSWORD`,
    );
  }
  // A server without TLS waits for the end of a line that never comes.
  const silent = shown.startsWith('rediss:') && /ETIMEDOUT/.test(said);
  if (
    silent ||
    /certificate|self-signed|SSL|TLS|wrong version number|EPROTO|altnames|CERT_/i.test(`${said} ${codeOf(error)}`)
  ) {
    return new QueueError(
      'QUEUE_TLS',
      `no TLS connection to ${shown}: ${said}; use redis:// where the server has no TLS, and NODE_EXTRA_CA_CERTS for a CA of your own`,
    );
  }
  if (/^OOM |maxmemory/.test(said)) {
    return new QueueError(
      'QUEUE_FULL',
      `${shown} is full: its maxmemory is reached (${said}); raise maxmemory, or let submitters collect what waits there`,
    );
  }
  if (/ECONN|ENOTFOUND|EAI_AGAIN|EHOST|ENETUNREACH|ETIMEDOUT|Connection is closed|connect/i.test(said)) {
    const hint = shown.startsWith('redis://') ? '; a server that only takes TLS needs rediss://' : '';
    return new QueueError('QUEUE_UNREACHABLE', `no queue at ${shown}: ${said}${hint}`);
  }
  return new QueueError('QUEUE_FAILED', `${shown} refused a command: ${said}`);
}

/** A transaction that was given up says why in the errors before its own. */
function saidBy(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { previousErrors } = error as { previousErrors?: unknown };
  const [first] = Array.isArray(previousErrors) ? previousErrors : [];
  return first instanceof Error ? first.message : error.message || codeOf(error);
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? 'the connection failed');
}

function optionsOf({ host, port, db, username, password, tls }: Address): RedisOptions {
  return {
    host,
    port,
    db,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: isIP(host) === 0 ? { servername: host } : {} } : {}),
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    // A command waits for the queue to come back; how long, the retry strategy says.
    maxRetriesPerRequest: null,
    enableAutoPipelining: false,
    showFriendlyErrorStack: false,
  };
}

/** A server that throws keys away when it is full would lose results without a word. */
function requireFit({ shown }: Address, info: string): void {
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const version = field('redis_version');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (version !== '' && (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))) {
    throw new QueueError(
      'QUEUE_UNFIT',
      `${shown} is version ${version}; a queue needs Redis ${OLDEST.join('.')} or newer, or Valkey`,
    );
  }
  const policy = field('maxmemory_policy');
  if (policy !== '' && policy !== 'noeviction') {
    throw new QueueError(
      'QUEUE_UNFIT',
      `${shown} throws keys away when it is full (maxmemory-policy ${policy}), which loses results; set maxmemory-policy noeviction`,
    );
  }
  if (field('loading') === '1') throw new QueueError('QUEUE_UNREACHABLE', `${shown} is still loading its data`);
  if (field('cluster_enabled') === '1') {
    throw new QueueError('QUEUE_UNFIT', `${shown} is a Redis Cluster; a queue needs one primary (replicas are fine)`);
  }
}
