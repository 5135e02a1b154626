import { createHash } from 'node:crypto';
import type { Artifact } from '@tracecore/spec';
import { expect, test } from 'vitest';
import { readVectors } from '../testing/vectors.js';
import { differenceBeyondRedactions } from './difference-beyond.js';
import { redactArtifact } from './redact-artifact.js';

const original = readVectors<Artifact>('artifacts/valid/success-two-steps.json');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const random = (length: number) => new Uint8Array(length).fill(7);
const pointers = ['/action_trace/*/result/content'];
const { artifact: redacted } = redactArtifact(original, { pointers, everywhere: true, sha256, random });

test('a redacted copy parts from its original nowhere but in what is redacted', () => {
  expect(differenceBeyondRedactions(redacted, original)).toBeNull();
  expect(differenceBeyondRedactions(original, original)).toBeNull();
});

test('another record, or a place that is not redacted, is told', () => {
  const other = { ...original, seed: original.seed + 1 };
  expect(differenceBeyondRedactions(redacted, other)?.pointer).toBe('/seed');
  const cut = { ...original, action_trace: original.action_trace.slice(0, 1) };
  expect(differenceBeyondRedactions(redacted, cut)?.pointer).toBe('/action_trace/1');
  expect(differenceBeyondRedactions(original, other)?.pointer).toBe('/seed');
});
