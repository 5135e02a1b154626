import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { BundleError, reasonOf, systemCode } from './error.js';
import { keyIdOf, type SigningKey, signingKeyOf, type TrustedKey } from './keys.js';

const MAX_KEY_BYTES = 65_536;
const OTHERS = 0o077;
const BEGIN = /-----BEGIN ([A-Z0-9 ]+)-----/g;

/**
 * Reads a private Ed25519 key, PEM PKCS#8.
 * @throws {BundleError} KEY_NOT_FOUND, KEY_UNREADABLE; KEY_READABLE_BY_OTHERS where files have modes; KEY_TYPE for a
 * public key or one of another algorithm; KEY_INVALID for what is no single unencrypted PEM key.
 */
export async function readSigningKey(file: string): Promise<SigningKey> {
  const { text, mode } = await readPem(file);
  const label = labelOf(file, text);
  if (label === 'PUBLIC KEY') {
    throw new BundleError('KEY_TYPE', `expected a private key in ${file}, found a public one; it cannot sign`);
  }
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
    throw new BundleError(
      'KEY_READABLE_BY_OTHERS',
      `expected ${file} to be open to its owner alone, found mode ${modeText(mode)}; run: chmod 600 ${file}`,
    );
  }
  if (label === 'ENCRYPTED PRIVATE KEY') {
    throw new BundleError('KEY_INVALID', `expected an unencrypted key in ${file}, found an encrypted one`);
  }
  return signingKeyOf(requireEd25519(file, () => createPrivateKey(text)));
}

/**
 * Reads a public Ed25519 key, PEM SPKI.
 * @throws {BundleError} KEY_NOT_FOUND, KEY_UNREADABLE, KEY_TYPE, KEY_INVALID.
 */
export async function readPublicKey(file: string): Promise<TrustedKey> {
  const { text } = await readPem(file);
  const label = labelOf(file, text);
  if (label.endsWith('PRIVATE KEY')) {
    throw new BundleError(
      'KEY_TYPE',
      `expected a public key in ${file}, found a private one; keep that elsewhere and put its public half here`,
    );
  }
  if (label !== 'PUBLIC KEY') {
    throw new BundleError('KEY_INVALID', `expected a PEM block "PUBLIC KEY" in ${file}, found "${label}"`);
  }
  const publicKey = requireEd25519(file, () => createPublicKey(text));
  return { id: keyIdOf(publicKey), publicKey, file };
}

/**
 * Reads a key of either kind; the private kind under the rules of `readSigningKey`.
 * @throws {BundleError} as these two do.
 */
export async function readKey(file: string): Promise<SigningKey | TrustedKey> {
  const label = labelOf(file, (await readPem(file)).text);
  return label.endsWith('PRIVATE KEY') ? readSigningKey(file) : readPublicKey(file);
}

async function readPem(file: string): Promise<{ text: string; mode: number }> {
  try {
    // A pipe would be waited on for ever; the mode is that of the file which is then read.
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = await handle.stat();
      if (!stats.isFile() || stats.size > MAX_KEY_BYTES) {
        throw new BundleError('KEY_INVALID', `expected a key file of at most ${MAX_KEY_BYTES} bytes at ${file}`);
      }
      return { text: await handle.readFile('utf8'), mode: stats.mode };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof BundleError) throw error;
    if (systemCode(error) === 'ENOENT') throw new BundleError('KEY_NOT_FOUND', `expected a key at ${file}, found none`);
    throw new BundleError('KEY_UNREADABLE', `could not read the key ${file}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Of two keys in one file only the first would be read, so the second would be taken for trusted and is not. */
function labelOf(file: string, text: string): string {
  const labels = [...text.matchAll(BEGIN)].map(([, label]) => label as string);
  const [label] = labels;
  if (label !== undefined && labels.length === 1) return label;
  throw new BundleError('KEY_INVALID', `expected one PEM block in ${file}, found ${labels.length}`);
}

function requireEd25519(file: string, parse: () => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = parse();
  } catch (error) {
    throw new BundleError('KEY_INVALID', `expected a PEM key in ${file}: ${reasonOf(error)}`);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new BundleError('KEY_TYPE', `expected an Ed25519 key in ${file}, found ${key.asymmetricKeyType ?? 'another'}`);
}

function modeText(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
