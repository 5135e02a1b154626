import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { generateKeyPair, showKey } from './keys.js';
import { readKey, readPublicKey, readSigningKey } from './read-key.js';
import { readTrust } from './read-trust.js';
import { temporaryFolder } from './testing/samples.js';
import { writeKeyPair } from './write-key-pair.js';

let dir: string;
beforeEach(() => {
  dir = temporaryFolder();
});

const POSIX = process.platform !== 'win32';
const privatePem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string;
const publicPem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }) as string;

function put(name: string, text: string, mode = 0o600): string {
  const file = join(dir, name);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

describe('a key pair', () => {
  test('is named by the digest of its public half as DER', () => {
    const key = generateKeyPair();
    const der = Buffer.from(showKey(key).public_pem.replaceAll(/-----.*-----|\n/g, ''), 'base64');
    expect(key.id).toBe(createHash('sha256').update(der).digest('hex'));
    expect(showKey(key)).toEqual({ id: key.id, public_pem: publicPem(key.publicKey) });
  });

  test('that was written is read again, and only its owner can read the private half', async () => {
    const key = generateKeyPair();
    const written = await writeKeyPair(join(dir, 'signing.pem'), key);
    expect((await readSigningKey(written.file)).id).toBe(key.id);
    expect((await readPublicKey(written.public_file)).id).toBe(key.id);
    if (POSIX) expect(statSync(written.file).mode & 0o777).toBe(0o600);
  });

  test.each(['signing.pem', 'signing.pem.pub'])('is not written where %s stands', async (name) => {
    put(name, 'mine');
    await expect(writeKeyPair(join(dir, 'signing.pem'), generateKeyPair())).rejects.toMatchObject({
      code: 'KEY_EXISTS',
    });
    expect(await readdir(dir)).toEqual([name]);
    expect(readFileSync(join(dir, name), 'utf8')).toBe('mine');
  });

  test('takes the place of another when asked, and is then open to its owner alone', async () => {
    const file = put('signing.pem', 'old', 0o644);
    put('signing.pem.pub', 'old');
    const key = generateKeyPair();
    await writeKeyPair(file, key, { replace: true });
    expect([(await readSigningKey(file)).id, (await readPublicKey(`${file}.pub`)).id]).toEqual([key.id, key.id]);
    expect(await readdir(dir)).toEqual(['signing.pem', 'signing.pem.pub']);
  });

  test('does not take the place of a folder, and leaves nothing beside it', async () => {
    mkdirSync(join(dir, 'signing.pem.pub'));
    await expect(writeKeyPair(join(dir, 'signing.pem'), generateKeyPair(), { replace: true })).rejects.toMatchObject({
      code: 'KEY_UNWRITABLE',
    });
    expect(await readdir(dir)).toEqual(['signing.pem.pub']);
  });

  test('that cannot be written leaves nothing', async () => {
    const file = join(dir, 'no', 'such', 'folder.pem');
    await expect(writeKeyPair(file, generateKeyPair())).rejects.toMatchObject({ code: 'KEY_UNWRITABLE' });
    expect(await readdir(dir)).toEqual([]);
  });
});

describe('a key of either kind', () => {
  test('is read by what it says it is', async () => {
    const { file, public_file } = await writeKeyPair(join(dir, 'a'), generateKeyPair());
    expect(await readKey(file)).toEqual(await readSigningKey(file));
    expect(await readKey(public_file)).toEqual(await readPublicKey(public_file));
  });

  test.for<[string, string, number, string]>([
    ['a private one that others can read', privatePem(generateKeyPair().privateKey), 0o644, 'KEY_READABLE_BY_OTHERS'],
    ['a public one of another kind', publicPem(generateKeyPairSync('x25519').publicKey), 0o644, 'KEY_TYPE'],
    ['no key', 'hello', 0o644, 'KEY_INVALID'],
  ])('%s is refused', async ([, text, mode, code], { skip }) => {
    skip(!POSIX && code === 'KEY_READABLE_BY_OTHERS', 'files have no modes here');
    await expect(readKey(put('key', text, mode))).rejects.toMatchObject({ code });
  });
});

describe('a signing key', () => {
  const ed25519 = generateKeyPair();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const encrypted = ed25519.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' });
  const cases: [what: string, text: string, code: string, message: RegExp][] = [
    ['an RSA key', privatePem(rsa), 'KEY_TYPE', /expected an Ed25519 key in .*, found rsa$/],
    ['an EC key', privatePem(ec), 'KEY_TYPE', /found ec$/],
    ['an EC key of its own form', ec.export({ type: 'sec1', format: 'pem' }) as string, 'KEY_TYPE', /found ec$/],
    ['a public key', publicPem(ed25519.publicKey), 'KEY_TYPE', /found a public one/],
    ['an encrypted key', encrypted as string, 'KEY_INVALID', /found an encrypted one$/],
    ['no PEM', 'secret', 'KEY_INVALID', /expected one PEM block in .*, found 0$/],
    ['an empty file', '', 'KEY_INVALID', /found 0$/],
    ['two keys', privatePem(ed25519.privateKey).repeat(2), 'KEY_INVALID', /found 2$/],
    ['a cut key', privatePem(ed25519.privateKey).slice(0, 60), 'KEY_INVALID', /expected a PEM key/],
  ];
  test.each(cases)('is not taken from a file with %s', async (_, text, code, message) => {
    const reading = readSigningKey(put('key.pem', text));
    await expect(reading).rejects.toMatchObject({ name: 'BundleError', code, message: expect.stringMatching(message) });
  });

  test('that others can read is refused, and the error names the way out', async (ctx) => {
    if (!POSIX) ctx.skip('files have no modes here');
    for (const mode of [0o640, 0o604, 0o620, 0o666]) {
      const file = put('key.pem', privatePem(ed25519.privateKey), mode);
      const refused = { code: 'KEY_READABLE_BY_OTHERS', message: expect.stringContaining(`chmod 600 ${file}`) };
      await expect(readSigningKey(file)).rejects.toMatchObject(refused);
    }
    chmodSync(join(dir, 'key.pem'), 0o400);
    expect((await readSigningKey(join(dir, 'key.pem'))).id).toBe(ed25519.id);
  });

  test('is judged by the mode of the file that a link leads to', async (ctx) => {
    if (!POSIX) ctx.skip('files have no modes here');
    symlinkSync(put('open.pem', privatePem(ed25519.privateKey), 0o644), join(dir, 'link.pem'));
    await expect(readSigningKey(join(dir, 'link.pem'))).rejects.toMatchObject({ code: 'KEY_READABLE_BY_OTHERS' });
  });

  test('that is not there, or is a folder, is named', async () => {
    await expect(readSigningKey(join(dir, 'none.pem'))).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' });
    await expect(readSigningKey(dir)).rejects.toMatchObject({ name: 'BundleError' });
  });
});

describe('trust', () => {
  test('comes from folders and files, and each bad file is named', async () => {
    const [first, second] = [generateKeyPair(), generateKeyPair()];
    const folder = join(dir, 'trust');
    mkdirSync(folder);
    const inFolder = (name: string, text: string) => put(join('trust', name), text, 0o644);
    inFolder('README.md', 'keys we trust');
    inFolder('.hidden', 'nothing');
    inFolder('a.pem', publicPem(first.publicKey));
    inFolder('again.pem', publicPem(first.publicKey));
    inFolder('private.pem', privatePem(first.privateKey));
    inFolder('rsa.pem', publicPem(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey));
    inFolder('text.pem', 'hello');
    mkdirSync(join(folder, 'more'));
    const extra = put('b.pub', publicPem(second.publicKey), 0o644);
    const { keys, faults } = await readTrust([folder, extra, join(dir, 'absent.pem')]);
    expect(keys.map(({ id, file }) => [id, file])).toEqual([
      [first.id, join(folder, 'a.pem')],
      [second.id, extra],
    ]);
    expect(faults.map(({ file, code }) => [file, code])).toEqual([
      [join(folder, 'more'), 'KEY_INVALID'],
      [join(folder, 'private.pem'), 'KEY_TYPE'],
      [join(folder, 'rsa.pem'), 'KEY_TYPE'],
      [join(folder, 'text.pem'), 'KEY_INVALID'],
      [join(dir, 'absent.pem'), 'KEY_NOT_FOUND'],
    ]);
  });
});
