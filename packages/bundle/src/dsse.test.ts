import { spawnSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dsse } from '@sigstore/core';
import type { Json } from '@tracecore/spec';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatEnvelope, PAYLOAD_TYPE, parseEnvelope, preAuthEncoding, signatureHolds, signPayload } from './dsse.js';
import { generateKeyPair, keyIdOf, showKey } from './keys.js';
import { sealBundle } from './seal-bundle.js';
import { artifactText, newKeyRing, temporaryFolder } from './testing/samples.js';

const key = generateKeyPair();

describe('the bytes that are signed', () => {
  test('are those of the example in the DSSE protocol', () => {
    const bytes = preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world'));
    expect(Buffer.from(bytes).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  test('are those of an independent implementation, for any type and payload', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, fc.uint8Array(), (type, payload) => {
        expect(Buffer.from(preAuthEncoding(type, payload))).toEqual(dsse.preAuthEncoding(type, Buffer.from(payload)));
      }),
    );
  });
});

describe('an envelope', () => {
  test('is read as it was written, and its signature holds', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (payload) => {
        const bytes = Buffer.from(payload);
        const envelope = {
          payload: bytes,
          payloadType: PAYLOAD_TYPE,
          signatures: [signPayload(PAYLOAD_TYPE, bytes, key)],
        };
        const read = parseEnvelope(JSON.parse(formatEnvelope(envelope)) as Json);
        expect(read).toEqual(envelope);
        expect(signatureHolds(envelope, signPayload(PAYLOAD_TYPE, bytes, key))).toBe(true);
        expect(signatureHolds(envelope, signPayload('text/plain', bytes, key))).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  test('of any other form is refused, with the place of the fault, and never throws', () => {
    const field = fc.constantFrom('payload', 'payloadType', 'signatures', 'keyid', 'sig', 'public_key', 'more');
    const document = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Json>(null, 1, '', '!', 'AAAA', 'AAA', PAYLOAD_TYPE),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(field, tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(document, (value) => {
        expect(parseEnvelope(value)).toEqual({ pointer: expect.any(String), message: expect.any(String) });
      }),
    );
  });

  test('is refused with base64 that is spelled another way', () => {
    const envelope = JSON.parse(
      formatEnvelope({
        payload: Buffer.from('a'),
        payloadType: PAYLOAD_TYPE,
        signatures: [signPayload(PAYLOAD_TYPE, Buffer.from('a'), key)],
      }),
    ) as { [field: string]: Json };
    for (const payload of ['YQ', 'YR==', 'YQ==\n', ' YQ==', 'YQ=']) {
      expect(parseEnvelope({ ...envelope, payload }), payload).toMatchObject({ pointer: '/payload' });
    }
    expect(parseEnvelope({ ...envelope, payload: 'YQ==' })).toHaveProperty('signatures');
  });

  test('names a signer once', () => {
    const signature = signPayload(PAYLOAD_TYPE, Buffer.from('a'), key);
    const text = formatEnvelope({
      payload: Buffer.from('a'),
      payloadType: PAYLOAD_TYPE,
      signatures: [signature, signature],
    });
    expect(parseEnvelope(JSON.parse(text) as Json)).toMatchObject({ pointer: '/signatures/1/keyid' });
  });
});

test('a sealed attestation verifies by the encoding of an independent implementation', async () => {
  const { trust, key: signer } = newKeyRing();
  const { dir } = await sealBundle({ artifactText: artifactText(), dir: temporaryFolder(), signingKey: signer });
  const { payload, payloadType, signatures } = JSON.parse(readFileSync(join(dir, 'attestation.dsse.json'), 'utf8'));
  const encoded = dsse.preAuthEncoding(payloadType, Buffer.from(payload, 'base64'));
  const [{ sig, public_key, keyid }] = signatures;
  expect(verify(null, encoded, trust[0]?.publicKey ?? '', Buffer.from(sig, 'base64'))).toBe(true);
  const carried = createPublicKey({ key: Buffer.from(public_key, 'base64'), format: 'der', type: 'spki' });
  expect(keyIdOf(carried)).toBe(keyid);
});

test('a sealed attestation verifies by openssl', async (ctx) => {
  const version = spawnSync('openssl', ['version'], { encoding: 'utf8' });
  if (version.error || !version.stdout.startsWith('OpenSSL 3')) ctx.skip('no OpenSSL 3 on this machine');
  const { key: signer } = newKeyRing();
  const { dir } = await sealBundle({ artifactText: artifactText(), dir: temporaryFolder(), signingKey: signer });
  const { payload, payloadType, signatures } = JSON.parse(readFileSync(join(dir, 'attestation.dsse.json'), 'utf8'));
  const at = temporaryFolder();
  writeFileSync(join(at, 'key.pem'), showKey(signer).public_pem);
  writeFileSync(join(at, 'sig'), Buffer.from(signatures[0].sig, 'base64'));
  const verifies = (bytes: Uint8Array) => {
    writeFileSync(join(at, 'signed'), bytes);
    const args = ['pkeyutl', '-verify', '-pubin', '-inkey', 'key.pem', '-rawin', '-in', 'signed', '-sigfile', 'sig'];
    return spawnSync('openssl', args, { cwd: at }).status === 0;
  };
  const signed = dsse.preAuthEncoding(payloadType, Buffer.from(payload, 'base64'));
  expect(verifies(signed)).toBe(true);
  expect(verifies(Buffer.concat([signed, Buffer.from(' ')]))).toBe(false);
});
