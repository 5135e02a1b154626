export { type BundleLine, type BundleStatus, bundleStatus, type StatusOptions } from './bundle-status.js';
export { BundleError, type BundleErrorCode } from './error.js';
export { type BundleFiles, type NewFile, nodeFiles } from './files.js';
export { generateKeyPair, type SigningKey, showKey, type TrustedKey } from './keys.js';
export { readKey, readPublicKey, readSigningKey } from './read-key.js';
export { readTrust, type Trust } from './read-trust.js';
export { type Redaction, writeDisclosure } from './redact-run.js';
export type {
  BundleCheck,
  BundleCheckName,
  BundleFinding,
  BundleFindingCode,
  BundleReport,
  BundleSignature,
  SignatureStatus,
  Signer,
} from './report.js';
export { type SealedBundle, type SealOptions, sealBundle } from './seal-bundle.js';
export { type SignedBundle, signBundle } from './sign-bundle.js';
export { type OpenedBundle, openBundle, type VerifyOptions, verifyBundle } from './verify-bundle.js';
export { writeKeyPair } from './write-key-pair.js';
export { writeOutput } from './write-output.js';
