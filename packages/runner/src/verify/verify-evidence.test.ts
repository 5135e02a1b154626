import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashArtifact } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import { generateKeyPair, type SigningKey, sealBundle, type TrustedKey } from '@tracecore/bundle';
import { makeEntry, publishEntry, readCertified } from '@tracecore/bundle/ledger';
import type { Artifact, Json } from '@tracecore/spec';
import type { LoadedTask } from '@tracecore/tasks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openWorkspace, type Workspace } from '../testing/workspace.js';
import { type EvidenceOptions, type EvidenceReport, type Subject, verifyEvidence } from './verify-evidence.js';

let workspace: Workspace;
let task: LoadedTask;
let text: string;
let artifact: Artifact;
const key: SigningKey = generateKeyPair();
const trust: TrustedKey[] = [{ id: key.id, publicKey: key.publicKey, file: 'trust/lab.pub' }];

beforeAll(async () => {
  workspace = await openWorkspace();
  task = await workspace.task();
  artifact = await workspace.playActions([{ type: 'report', args: { total: 2 } }], { task, budgets: { steps: 3 } });
  text = JSON.stringify(artifact, null, 2);
});
afterAll(() => workspace.close());

let folders = 0;
let bundles: string;
beforeEach(() => {
  folders += 1;
  bundles = join(workspace.dir, `bundles-${folders}`);
});

const run = (of = text): Subject => ({ kind: 'run', value: JSON.parse(of) as Json, text: of });
const seal = (signingKey?: SigningKey) =>
  sealBundle({ artifactText: text, dir: bundles, ...(signingKey ? { signingKey } : {}) });

function verify(subject: Subject, options: Partial<EvidenceOptions> = {}): Promise<EvidenceReport> {
  const { loader, runner } = workspace;
  const registry = { get: async () => task };
  return verifyEvidence(subject, { registry, loader, runner }, { bundles, trust, ...options });
}

const line = ({ checks }: EvidenceReport, name: string) => checks.find(({ check }) => check === name);
const codes = ({ checks }: EvidenceReport) => Object.fromEntries(checks.map(({ check, code }) => [check, code]));
const PROVEN = { schema: 'OK', hash: 'OK', budgets: 'OK', taxonomy: 'OK', 're-derivation': 'OK' };

const UNSEALED = { bundle: 'NO_BUNDLE', signature: 'NO_BUNDLE', ledger: 'NO_BUNDLE' };
const SEALED = { bundle: 'OK', signature: 'OK', ledger: 'NO_LEDGER' };

describe('a run', () => {
  test('that was not sealed has no bundle, and that is no fault unless a signature is asked for', async () => {
    for (const options of [{}, { strict: true }, { bundles: null }]) {
      const report = await verify(run(), options);
      expect([report.ok, codes(report)]).toEqual([true, { ...PROVEN, ...UNSEALED }]);
    }
    expect(line(await verify(run(), { requireSignature: true }), 'signature')).toMatchObject({
      status: 'fail',
      code: 'SIGNATURE_NONE',
    });
  });

  test('is checked together with its bundle, and whoever signed it is named', async () => {
    await seal(key);
    const report = await verify(run(), { strict: true, requireSignature: true });
    expect([report.ok, codes(report)]).toEqual([true, { ...PROVEN, ...SEALED }]);
    expect(line(report, 'signature')?.note).toBe(`trusted key ${key.id} by trust/lab.pub`);
    expect(report.signers).toEqual([{ key_id: key.id, status: 'trusted', trusted_by: 'trust/lab.pub' }]);
    const stranger = await verify(run(), { trust: [] });
    expect([stranger.ok, line(stranger, 'signature')?.code]).toEqual([false, 'SIGNATURE_UNTRUSTED']);
  });

  test('that is not the record which its bundle holds is told by the field', async () => {
    await seal();
    const other = { ...artifact, started_at: '2020-01-01T00:00:00.000Z' };
    const report = await verify(run(JSON.stringify(other)));
    expect(codes(report)).toMatchObject({ ...PROVEN, bundle: 'BUNDLE_DIFFERS' });
    expect(line(report, 'bundle')).toMatchObject({ pointer: '/started_at', file: 'artifact.json' });
    expect(report.ok).toBe(false);
  });

  test('written with other white space is the same record', async () => {
    await seal();
    expect((await verify(run(JSON.stringify(artifact)))).ok).toBe(true);
  });

  test('whose bundle is damaged, or no folder, fails that line alone', async () => {
    const { dir } = await seal();
    writeFileSync(join(dir, 'validator.json'), '{}');
    expect(codes(await verify(run()))).toMatchObject({ ...PROVEN, bundle: 'DIGEST_MISMATCH' });
    bundles = join(workspace.dir, `bundles-${folders}-file`);
    await workspace.write(`bundles-${folders}-file/${artifact.run_id}`, 'no folder');
    expect(codes(await verify(run()))).toMatchObject({ ...PROVEN, bundle: 'BUNDLE_UNREADABLE' });
  });

  test('that breaks the schema has nothing else checked', async () => {
    await seal();
    const report = await verify(run(JSON.stringify({ ...artifact, run_id: '../../elsewhere' })));
    expect(report.checks.map(({ status }) => status)).toEqual(['fail', ...Array(7).fill('skip')]);
  });
});

describe('a bundle', () => {
  test('has its artifact proven out of the bytes that were checked', async () => {
    const { dir } = await seal(key);
    const report = await verify({ kind: 'bundle', dir }, { strict: true });
    expect(report).toMatchObject({ kind: 'bundle', ok: true, run_id: artifact.run_id });
    expect(codes(report)).toEqual({ ...PROVEN, ...SEALED });
  });

  test('that nobody signed passes, but not strictly, nor where a signature is asked for', async () => {
    const { dir } = await seal();
    const statusOf = async (options: Partial<EvidenceOptions>) =>
      line(await verify({ kind: 'bundle', dir }, options), 'signature');
    expect(await statusOf({})).toMatchObject({ status: 'skip', code: 'SIGNATURE_NONE' });
    expect(await statusOf({ strict: true })).toMatchObject({ status: 'fail', code: 'SIGNATURE_NONE' });
    expect(await statusOf({ requireSignature: true })).toMatchObject({ status: 'fail', code: 'SIGNATURE_NONE' });
  });

  test('whose forged score was sealed and signed by a trusted key fails re-derivation', async () => {
    const forged = structuredClone(artifact);
    Object.assign(forged.validator as object, { message: 'well done' });
    forged.artifact_hash = hashArtifact(forged, sha256);
    const { dir } = await sealBundle({ artifactText: JSON.stringify(forged), dir: bundles, signingKey: key });
    const report = await verify({ kind: 'bundle', dir });
    expect(codes(report)).toEqual({ ...PROVEN, ...SEALED, 're-derivation': 'SCORE_DIFFERS' });
    expect([report.ok, line(report, 're-derivation')?.pointer]).toEqual([false, '/validator/message']);
  });

  test('without a readable artifact says that nothing of it was proven', async () => {
    const { dir } = await seal();
    writeFileSync(join(dir, 'artifact.json'), '{');
    const report = await verify({ kind: 'bundle', dir });
    expect([report.ok, line(report, 'bundle')?.status]).toEqual([false, 'fail']);
    expect(line(report, 're-derivation')).toMatchObject({ status: 'skip', code: 'SKIPPED' });
  });

  test('that is redacted holds and is this run, but proves no score by itself', async () => {
    const redaction = {
      pointers: ['/action_trace/0/action/args/total'],
      saltsFile: join(workspace.dir, `salts-${folders}`),
    };
    const { dir } = await sealBundle({
      artifactText: text,
      dir: bundles,
      signingKey: key,
      redaction: { ...redaction, everywhere: true },
    });
    const alone = await verify({ kind: 'bundle', dir });
    expect(codes(alone)).toMatchObject({
      redactions: 'OK',
      're-derivation': 'REDACTED',
      bundle: 'OK',
      signature: 'OK',
    });
    expect([alone.ok, line(alone, 'bundle')?.note]).toEqual([true, '1 value is redacted']);
    expect((await verify({ kind: 'bundle', dir }, { strict: true })).ok).toBe(false);
    expect(codes(await verify(run(), { strict: true }))).toEqual({ ...PROVEN, ...SEALED });
    const other = { ...artifact, completed_at: '2020-01-01T00:00:00.000Z' };
    expect(codes(await verify(run(JSON.stringify(other))))).toMatchObject({ bundle: 'BUNDLE_DIFFERS' });
  });

  test('that is not there is an error, and no report', async () => {
    await expect(verify({ kind: 'bundle', dir: join(bundles, 'none') })).rejects.toMatchObject({
      code: 'BUNDLE_NOT_FOUND',
    });
  });

  test('in the form of the Python runtime is compared with its run, and proves no score by itself', async () => {
    const folder = new URL('../../../../spec/vectors/bundles/v0.1/python-run', import.meta.url);
    const python = readFileSync(new URL('python-run/artifact.json', folder), 'utf8');
    const dir = join(bundles, (JSON.parse(python) as Artifact).run_id);
    cpSync(folder, dir, { recursive: true });
    for (const name of ['artifact.json', 'attestation.dsse.json']) rmSync(join(dir, name));
    const listed = readFileSync(join(dir, 'integrity.sha256'), 'utf8').split('\n');
    writeFileSync(join(dir, 'integrity.sha256'), listed.filter((one) => !one.endsWith('artifact.json')).join('\n'));
    const alone = await verify({ kind: 'bundle', dir });
    expect(line(alone, 'bundle')).toMatchObject({ code: 'OK', note: 'python form' });
    expect(codes(alone)).toMatchObject({ schema: 'SKIPPED', 're-derivation': 'SKIPPED' });
    expect((await verify({ kind: 'bundle', dir }, { strict: true })).ok).toBe(false);
    expect(codes(await verify(run(python)))).toMatchObject({ hash: 'OK', bundle: 'OK' });
    const other = JSON.stringify({ ...(JSON.parse(python) as Artifact), seed: 5 });
    expect(codes(await verify(run(other)))).toMatchObject({ hash: 'HASH_MISMATCH', bundle: 'MANIFEST_MISMATCH' });
  });
});

describe('the ledger', () => {
  const logKey = generateKeyPair();
  const both = [...trust, { id: logKey.id, publicKey: logKey.publicKey, file: 'trust/log.pub' }];

  /** A ledger that certifies the bundles of these runs. */
  async function publish(...dirs: string[]): Promise<string> {
    const dir = `${bundles}-ledger`;
    const certified = await Promise.all(dirs.map((one) => readCertified(one, both)));
    const entry = makeEntry(certified, { publishedAt: new Date(0) });
    await publishEntry(entry, { dir, signingKey: logKey, origin: 'example.org/agents' });
    return dir;
  }

  const lineFor = async (dir: string, ledger: string) => {
    const source = { dir: ledger, options: { trust: both } };
    const report = await verify({ kind: 'bundle', dir }, { trust: both, ledger: source, strict: true });
    return { ...line(report, 'ledger'), ok: report.ok };
  };

  test('has a published bundle, and says where', async () => {
    const { dir } = await seal(key);
    const ledger = await publish(dir);
    expect(await lineFor(dir, ledger)).toMatchObject({
      ok: true,
      code: 'OK',
      note: 'entry 0 of 1 in example.org/agents',
    });
  });

  test('lacks a bundle that was not published, which is no fault', async () => {
    const { dir } = await seal(key);
    const ledger = await publish(dir);
    bundles = `${bundles}-other`;
    const other = { ...artifact, run_id: 'f'.repeat(32) };
    const unpublished = await sealBundle({ artifactText: JSON.stringify(other), dir: bundles, signingKey: key });
    expect(await lineFor(unpublished.dir, ledger)).toMatchObject({ ok: true, code: 'LEDGER_ENTRY_NOT_FOUND' });
    expect(await lineFor(dir, `${ledger}-none`)).toMatchObject({ ok: true, code: 'NO_LEDGER' });
  });

  test('that was written anew, or certifies another bundle of the run, fails the line', async () => {
    const { dir } = await seal(key);
    const ledger = await publish(dir);
    const again = await sealBundle({
      artifactText: JSON.stringify(artifact),
      dir: `${bundles}-again`,
      signingKey: key,
    });
    expect(await lineFor(again.dir, ledger)).toMatchObject({ ok: false, code: 'LEDGER_BUNDLE_MISMATCH' });
    const tile = join(ledger, 'tile', 'entries', '000.p', '1');
    writeFileSync(tile, readFileSync(tile, 'utf8').replace('"suite":"core"', '"suite":"cork"'));
    expect(await lineFor(dir, ledger)).toMatchObject({ ok: false, code: 'LEDGER_ENTRY_MISMATCH' });
  });
});

describe('strict spec', () => {
  test('is a line of its own, of runs and bundles', async () => {
    const { dir } = await seal();
    for (const subject of [run(), { kind: 'bundle', dir } as const]) {
      expect(line(await verify(subject, { strictSpec: {} }), 'strict-spec')?.code).toBe('OK');
    }
  });

  test('asks for the isolation that the reader asks for', async () => {
    const bare = {
      ...artifact,
      isolation: { ...(artifact.isolation as object), mechanism: 'process-bare', level: 'bare' },
    };
    const statusFor = async (minimum: 'bare' | 'permissions') =>
      line(await verify(run(JSON.stringify(bare)), { strictSpec: { minimum } }), 'strict-spec');
    expect(await statusFor('bare')).toMatchObject({ status: 'ok' });
    expect(await statusFor('permissions')).toMatchObject({ status: 'fail', code: 'ISOLATION_TOO_WEAK' });
  });

  test('names the first rule that is broken', async () => {
    const { determinism: _, ...without } = artifact;
    const edited = { ...without, artifact_hash: hashArtifact(without as Artifact, sha256) };
    const report = await verify(run(JSON.stringify(edited)), { strictSpec: {} });
    expect(line(report, 'strict-spec')).toMatchObject({ status: 'fail', code: 'DETERMINISM_MISSING' });
  });
});
