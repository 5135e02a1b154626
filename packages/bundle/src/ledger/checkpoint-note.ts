import { type KeyObject, sign, verify } from 'node:crypto';
import { ArtifactError } from '@tracecore/artifact';
import {
  type Checkpoint,
  formatCheckpoint,
  formatNote,
  noteKeyId,
  parseCheckpoint,
  parseNote,
} from '@tracecore/artifact/merkle';
import { sha256Bytes } from '@tracecore/artifact/node';
import { BundleError } from '../error.js';
import type { SigningKey, TrustedKey } from '../keys.js';

/** A checkpoint as a log published it. */
export interface SignedCheckpoint {
  checkpoint: Checkpoint;
  /** The whole note, signatures and all. */
  note: string;
}

/** What a reader holds a checkpoint to. */
export interface CheckpointTrust {
  /** The keys of logs that count. */
  trust: readonly Pick<TrustedKey, 'id' | 'publicKey'>[];
  /** The log that it should be of; any when absent. */
  origin?: string;
}

const RAW_KEY_BYTES = 32;

/** Signs a checkpoint with the log's key, whose name is the origin. */
export function signCheckpoint(checkpoint: Checkpoint, { privateKey, publicKey }: SigningKey): string {
  const text = formatCheckpoint(checkpoint);
  const signature = sign(null, Buffer.from(text, 'utf8'), privateKey);
  return formatNote({
    text,
    signatures: [{ name: checkpoint.origin, keyId: keyIdFor(checkpoint.origin, publicKey), signature }],
  });
}

/**
 * Reads a checkpoint's note; nothing is verified.
 * @throws {BundleError} LEDGER_CHECKPOINT_INVALID
 */
export function parseSignedCheckpoint(note: string): SignedCheckpoint {
  try {
    return { checkpoint: parseCheckpoint(parseNote(note).text), note };
  } catch (error) {
    if (error instanceof ArtifactError)
      throw new BundleError('LEDGER_CHECKPOINT_INVALID', error.message, { cause: error });
    throw error;
  }
}

/**
 * Requires that a trusted key signed a checkpoint in the log's name. Signatures by others are passed over.
 * @returns the id of the key.
 * @throws {BundleError} LEDGER_ORIGIN_MISMATCH, LEDGER_UNTRUSTED; LEDGER_SIGNATURE_INVALID when one in the name of a trusted
 * key does not hold.
 */
export function requireSigned({ checkpoint, note }: SignedCheckpoint, { trust, origin }: CheckpointTrust): string {
  if (origin !== undefined && origin !== checkpoint.origin) {
    throw new BundleError(
      'LEDGER_ORIGIN_MISMATCH',
      `expected a checkpoint of ${origin}, found one of ${checkpoint.origin}`,
    );
  }
  const { text, signatures } = parseNote(note);
  const ofLog = signatures.filter(({ name }) => name === checkpoint.origin);
  let signer: string | null = null;
  for (const { id, publicKey } of trust) {
    const keyId = keyIdFor(checkpoint.origin, publicKey);
    for (const one of ofLog.filter((signature) => signature.keyId === keyId)) {
      if (!verify(null, Buffer.from(text, 'utf8'), publicKey, one.signature)) {
        throw new BundleError(
          'LEDGER_SIGNATURE_INVALID',
          `expected the checkpoint to be signed by the key ${id}, found a signature in its name that does not hold`,
        );
      }
      signer ??= id;
    }
  }
  if (signer !== null) return signer;
  const found = ofLog.map(({ keyId }) => keyId).join(', ') || 'none';
  throw new BundleError(
    'LEDGER_UNTRUSTED',
    `expected a signature of ${checkpoint.origin} by a trusted key, found ${found}; name the log's public key with --key, or put it among the trusted keys`,
  );
}

function keyIdFor(name: string, publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return noteKeyId(name, der.subarray(-RAW_KEY_BYTES), sha256Bytes);
}
