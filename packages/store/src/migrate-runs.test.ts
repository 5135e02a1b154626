import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkHash } from '@tracecore/artifact';
import { readArtifactFile, sha256 } from '@tracecore/artifact/node';
import type { JsonObject } from '@tracecore/spec';
import { expect, onTestFinished, test } from 'vitest';
import { migrateRuns } from './migrate-runs.js';
import { openStore } from './open-store.js';
import { run, runId } from './testing/runs.js';

const STORE = new URL('../dist/index.js', import.meta.url).href;
const KILL_AT = new URL('./testing/kill-at.mjs', import.meta.url).href;
const PYTHON = readFileSync(
  new URL('../../../spec/vectors/artifacts/python/dice-game--dice-game-agent.json', import.meta.url),
  'utf8',
);
const ID = (JSON.parse(PYTHON) as { run_id: string }).run_id;

/** A file of v0.1, as that runtime wrote it: indented, without some fields. */
function oldText(fields: JsonObject = {}): string {
  const { agent_ref: _, runtime_identity: __, artifact_hash: ___, ...kept } = JSON.parse(PYTHON) as JsonObject;
  return `${JSON.stringify({ ...kept, spec_version: 'tracecore-spec-v0.1', ...fields }, null, 1)}`;
}

/** A store with these files in its runs folder; gone after the test. */
function storeWith(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'tracecore-migrate-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'runs'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, 'runs', name), text);
  return root;
}

function textsIn(root: string, folder: string): Record<string, string> {
  const dir = join(root, folder);
  return Object.fromEntries(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name), 'utf8')]));
}

const statesOf = async (root: string, write = false) =>
  (await migrateRuns(root, { write })).map(({ file, state, code }) => [
    file,
    code === null ? state : `${state} ${code}`,
  ]);

test('a dry run says what would change and writes nothing', async () => {
  const root = storeWith({ [`${ID}.json`]: oldText() });
  const [line] = await migrateRuns(root);
  expect(line).toMatchObject({ file: `${ID}.json`, state: 'would_change', code: null, backup: null });
  expect(line?.record?.changed).toEqual(['/spec_version', '/agent_ref', '/runtime_identity']);
  expect(readdirSync(root)).toEqual(['runs']);
  expect(textsIn(root, 'runs')).toEqual({ [`${ID}.json`]: oldText() });
});

test('a migrated file reads as a run with a hash of its own, the old one is kept beside, and once is enough', async () => {
  const root = storeWith({ [`${ID}.json`]: oldText() });
  const [line] = await migrateRuns(root, { write: true });
  expect(line).toMatchObject({ state: 'migrated', code: null });
  expect(readFileSync(line?.backup as string, 'utf8')).toBe(oldText());
  const { artifact } = await readArtifactFile(join(root, 'runs', `${ID}.json`));
  expect(checkHash(artifact, sha256)).toEqual([]);
  expect((artifact as { migration?: unknown }).migration).toEqual(line?.record);
  const { runs, skipped } = await openStore(root).list();
  expect([runs.map(({ run_id }) => run_id), skipped]).toEqual([[ID], []]);

  const before = [textsIn(root, 'runs'), textsIn(root, 'migrated')];
  expect(await statesOf(root, true)).toEqual([[`${ID}.json`, 'current']]);
  expect([textsIn(root, 'runs'), textsIn(root, 'migrated')]).toEqual(before);
});

test('what is v1.0, newer, torn, foreign or of another name is named and not touched, byte for byte', async () => {
  const ours = `${JSON.stringify(run({ run_id: runId('aaaaaa') }))}`;
  const files = {
    [`${runId('aaaaaa')}.json`]: ours,
    [`${runId('bbbbbb')}.json`]: oldText({ run_id: runId('bbbbbb'), spec_version: 'tracecore-spec-v2.0' }),
    [`${runId('cccccc')}.json`]: oldText().slice(0, 400),
    [`${runId('dddddd')}.json`]: '{"hello": "world"}',
    [`${runId('eeeeee')}.json`]: oldText(),
    [`${ID}.json`]: PYTHON,
    'notes.txt': 'mine',
  };
  const root = storeWith(files);
  symlinkSync(join(root, 'runs', 'notes.txt'), join(root, 'runs', `${runId('ffffff')}.json`));
  expect(await statesOf(root, true)).toEqual(
    [
      [`${runId('aaaaaa')}.json`, 'current'],
      [`${runId('bbbbbb')}.json`, 'left SPEC_VERSION_UNKNOWN'],
      [`${runId('cccccc')}.json`, 'left JSON_INVALID'],
      [`${runId('dddddd')}.json`, 'left NOT_AN_ARTIFACT'],
      [`${ID}.json`, 'current'],
      [`${runId('eeeeee')}.json`, 'left NAME_MISMATCH'],
      [`${runId('ffffff')}.json`, 'left FILE_NOT_REGULAR'],
      ['notes.txt', 'left NAME_INVALID'],
    ].sort(),
  );
  expect(textsIn(root, 'runs')).toEqual({ ...files, [`${runId('ffffff')}.json`]: 'mine' });
  expect(readdirSync(root)).toEqual(['runs']);
});

test('bundles are not touched, and a store without runs has nothing to migrate', async () => {
  const root = storeWith({ [`${ID}.json`]: oldText() });
  mkdirSync(join(root, 'baselines', ID), { recursive: true });
  writeFileSync(join(root, 'baselines', ID, 'artifact.json'), oldText());
  await migrateRuns(root, { write: true });
  expect(textsIn(root, join('baselines', ID))).toEqual({ 'artifact.json': oldText() });
  expect(await migrateRuns(join(root, 'nowhere'), { write: true })).toEqual([]);
});

test('where the old file cannot be kept, it is not replaced', async () => {
  const root = storeWith({ [`${ID}.json`]: oldText() });
  writeFileSync(join(root, 'migrated'), 'a file where the folder should be');
  expect(await statesOf(root, true)).toEqual([[`${ID}.json`, 'failed FILE_UNWRITABLE']]);
  expect(textsIn(root, 'runs')).toEqual({ [`${ID}.json`]: oldText() });
});

test('a process that is killed at any step leaves the old file or the new one, and the old one is never lost', async () => {
  const ended: boolean[] = [];
  const states = new Set<string>();
  for (let step = 1; ended.at(-1) !== true; step += 1) {
    const root = storeWith({ [`${ID}.json`]: oldText() });
    ended.push((await migrateInChild(root, step)) === null);
    const [line] = await migrateRuns(root);
    expect(['would_change', 'current'], `step ${step}`).toContain(line?.state);
    states.add(line?.state as string);
    if (line?.state === 'would_change') expect(readFileSync(join(root, 'runs', `${ID}.json`), 'utf8')).toBe(oldText());
    expect((await openStore(root).list()).skipped.length, `step ${step}`).toBe(line?.state === 'current' ? 0 : 1);

    await migrateRuns(root, { write: true });
    const { artifact } = await readArtifactFile(join(root, 'runs', `${ID}.json`));
    expect(checkHash(artifact, sha256), `step ${step}`).toEqual([]);
    const kept = Object.entries(textsIn(root, 'migrated')).filter(([name]) => !name.startsWith('.'));
    expect(
      kept.map(([, text]) => text),
      `step ${step}`,
    ).toEqual([oldText()]);
  }
  expect([...states].sort()).toEqual(['current', 'would_change']);
  expect(ended.length).toBeGreaterThan(15);
}, 120_000);

/** Migrates in a process that ends at a step; the signal that ended it, or null when it got through. */
function migrateInChild(root: string, step: number): Promise<string | null> {
  const script = `
    import { killAt } from ${JSON.stringify(KILL_AT)};
    killAt(${step});
    const { migrateRuns } = await import(${JSON.stringify(STORE)});
    await migrateRuns(${JSON.stringify(root)}, { write: true });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve(signal);
      else reject(new Error(`the child ended with ${code}`));
    });
  });
}
