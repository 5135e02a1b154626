import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** An Ed25519 key pair to sign with. `id` is that of its public half. */
export interface SigningKey {
  id: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** A public key whose signatures count, and the file it was read from. */
export interface TrustedKey {
  id: string;
  publicKey: KeyObject;
  file: string;
}

/** The name of a key: SHA-256 over its public half as SPKI DER, in hex. */
export function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** A new key pair from the system's own random numbers; nothing is written. */
export function generateKeyPair(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { id: keyIdOf(publicKey), privateKey, publicKey };
}

export function signingKeyOf(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey);
  return { id: keyIdOf(publicKey), privateKey, publicKey };
}

/** What may be told of a key: its id and its public half as PEM. */
export function showKey({ id, publicKey }: SigningKey | TrustedKey): { id: string; public_pem: string } {
  return { id, public_pem: publicKey.export({ type: 'spki', format: 'pem' }) as string };
}
