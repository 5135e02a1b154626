import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import type { Artifact, JsonObject } from '@tracecore/spec';
import { onTestFinished } from 'vitest';
import { generateKeyPair, type SigningKey, type TrustedKey } from '../keys.js';
import type { BundleReport } from '../report.js';

const ARTIFACTS = new URL('../../../../spec/vectors/artifacts/', import.meta.url);

/** A file of spec/vectors/artifacts, as it lies there. */
export function artifactText(name = 'valid/success-two-steps.json'): string {
  return readFileSync(new URL(name, ARTIFACTS), 'utf8');
}

/** The sample artifact with fields replaced and its hash computed anew. */
export function artifactWith(fields: JsonObject, name?: string): string {
  return resealed({ ...(JSON.parse(artifactText(name)) as JsonObject), ...fields });
}

/** A document as an artifact's file, its hash computed anew. */
export function resealed(document: JsonObject): string {
  const artifact_hash = hashArtifact(document as unknown as Artifact, sha256);
  return `${JSON.stringify({ ...document, artifact_hash }, null, 2)}\n`;
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tracecore-bundle-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export interface KeyRing {
  key: SigningKey;
  trust: TrustedKey[];
}

/** A new key, and the trust of somebody who knows it. */
export function newKeyRing(): KeyRing {
  const key = generateKeyPair();
  return { key, trust: [{ id: key.id, publicKey: key.publicKey, file: 'trust/known.pem' }] };
}

/** Every code that a report has found, in order. */
export function codesOf(report: BundleReport): string[] {
  return report.checks.flatMap(({ findings }) => findings.map(({ code }) => code));
}

/** The bytes of every file in a folder, by name. */
export async function bytesIn(dir: string): Promise<Record<string, string>> {
  const names = (await readdir(dir)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, (await readFile(join(dir, name))).toString('base64')])),
  );
}
