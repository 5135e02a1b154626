import { createPublicKey, verify } from 'node:crypto';
import { join } from 'node:path';
import { type LogCheckpoint, verifyCheckpoint } from '@sigstore/verify/dist/tlog/checkpoint.js';
import { verifyMerkleInclusion } from '@sigstore/verify/dist/tlog/merkle.js';
import { noteKeyId, parseNote } from '@tracecore/artifact/merkle';
import { sha256Bytes } from '@tracecore/artifact/node';
import { describe, expect, test } from 'vitest';
import { generateKeyPair, type SigningKey } from '../keys.js';
import { grow, ORIGIN, someEntries } from '../testing/logs.js';
import { temporaryFolder } from '../testing/samples.js';
import { openLedger } from './read-log.js';

/** What the reader of sigstore takes: it has its own code for notes, checkpoints and inclusion, and none for consistency. */
type Entry = Parameters<typeof verifyCheckpoint>[0] & Parameters<typeof verifyMerkleInclusion>[0];
type Logs = Parameters<typeof verifyCheckpoint>[1];

const rawOf = (key: SigningKey) => key.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
const logsOf = (key: SigningKey) =>
  [
    {
      logID: Buffer.from(noteKeyId(ORIGIN, rawOf(key), sha256Bytes), 'hex'),
      publicKey: key.publicKey,
      baseURL: `https://${ORIGIN}`,
    },
  ] as unknown as Logs;
const entryOf = (envelope: string, logIndex: number, hashes: readonly Uint8Array[], body: Uint8Array) =>
  ({
    inclusionProof: {
      checkpoint: { envelope },
      logIndex: String(logIndex),
      hashes: hashes.map((one) => Buffer.from(one)),
    },
    canonicalizedBody: Buffer.from(body),
  }) as unknown as Entry;

describe('an independent reader', () => {
  const key = generateKeyPair();
  const sizes = [1, 2, 7, 255, 256, 257, 700];

  test.each(sizes)('takes the checkpoint of %i entries and every proof tried, and no changed one', async (size) => {
    const dir = join(temporaryFolder(), 'ledger');
    await grow(dir, key, size);
    const { note, tree } = await openLedger(dir, { trust: [key] });
    const entries = someEntries(size);
    for (const index of new Set([0, size >> 1, size - 1])) {
      const body = entries[index] as Uint8Array;
      const { hashes } = await tree.proveInclusion(index);
      const entry = entryOf(note, index, hashes, body);
      const checkpoint: LogCheckpoint = verifyCheckpoint(entry, logsOf(key));
      expect(checkpoint).toMatchObject({ origin: ORIGIN, logSize: BigInt(size), rest: [] });
      expect(() => verifyMerkleInclusion(entry, checkpoint)).not.toThrow();
      const other = entryOf(note, index, hashes, Buffer.concat([body, body]));
      expect(() => verifyMerkleInclusion(other, checkpoint)).toThrow(/does not match/);
    }
    const changed = entryOf(note.replace(`\n${size}\n`, `\n${size + 1}\n`), 0, [], new Uint8Array(0));
    expect(() => verifyCheckpoint(changed, logsOf(key))).toThrow(/invalid checkpoint signature/);
    expect(() => verifyCheckpoint(entryOf(note, 0, [], new Uint8Array(0)), logsOf(generateKeyPair()))).toThrow(
      /invalid checkpoint signature/,
    );
  });
});

test('the note that the Go implementation documents holds under its key', () => {
  const note = parseNote(
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
      '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
  );
  const raw = Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1);
  const x = raw.toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const [signature] = note.signatures;
  expect(signature?.keyId).toBe(noteKeyId('PeterNeumann', raw, sha256Bytes));
  expect(verify(null, Buffer.from(note.text), publicKey, signature?.signature as Uint8Array)).toBe(true);
});
