import { copyFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json, JsonObject } from '@tracecore/spec';
import { describe, expect, test } from 'vitest';
import type { TrustedKey } from '../keys.js';
import { readTrust } from '../read-trust.js';
import { edit, flipped } from '../testing/logs.js';
import { temporaryFolder } from '../testing/samples.js';
import { readCertified } from './certified-bundle.js';
import { type Known, readKnown } from './history.js';
import { verifyProof } from './proof-file.js';
import type { LedgerReport } from './report.js';
import { type LedgerQuestion, verifyLedger } from './verify-ledger.js';

type Change = { file: string } & (
  | { byte: number }
  | { cut: number }
  | { append: string }
  | { replace: [string, string] }
  | { copy: string }
  | { remove: true }
);
interface LogCase {
  name: string;
  log: string;
  known?: string;
  origin?: string;
  bundle?: string;
  changes: Change[];
  fails: { check: string; code: string }[];
}
interface ProofCase {
  name: string;
  proof: string;
  changes: { pointer: string; value: Json }[];
  fails: LogCase['fails'];
}

const VECTORS = fileURLToPath(new URL('../../../../spec/vectors/ledger/', import.meta.url));
const { logs, proofs } = JSON.parse(readFileSync(join(VECTORS, 'index.json'), 'utf8')) as {
  logs: LogCase[];
  proofs: ProofCase[];
};

const trusted = async (): Promise<TrustedKey[]> => {
  const { keys, faults } = await readTrust([join(VECTORS, 'trust'), join(VECTORS, '..', 'bundles', 'trust')]);
  expect(faults).toEqual([]);
  return keys;
};
const failedIn = ({ checks }: LedgerReport) =>
  checks.filter(({ status }) => status === 'fail').map(({ check, code }) => ({ check, code }));

describe('a golden ledger verifies for ever, and its changed twin does not', () => {
  test.each(logs)('$log: $name', async ({ log, known, origin, bundle, changes, fails }) => {
    const dir = join(temporaryFolder(), 'ledger');
    cpSync(join(VECTORS, log), dir, { recursive: true });
    for (const change of changes) apply(dir, change);
    const trust = await trusted();
    const question: LedgerQuestion =
      bundle === undefined
        ? { kind: 'registry' }
        : { kind: 'bundle', read: () => readCertified(join(VECTORS, bundle), trust) };
    const older = known === undefined ? [] : [(await readKnown(join(VECTORS, known))) as Known];
    const asked = origin === undefined ? {} : { origin };
    const { report, seen } = await verifyLedger(dir, question, { trust, known: older, ...asked });
    expect(failedIn(report)).toEqual(fails);
    expect([report.ok, seen !== null]).toEqual([fails.length === 0, fails.length === 0]);
  });
});

describe('a golden proof verifies for ever, and its changed twin does not', () => {
  test.each(proofs)('$proof: $name', async ({ proof, changes, fails }) => {
    const value = JSON.parse(readFileSync(join(VECTORS, proof), 'utf8')) as JsonObject;
    for (const { pointer, value: other } of changes) put(value, pointer, other);
    const report = await verifyProof(value, { trust: await trusted() });
    expect(failedIn(report)).toEqual(fails);
    expect(report.ok).toBe(fails.length === 0);
  });
});

test('every ledger and proof of the vectors is golden and has a twin', () => {
  const releases = readdirSync(VECTORS).filter((name) => name.startsWith('v'));
  const found = releases.flatMap((release) =>
    readdirSync(join(VECTORS, release)).flatMap((name) => (name === 'checkpoints' ? [] : [`${release}/${name}`])),
  );
  const cases = [
    ...logs.map(({ log, fails }) => [log, fails] as const),
    ...proofs.map((one) => [one.proof, one.fails] as const),
  ];
  for (const sound of [true, false]) {
    const named = cases.filter(([, fails]) => (fails.length === 0) === sound).map(([name]) => name);
    expect([...new Set(named)].sort()).toEqual(found.sort());
  }
});

function apply(dir: string, change: Change): void {
  const file = join(dir, change.file);
  if ('remove' in change) rmSync(file);
  else if ('copy' in change) copyFileSync(join(VECTORS, change.copy), file);
  else if ('cut' in change) edit(file, (bytes) => bytes.subarray(0, -change.cut));
  else if ('append' in change) edit(file, (bytes) => Buffer.concat([bytes, Buffer.from(change.append, 'hex')]));
  else if ('byte' in change)
    edit(file, (bytes) => flipped(bytes, change.byte < 0 ? -change.byte : bytes.length - change.byte));
  else {
    const [from, to] = change.replace;
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(from);
    writeFileSync(
      file,
      text.replace(from, () => to),
    );
  }
}

function put(document: JsonObject, pointer: string, value: Json): void {
  const keys = pointer.split('/').slice(1);
  const last = keys.pop() as string;
  const parent = keys.reduce<Json>((node, key) => (node as JsonObject)[key] as Json, document) as JsonObject;
  parent[last] = value;
}
