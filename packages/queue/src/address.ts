import type { QueueAddress } from '@tracecore/runner';
import { QueueError } from './error.js';

/** A queue's address, read. `shown` and `redact` are what messages may use of it. */
export interface Address {
  host: string;
  port: number;
  db: number;
  username?: string;
  password?: string;
  tls: boolean;
  /** The URL without its password. */
  shown: string;
  /** A text without the password, however it got there. */
  redact(text: string): string;
}

const DEFAULT_PORT = 6379;
const HIDDEN = '***';
const FORM = 'redis://HOST[:PORT][/DB], or rediss:// for TLS';

/**
 * Reads `redis://USER:PASSWORD@HOST:PORT/DB`. A password given apart wins over that of the URL.
 * @throws {QueueError} QUEUE_URL_INVALID; the message holds nothing of what may be a password.
 */
export function parseAddress({ url, username, password }: QueueAddress): Address {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null) throw invalid('it is no URL');
  const { protocol, hostname, port, pathname, search } = parsed;
  if (protocol !== 'redis:' && protocol !== 'rediss:') throw invalid(`it begins with ${protocol}//`);
  if (hostname === '') throw invalid('it names no host');
  if (search !== '') throw invalid('it has parameters after a ?');
  const db = /^\/?$/.test(pathname) ? 0 : Number(/^\/(\d{1,5})$/.exec(pathname)?.[1] ?? Number.NaN);
  if (Number.isNaN(db)) throw invalid('what follows the host is not the number of a database');
  const user = username ?? decode(parsed.username);
  const secret = password ?? decode(parsed.password);
  const secrets = [...new Set([secret, encodeURIComponent(secret), parsed.password])].filter((one) => one !== '');
  const credentials = secret === '' ? (user === '' ? '' : `${user}@`) : `${user}:${HIDDEN}@`;
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? DEFAULT_PORT : Number(port),
    db,
    ...(user === '' ? {} : { username: user }),
    ...(secret === '' ? {} : { password: secret }),
    tls: protocol === 'rediss:',
    shown: `${protocol}//${credentials}${hostname}${port === '' ? '' : `:${port}`}${db === 0 ? '' : `/${db}`}`,
    redact: (text) => secrets.reduce((clean, one) => clean.replaceAll(one, HIDDEN), text),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('a % in its user or password does not begin an escape; write it as %25');
  }
}

function invalid(why: string): QueueError {
  return new QueueError('QUEUE_URL_INVALID', `the queue's address must be ${FORM}: ${why}`);
}
