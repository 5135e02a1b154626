import { readdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { sealBundle } from './seal-bundle.js';
import { signBundle } from './sign-bundle.js';
import { writePythonBundle } from './testing/python-bundle.js';
import { artifactText, bytesIn, newKeyRing, temporaryFolder } from './testing/samples.js';
import { verifyBundle } from './verify-bundle.js';

let dir: string;
beforeEach(async () => {
  ({ dir } = await sealBundle({ artifactText: artifactText(), dir: temporaryFolder() }));
});

describe('signing a bundle', () => {
  test('adds the attestation and touches nothing else', async () => {
    const { key, trust } = newKeyRing();
    const before = await bytesIn(dir);
    const run_id = '0190f3a27c4e4b7d8a519e2c6d3f4b10';
    expect(await signBundle(dir, key)).toEqual({ dir, run_id, key_id: key.id, state: 'signed' });
    const { 'attestation.dsse.json': attestation, ...others } = await bytesIn(dir);
    expect(attestation).toBeDefined();
    expect(others).toEqual(before);
    expect((await verifyBundle(dir, { trust })).signature.status).toBe('trusted');
  });

  test('gives the bytes that sealing with the key gives', async () => {
    const { key } = newKeyRing();
    await signBundle(dir, key);
    const sealed = await sealBundle({ artifactText: artifactText(), dir: temporaryFolder(), signingKey: key });
    expect(await bytesIn(dir)).toEqual(await bytesIn(sealed.dir));
  });

  test('adds a second signature beside the first, and each counts for who trusts its key', async () => {
    const [first, second, third] = [newKeyRing(), newKeyRing(), newKeyRing()];
    await signBundle(dir, first.key);
    await signBundle(dir, second.key);
    for (const { trust } of [first, second]) expect((await verifyBundle(dir, { trust })).ok).toBe(true);
    const { signature } = await verifyBundle(dir, { trust: second.trust });
    expect(signature.signers.map(({ status }) => status)).toEqual(['untrusted', 'trusted']);
    expect((await verifyBundle(dir, { trust: third.trust })).signature.status).toBe('untrusted');
  });

  test('by a key that signed it already changes nothing', async () => {
    const { key } = newKeyRing();
    await signBundle(dir, key);
    const before = await bytesIn(dir);
    expect(await signBundle(dir, key)).toMatchObject({ state: 'unchanged' });
    expect(await bytesIn(dir)).toEqual(before);
  });
});

describe('signing refuses', () => {
  test('a bundle that does not verify', async () => {
    writeFileSync(join(dir, 'validator.json'), '{}');
    await expect(signBundle(dir, newKeyRing().key)).rejects.toMatchObject({
      code: 'BUNDLE_DAMAGED',
      message: expect.stringContaining('DIGEST_MISMATCH'),
    });
    expect(readdirSync(dir).filter((name) => name.includes('attestation'))).toEqual([]);
  });

  test('a bundle whose signature does not hold, which is left as it is', async () => {
    await signBundle(dir, newKeyRing().key);
    const file = join(dir, 'attestation.dsse.json');
    const text = (await readFile(file, 'utf8')).replace(/"sig": "../, '"sig": "AA');
    writeFileSync(file, text);
    await expect(signBundle(dir, newKeyRing().key)).rejects.toMatchObject({ code: 'BUNDLE_DAMAGED' });
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('a bundle of the Python runtime, whose files do not hold the run', async () => {
    const python = writePythonBundle(temporaryFolder(), artifactText('python/dice-game--dice-game-agent.json'));
    const before = await bytesIn(python);
    await expect(signBundle(python, newKeyRing().key)).rejects.toMatchObject({ code: 'BUNDLE_WITHOUT_ARTIFACT' });
    expect(await bytesIn(python)).toEqual(before);
  });

  test('a folder that is not there, and makes none', async () => {
    const missing = join(temporaryFolder(), 'none');
    await expect(signBundle(missing, newKeyRing().key)).rejects.toMatchObject({ code: 'BUNDLE_NOT_FOUND' });
  });

  test('a second signer at the same moment, so that no signature is lost', async () => {
    const rings = [newKeyRing(), newKeyRing(), newKeyRing()];
    const ended = await Promise.allSettled(rings.map(({ key }) => signBundle(dir, key)));
    const signed = rings.filter((_, index) => ended[index]?.status === 'fulfilled');
    expect(signed.length).toBeGreaterThan(0);
    for (const result of ended)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'BUNDLE_BUSY' });
    const trust = signed.flatMap((ring) => ring.trust);
    const { signature } = await verifyBundle(dir, { trust });
    expect(signature.signers.map(({ status }) => status)).toEqual(signed.map(() => 'trusted'));
  });
});
