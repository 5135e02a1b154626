import type { Json } from '@tracecore/spec';
import { canonicalBytes } from '../canonicalize.js';
import type { Sha256 } from '../hash-artifact.js';

/** Bytes of a salt; as many as the digest has, so that no value can be guessed through it. */
const SALT_BYTES = 32;

const DOMAIN = new TextEncoder().encode('tracecore-redaction-v1\n');
const SALT = new RegExp(`^[0-9a-f]{${2 * SALT_BYTES}}$`);

/** What opens a commitment: the value, where it stood (a JSON pointer), and the salt in lowercase hex. */
export interface Disclosure {
  pointer: string;
  salt: string;
  value: Json;
}

/**
 * `sha256:` and the hex over the domain tag, the salt and the canonical bytes of `{pointer, value}`.
 * @throws {ArtifactError} NOT_CANONICAL when the value is not plain JSON data.
 * @see spec/extensions/redaction.md
 */
export function commitmentOf({ pointer, salt, value }: Disclosure, sha256: Sha256): string {
  const payload = canonicalBytes({ pointer, value });
  const bytes = new Uint8Array(DOMAIN.length + SALT_BYTES + payload.length);
  bytes.set(DOMAIN);
  bytes.set(bytesOf(salt), DOMAIN.length);
  bytes.set(payload, DOMAIN.length + SALT_BYTES);
  return `sha256:${sha256(bytes)}`;
}

/** A salt as it is written; `random` gives as many bytes as it is asked for. */
export function newSalt(random: (length: number) => Uint8Array): string {
  return Array.from(random(SALT_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function isSalt(text: unknown): text is string {
  return typeof text === 'string' && SALT.test(text);
}

function bytesOf(salt: string): Uint8Array {
  return Uint8Array.from({ length: SALT_BYTES }, (_, index) =>
    Number.parseInt(salt.slice(2 * index, 2 * index + 2), 16),
  );
}
