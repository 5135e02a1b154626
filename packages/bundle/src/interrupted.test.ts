import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleStatus } from './bundle-status.js';
import { nodeFiles } from './files.js';
import { generateKeyPair } from './keys.js';
import { sealBundle } from './seal-bundle.js';
import { signBundle } from './sign-bundle.js';
import { interruptedFiles } from './testing/interrupted-files.mjs';
import { artifactText, artifactWith, bytesIn, codesOf, newKeyRing, temporaryFolder } from './testing/samples.js';
import { verifyBundle } from './verify-bundle.js';
import { writeKeyPair } from './write-key-pair.js';

const BUILT = new URL('../dist/index.js', import.meta.url).href;
const STEPS = new URL('./testing/interrupted-files.mjs', import.meta.url).href;
const RUN_ID = '0190f3a27c4e4b7d8a519e2c6d3f4b10';
/** Folder, folder, six files of five steps each, sync, rename, sync. */
const SEAL_STEPS = 2 + 6 * 5 + 3;
const AT_ONCE = 4;

/** Runs to seal and the one key of all children: two that seal the same run write the same bytes. */
let outside: string;
let keyFile: string;
beforeAll(async () => {
  outside = mkdtempSync(join(tmpdir(), 'tracecore-runs-'));
  ({ file: keyFile } = await writeKeyPair(join(outside, 'key.pem'), generateKeyPair()));
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

describe('a seal that is killed', () => {
  test('at any step leaves no bundle or the whole one; status tells, and the next seal clears up', async () => {
    const ended: boolean[] = [];
    const one = async (step: number) => {
      const dir = temporaryFolder();
      const killed = (await inChild(dir, { killAt: step })).signal === 'SIGKILL';
      ended[step] = !killed;
      const names = readdirSync(dir);
      const { bundles, unfinished, foreign } = await bundleStatus(dir);
      expect(foreign, `step ${step}`).toEqual([]);
      expect(
        bundles.every(({ state }) => state === 'complete'),
        `step ${step}`,
      ).toBe(true);
      expect([...bundles.map(({ run_id }) => run_id), ...unfinished].sort(), `step ${step}`).toEqual(names.sort());
      const anHourAgo = Date.now() / 1000 - 3600;
      for (const name of unfinished) utimesSync(join(dir, name), anHourAgo, anHourAgo);
      const again = await sealBundle({ artifactText: artifactText(), dir });
      expect(again.state, `step ${step}`).toBe(bundles.length === 1 ? 'identical' : 'sealed');
      expect(again.removed, `step ${step}`).toEqual(unfinished);
      expect(codesOf(await verifyBundle(again.dir)), `step ${step}`).toEqual(
        bundles.length === 1 ? ['SIGNATURE_UNTRUSTED'] : [],
      );
    };
    for (let first = 1; first <= SEAL_STEPS + 1; first += AT_ONCE) {
      const steps = Array.from({ length: AT_ONCE }, (_, index) => first + index).filter(
        (step) => step <= SEAL_STEPS + 1,
      );
      await Promise.all(steps.map(one));
    }
    expect(ended.indexOf(true)).toBe(SEAL_STEPS + 1);
  }, 120_000);
});

describe('a disk that fills', () => {
  test('at any step of a seal leaves no bundle, or the whole one when only the last sync failed', async () => {
    const { key, trust } = newKeyRing();
    const seal = (dir: string, at: number) =>
      sealBundle({ artifactText: artifactText(), dir, signingKey: key, files: fullAt(at) });
    for (let step = 1; step <= SEAL_STEPS; step += 1) {
      const dir = temporaryFolder();
      await expect(seal(dir, step), `step ${step}`).rejects.toMatchObject({
        code: 'BUNDLE_UNWRITABLE',
        message: expect.stringContaining('no space left'),
      });
      expect(readdirSync(dir), `step ${step}`).toEqual(step === SEAL_STEPS ? [RUN_ID] : []);
      if (step === SEAL_STEPS) expect((await verifyBundle(join(dir, RUN_ID), { trust })).ok).toBe(true);
    }
    expect((await seal(temporaryFolder(), SEAL_STEPS + 1)).state).toBe('sealed');
  });

  test('at any step of a signing keeps the signatures that were there', async () => {
    const [first, second] = [newKeyRing(), newKeyRing()];
    const { dir } = await sealBundle({ artifactText: artifactText(), dir: temporaryFolder(), signingKey: first.key });
    const before = await bytesIn(dir);
    let step = 1;
    for (; ; step += 1) {
      const signing = await signBundle(dir, second.key, { files: fullAt(step) }).catch((error: unknown) => error);
      if (!(signing instanceof Error)) break;
      expect(signing, `step ${step}`).toMatchObject({ code: 'BUNDLE_UNWRITABLE' });
      const after = await bytesIn(dir);
      if (after['attestation.dsse.json'] === before['attestation.dsse.json'])
        expect(after, `step ${step}`).toEqual(before);
      expect((await verifyBundle(dir, { trust: first.trust })).ok, `step ${step}`).toBe(true);
    }
    expect(step).toBeGreaterThan(6);
    expect((await verifyBundle(dir, { trust: second.trust })).ok).toBe(true);
  });
});

test('a signing that is killed at any step keeps the signatures that were there, and status tells', async () => {
  const { key, trust } = newKeyRing();
  for (const killAt of [2, 3, 4, 5, 6]) {
    const parent = temporaryFolder();
    const { dir } = await sealBundle({ artifactText: artifactText(), dir: parent, signingKey: key });
    const before = await bytesIn(dir);
    expect((await inChild(dir, { killAt, sign: true })).signal, `step ${killAt}`).toBe('SIGKILL');
    expect(await bytesIn(dir), `step ${killAt}`).toMatchObject(before);
    expect((await verifyBundle(dir, { trust })).ok, `step ${killAt}`).toBe(true);
    expect((await bundleStatus(parent, { trust })).bundles[0]?.unfinished_signature, `step ${killAt}`).toBe(true);
    const blocked = signBundle(dir, newKeyRing().key);
    await expect(blocked).rejects.toMatchObject({
      code: 'BUNDLE_BUSY',
      message: expect.stringContaining('remove that file'),
    });
  }
}, 180_000);

describe('two seals at once, in two processes', () => {
  test('of the same run give one bundle and no error', async () => {
    const dir = temporaryFolder();
    const ended = await Promise.all([inChild(dir, {}), inChild(dir, {})]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(ended.map(({ output }) => output).sort()).toContain('sealed');
    expect(readdirSync(dir)).toEqual([RUN_ID]);
    expect(codesOf(await verifyBundle(join(dir, RUN_ID)))).toEqual(['SIGNATURE_UNTRUSTED']);
  });

  test('of different runs with one id: one is sealed whole, the other is told', async () => {
    const dir = temporaryFolder();
    const other = artifactWith({ seed: 8, determinism: { seed: 8, tooling: {} } });
    const ended = await Promise.all([inChild(dir, {}), inChild(dir, { text: other })]);
    expect(ended.map(({ output }) => output).sort()).toEqual(['BUNDLE_EXISTS', 'sealed']);
    expect(readdirSync(dir)).toEqual([RUN_ID]);
    const { bundles } = await bundleStatus(dir);
    expect(bundles.map(({ state }) => state)).toEqual(['complete']);
  });
});

test('two seals at once in one process give one bundle', async () => {
  const dir = temporaryFolder();
  const options = { artifactText: artifactText(), dir };
  const sealed = await Promise.all(Array.from({ length: 5 }, () => sealBundle(options)));
  expect(sealed.map(({ state }) => state).sort()).toEqual([
    'identical',
    'identical',
    'identical',
    'identical',
    'sealed',
  ]);
  expect(readdirSync(dir)).toEqual([RUN_ID]);
});

function fullAt(at: number) {
  let steps = 0;
  return interruptedFiles(nodeFiles, () => {
    steps += 1;
    if (steps === at) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  });
}

/** Seals or signs in a process of its own, which kills itself at a step; it prints how that ended. */
function inChild(
  dir: string,
  { killAt = 0, sign = false, text = artifactText() }: { killAt?: number; sign?: boolean; text?: string },
): Promise<{ code: number | null; signal: string | null; output: string }> {
  const run = join(outside, `${randomUUID()}.json`);
  writeFileSync(run, text);
  const script = `
    import { readFileSync } from 'node:fs';
    import { nodeFiles, readSigningKey, sealBundle, signBundle } from ${JSON.stringify(BUILT)};
    import { interruptedFiles } from ${JSON.stringify(STEPS)};
    const [dir, killAt, sign, run, key] = process.argv.slice(1);
    const signingKey = await readSigningKey(key);
    let steps = 0;
    const files = interruptedFiles(nodeFiles, () => {
      steps += 1;
      if (steps === Number(killAt)) process.kill(process.pid, 'SIGKILL');
    });
    const act = () =>
      sign === 'true'
        ? signBundle(dir, signingKey, { files })
        : sealBundle({ artifactText: readFileSync(run, 'utf8'), dir, signingKey, files });
    process.stdout.write(await act().then(({ state }) => state, (error) => error.code ?? error.message));`;
  const args = ['--input-type=module', '-e', script, dir, String(killAt), String(sign), run, keyFile];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: { toString(): string }) => {
    output += chunk.toString();
  });
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, output })));
}
