import { ArtifactError } from '../error.js';
import { fromBase64, toBase64 } from './base64.js';
import type { Digest } from './hash.js';

/** One signature of a note. Name and id together say whose key it is by; neither proves it. */
export interface NoteSignature {
  name: string;
  /** The first four bytes of the key's digest, in hex. */
  keyId: string;
  signature: Uint8Array;
}

/** A text and who signed it (C2SP signed-note). The text ends with a line feed, which is signed too. */
export interface SignedNote {
  text: string;
  signatures: NoteSignature[];
}

const MAX_SIGNATURES = 64;
const KEY_ID_BYTES = 4;
const ED25519 = 0x01;
const LINE = /^\u2014 (\S+) (\S+)$/u;

/**
 * Reads a signed note. Nothing is verified.
 * @throws {ArtifactError} NOTE_INVALID
 */
export function parseNote(note: string): SignedNote {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a note must not have.
  if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) throw invalid('no control character but the line feed');
  const end = note.lastIndexOf('\n\n');
  if (end === -1) throw invalid('an empty line before the signatures');
  const lines = note.slice(end + 2).split('\n');
  if (lines.pop() !== '' || lines.length === 0) throw invalid('signature lines, each ended by a line feed');
  if (lines.length > MAX_SIGNATURES) throw invalid(`at most ${MAX_SIGNATURES} signatures, found ${lines.length}`);
  return { text: note.slice(0, end + 1), signatures: lines.map(signatureOf) };
}

export function formatNote({ text, signatures }: SignedNote): string {
  const lines = signatures.map(({ name, keyId, signature }) => {
    const bytes = Uint8Array.from([...idBytes(keyId), ...signature]);
    return `\u2014 ${name} ${toBase64(bytes)}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** The id of an Ed25519 key under a name: four bytes in hex. `publicKey` is the 32 bytes of RFC 8032. */
export function noteKeyId(name: string, publicKey: Uint8Array, digest: Digest): string {
  const prefix = new TextEncoder().encode(`${name}\n`);
  const id = digest(Uint8Array.from([...prefix, ED25519, ...publicKey])).subarray(0, KEY_ID_BYTES);
  return Array.from(id, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether a text can name a key: not empty, no space of any kind, no plus, no control character. */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\p{White_Space}\p{Cc}\p{Cs}+]/u.test(name);
}

function signatureOf(line: string, index: number): NoteSignature {
  const [, name = '', encoded = ''] = LINE.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (!isKeyName(name) || bytes === null || bytes.length <= KEY_ID_BYTES) {
    throw invalid(`signature ${index + 1} to be an em dash, a key name and base64`);
  }
  const id = bytes.subarray(0, KEY_ID_BYTES);
  const keyId = Array.from(id, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { name, keyId, signature: bytes.subarray(KEY_ID_BYTES) };
}

function idBytes(keyId: string): number[] {
  return (keyId.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}

function invalid(expected: string): ArtifactError {
  return new ArtifactError('NOTE_INVALID', `expected a signed note to have ${expected}`);
}
