import { isIP } from 'node:net';

const DEFAULT_PORTS: Record<string, number> = { http: 80, https: 443 };
/** What a manifest may name too: labels of letters, digits and inner hyphens. */
const NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_NAME_CHARS = 253;
/** A name that ends like this is an IPv4 address to whoever connects, in whatever spelling: `0x7f.1`, `017700000001`. */
const ENDS_AS_NUMBER = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/;

/** What a task asks for, taken apart. Scheme and port are null where the text has none. */
export interface Address {
  host: string;
  scheme: string | null;
  port: number | null;
}

/**
 * Takes an address apart: `example.com`, `https://example.com/x`, `example.com:443`, `[::1]`. Only http and https and
 * their own ports exist here. The host is in the one spelling that it has: lower case, without a final dot, an IPv6
 * address as the URL standard writes it.
 * @returns null when the text names no host, or names one together with a user, another scheme or another port.
 */
export function parseAddress(text: string): Address | null {
  const match = /^(?:(https?):\/\/)?(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?(?:[/?#].*)?$/i.exec(text);
  if (!match?.[2]) {
    const host = canonicalIpv6(text);
    return host === null ? null : { host, scheme: null, port: null };
  }
  const scheme = match[1]?.toLowerCase() ?? null;
  const port = match[3] === undefined ? null : Number(match[3]);
  const host = canonicalHost(match[2].toLowerCase());
  if (host === null) return null;
  if (port !== null) {
    const allowed = scheme === null ? Object.values(DEFAULT_PORTS) : [DEFAULT_PORTS[scheme]];
    if (!allowed.includes(port)) return null;
  }
  return { host, scheme, port };
}

/** The host of an address, or null when the text names none. */
export function parseHost(text: string): string | null {
  return parseAddress(text)?.host ?? null;
}

/** Whether `host` matches an entry of the manifest: itself, or `*.domain` for any name below the domain. */
export function isHostAllowed(host: string, allowed: readonly string[]): boolean {
  return allowed.some((entry) => {
    const pattern = canonicalIpv6(entry) ?? entry.toLowerCase();
    return pattern.startsWith('*.') ? !isIP(host) && host.endsWith(pattern.slice(1)) : host === pattern;
  });
}

function canonicalHost(given: string): string | null {
  if (given.startsWith('[')) return canonicalIpv6(given.slice(1, -1));
  const name = given.replace(/\.$/, '');
  if (isIP(name) === 4) return name;
  return name.length <= MAX_NAME_CHARS && NAME.test(name) && !ENDS_AS_NUMBER.test(name) ? name : null;
}

/** A zone names an interface of one machine, so an address with one is none here. */
function canonicalIpv6(text: string): string | null {
  if (isIP(text) !== 6 || text.includes('%')) return null;
  return new URL(`http://[${text}]/`).hostname.slice(1, -1);
}
