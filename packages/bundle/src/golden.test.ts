import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readTrust } from './read-trust.js';
import { temporaryFolder } from './testing/samples.js';
import { verifyBundle } from './verify-bundle.js';

interface Case {
  name: string;
  bundle: string;
  signature_required: boolean;
  changes: ({ file: string } & ({ replace: [string, string] } | { text: string } | { remove: true }))[];
  signature: string;
  fails: { check: string; code: string }[];
}

const VECTORS = fileURLToPath(new URL('../../../spec/vectors/bundles/', import.meta.url));
const cases = JSON.parse(readFileSync(join(VECTORS, 'index.json'), 'utf8')) as Case[];
const golden = cases.filter(({ changes }) => changes.length === 0);
const twins = cases.filter(({ changes }) => changes.length > 0);

describe('a golden bundle verifies for ever', () => {
  test.each(golden)('$bundle: $name', async ({ bundle, signature_required, signature, fails }) => {
    const { keys, faults } = await readTrust([join(VECTORS, 'trust')]);
    expect(faults).toEqual([]);
    const report = await verifyBundle(join(VECTORS, bundle), { trust: keys, requireSignature: signature_required });
    expect(fails).toEqual([]);
    expect(report.checks.filter(({ status }) => status === 'fail')).toEqual([]);
    expect(report).toMatchObject({ ok: true, signature: { status: signature }, extra: [] });
  });
});

describe('its changed twin does not', () => {
  test.each(twins)('$bundle: $name', async ({ bundle, signature_required, changes, signature, fails }) => {
    const dir = join(temporaryFolder(), 'twin');
    cpSync(join(VECTORS, bundle), dir, { recursive: true });
    for (const change of changes) apply(dir, change);
    const { keys } = await readTrust([join(VECTORS, 'trust')]);
    const report = await verifyBundle(dir, { trust: keys, requireSignature: signature_required });
    const found = report.checks.filter(({ status }) => status === 'fail').map(({ check, code }) => ({ check, code }));
    expect(found).toEqual(fails);
    expect(report).toMatchObject({ ok: false, signature: { status: signature } });
  });
});

test('every bundle of the vectors is golden and has a twin', () => {
  const releases = readdirSync(VECTORS).filter((name) => name.startsWith('v'));
  const bundles = releases.flatMap((release) =>
    readdirSync(join(VECTORS, release)).map((name) => `${release}/${name}`),
  );
  expect(golden.map(({ bundle }) => bundle).sort()).toEqual(bundles.sort());
  expect([...new Set(twins.map(({ bundle }) => bundle))].sort()).toEqual(bundles.sort());
});

function apply(dir: string, change: Case['changes'][number]): void {
  const file = join(dir, change.file);
  if ('remove' in change) rmSync(file);
  else if ('text' in change) writeFileSync(file, change.text);
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
