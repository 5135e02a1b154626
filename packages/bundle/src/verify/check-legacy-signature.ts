import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Json } from '@tracecore/spec';
import { keyIdOf, type TrustedKey } from '../keys.js';
import { INTEGRITY_FILE, LEGACY_SIGNATURE_FILE } from '../layout.js';
import { type BundleFinding, judged, PYTHON_FORM, type Signer } from '../report.js';
import type { CheckedSignature } from './check-signature.js';

/**
 * The `signature.json` of the Python runtime, a bare Ed25519 signature over `integrity.sha256`. That runtime rewrites
 * the file after it signed it, so most such signatures do not hold, and then say nothing about the bundle.
 * @param integrity the bytes of `integrity.sha256` as they were read; null when it could not be.
 */
export function checkLegacySignature(
  value: Json | null,
  integrity: Uint8Array | null,
  trust: readonly TrustedKey[],
): CheckedSignature {
  const { signed_file, algorithm, signature_hex, public_key_pem } = (value ?? {}) as Record<string, Json>;
  const wellFormed =
    signed_file === INTEGRITY_FILE &&
    algorithm === 'ed25519' &&
    typeof signature_hex === 'string' &&
    /^[0-9a-f]{128}$/.test(signature_hex);
  if (!wellFormed) {
    return invalid(`should be an ed25519 signature of ${INTEGRITY_FILE} in hex`, null);
  }
  const key = keyOf(public_key_pem);
  if (!key) return invalid('should carry an Ed25519 key as PEM in /public_key_pem', null);
  const id = keyIdOf(key);
  if (!integrity || !verify(null, integrity, key, Buffer.from(signature_hex, 'hex'))) {
    return invalid(
      `is no signature of ${INTEGRITY_FILE} as it stands; the Python runtime changes that file after signing it`,
      id,
    );
  }
  const trusted = trust.find((known) => known.id === id);
  const signers: Signer[] = [
    { key_id: id, status: trusted ? 'trusted' : 'untrusted', trusted_by: trusted?.file ?? null },
  ];
  const findings: BundleFinding[] = trusted
    ? []
    : [finding('SIGNATURE_UNTRUSTED', `is by the key ${id}, which is not trusted here`)];
  return {
    check: judged('signature', findings, `signed by the trusted key ${id}`, PYTHON_FORM),
    signature: { status: trusted ? 'trusted' : 'untrusted', kind: 'legacy', signers },
  };
}

function invalid(message: string, keyId: string | null): CheckedSignature {
  const signers: Signer[] = keyId === null ? [] : [{ key_id: keyId, status: 'invalid', trusted_by: null }];
  return {
    check: judged('signature', [finding('LEGACY_SIGNATURE_INVALID', message)], ''),
    signature: { status: 'invalid', kind: 'legacy', signers },
  };
}

function finding(code: BundleFinding['code'], message: string): BundleFinding {
  return { code, file: LEGACY_SIGNATURE_FILE, message: `${LEGACY_SIGNATURE_FILE} ${message}` };
}

function keyOf(pem: Json | undefined): KeyObject | null {
  if (typeof pem !== 'string' || !pem.startsWith('-----BEGIN PUBLIC KEY-----')) return null;
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}
