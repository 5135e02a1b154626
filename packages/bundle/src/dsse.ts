import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Json, JsonObject } from '@tracecore/spec';
import { keyIdOf, type SigningKey } from './keys.js';

/** What the payload of an attestation is said to be. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

const KEY_ID = /^[0-9a-f]{64}$/;
const SIGNATURE_BYTES = 64;
const MAX_SIGNATURES = 64;

/** A DSSE v1 envelope. `public_key` (SPKI DER in base64) lets a reader who lacks the key say whether the signature holds. */
export interface Envelope {
  payload: Uint8Array;
  payloadType: string;
  signatures: EnvelopeSignature[];
}

export interface EnvelopeSignature {
  keyid: string;
  sig: Uint8Array;
  publicKey: Uint8Array;
}

/** The bytes that a signature is over: the type and the payload, each with its length before it. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `, 'utf8'), payload]);
}

/** Signs a payload. Ed25519 draws no random numbers: the same key and payload give the same signature. */
export function signPayload(payloadType: string, payload: Uint8Array, key: SigningKey): EnvelopeSignature {
  return {
    keyid: key.id,
    sig: sign(null, preAuthEncoding(payloadType, payload), key.privateKey),
    publicKey: key.publicKey.export({ type: 'spki', format: 'der' }),
  };
}

/** Whether a signature holds: over this payload and type, by the key it carries, under the id that key has. */
export function signatureHolds({ payload, payloadType }: Envelope, signature: EnvelopeSignature): boolean {
  const key = publicKeyOf(signature);
  return key !== null && verify(null, preAuthEncoding(payloadType, payload), key, signature.sig);
}

function publicKeyOf({ keyid, publicKey }: EnvelopeSignature): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    // The id is over the key as it is written here, so two spellings of one key cannot pass for each other.
    const same = Buffer.from(publicKey).equals(key.export({ type: 'spki', format: 'der' }));
    return same && key.asymmetricKeyType === 'ed25519' && keyIdOf(key) === keyid ? key : null;
  } catch {
    return null;
  }
}

/** The envelope as `attestation.dsse.json` holds it. */
export function formatEnvelope({ payload, payloadType, signatures }: Envelope): string {
  const document = {
    payload: base64(payload),
    payloadType,
    signatures: signatures.map(({ keyid, sig, publicKey }) => ({
      keyid,
      sig: base64(sig),
      public_key: base64(publicKey),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** An envelope of exactly this form, or a text that says what is wrong and where. */
export function parseEnvelope(value: Json): Envelope | { pointer: string; message: string } {
  const wrong = (pointer: string, message: string) => ({ pointer, message });
  if (!hasFields(value, ['payload', 'payloadType', 'signatures'])) {
    return wrong('', 'an envelope should have payload, payloadType and signatures, and nothing else');
  }
  const payload = bytesOf(value.payload);
  if (!payload) return wrong('/payload', '/payload should be base64 with its padding');
  if (value.payloadType !== PAYLOAD_TYPE) return wrong('/payloadType', `/payloadType should be ${PAYLOAD_TYPE}`);
  const given = value.signatures;
  if (!Array.isArray(given) || given.length === 0 || given.length > MAX_SIGNATURES) {
    return wrong('/signatures', `/signatures should be an array of 1 to ${MAX_SIGNATURES}`);
  }
  const signatures: EnvelopeSignature[] = [];
  for (const [index, entry] of given.entries()) {
    const signature = signatureOf(entry);
    const pointer = `/signatures/${index}`;
    if (!signature) return wrong(pointer, `${pointer} should have keyid, sig and public_key in their forms`);
    if (signatures.some(({ keyid }) => keyid === signature.keyid)) {
      return wrong(`${pointer}/keyid`, `${pointer}/keyid should stand in the list once`);
    }
    signatures.push(signature);
  }
  return { payload, payloadType: PAYLOAD_TYPE, signatures };
}

function signatureOf(value: Json): EnvelopeSignature | null {
  if (!hasFields(value, ['keyid', 'sig', 'public_key'])) return null;
  const { keyid } = value;
  const sig = bytesOf(value.sig);
  const publicKey = bytesOf(value.public_key);
  if (typeof keyid !== 'string' || !KEY_ID.test(keyid) || sig?.length !== SIGNATURE_BYTES || !publicKey) return null;
  return { keyid, sig, publicKey };
}

function hasFields(value: Json | undefined, fields: readonly string[]): value is JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length === fields.length && fields.every((field) => keys.includes(field));
}

/** Standard base64 in its one spelling; Buffer alone would pass over what does not belong. */
function bytesOf(value: Json | undefined): Uint8Array | null {
  if (typeof value !== 'string') return null;
  const bytes = Buffer.from(value, 'base64');
  return base64(bytes) === value ? bytes : null;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
