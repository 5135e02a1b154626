import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { Artifact, JsonObject } from '@tracecore/spec';
import { documentsOf, documentTexts } from '../documents.js';
import { formatEnvelope, PAYLOAD_TYPE, signPayload } from '../dsse.js';
import { formatIntegrity } from '../integrity.js';
import type { SigningKey } from '../keys.js';
import { statementOf } from '../statement.js';

/** The texts of a bundle by file name, and what somebody does to them who knows every rule and lacks the key. */
export type Texts = Map<string, string>;

const FILES = ['manifest.json', 'tool_calls.jsonl', 'validator.json', 'artifact.json', 'integrity.sha256'];

export function readTexts(dir: string, names = [...FILES, 'attestation.dsse.json']): Texts {
  return new Map(names.map((name) => [name, readFileSync(join(dir, name), 'utf8')]));
}

export function writeTexts(dir: string, texts: Texts): void {
  for (const [name, text] of texts) writeFileSync(join(dir, name), text);
}

/** An artifact's text with the hash that belongs to its fields. */
export function rehashed(artifact: JsonObject): string {
  if (artifact.artifact_hash === undefined) return JSON.stringify(artifact);
  return JSON.stringify({ ...artifact, artifact_hash: hashArtifact(artifact as unknown as Artifact, sha256) });
}

/** Writes the shared documents anew from the artifact, where it is still whole enough to write any. */
export function withDocuments(texts: Texts): Texts {
  try {
    return new Map([...texts, ...documentTexts(documentsOf(artifactOf(texts)))]);
  } catch {
    return texts;
  }
}

/** Writes `integrity.sha256` anew. */
export function withIntegrity(texts: Texts): Texts {
  return new Map([...texts, ['integrity.sha256', formatIntegrity(digestsOf(texts))]]);
}

/** Signs what is there with a key, as its rightful sealer would. */
export function signedBy(key: SigningKey, texts: Texts): Texts {
  return withStatement(key, texts, statementOf(artifactOf(texts), digestsOf(texts)));
}

/** Signs any statement. */
export function withStatement(key: SigningKey, texts: Texts, statement: JsonObject): Texts {
  const payload = Buffer.from(JSON.stringify(statement));
  const signatures = [signPayload(PAYLOAD_TYPE, payload, key)];
  return new Map([
    ...texts,
    ['attestation.dsse.json', formatEnvelope({ payload, payloadType: PAYLOAD_TYPE, signatures })],
  ]);
}

function artifactOf(texts: Texts): Artifact {
  return JSON.parse(texts.get('artifact.json') as string) as Artifact;
}

function digestsOf(texts: Texts): Map<string, string> {
  return new Map([...texts].map(([name, text]) => [name, sha256(Buffer.from(text))]));
}
