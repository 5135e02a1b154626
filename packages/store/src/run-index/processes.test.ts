import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../open-store.js';
import { exitCode, printed } from '../testing/children.js';
import { FAILED, run, runId } from '../testing/runs.js';
import { openRunIndex } from './open-run-index.js';

const DIST = new URL('../../dist/', import.meta.url).href;
const ROUNDS = 40;
const PROCESS_TIMEOUT = 120_000;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tracecore-index-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** What a process does over and over, after the modules and the index are there; it prints a dot before each time. */
const DOES = {
  put: 'await store.put({ ...artifact, run_id: start + String(n).padStart(32 - start.length, "0"), success: n % 2 === 0 })',
  record: `const run_id = start + String(n % 50).padStart(32 - start.length, "0");
    await store.put({ ...artifact, run_id, seed: n })`,
  reindex: 'await (await reindexRuns(root)).close()',
  open: 'await (await openRunIndex(root)).close()',
};

async function start(kind: keyof typeof DOES, name: string, count: number): Promise<ChildProcess> {
  const template = join(root, `${name}.template`);
  await writeFile(template, JSON.stringify(run({ run_id: runId(name), ...FAILED })));
  const script = `
    import { readFileSync } from 'node:fs';
    const { openStore } = await import(${JSON.stringify(`${DIST}index.js`)});
    const { openRecorder, openRunIndex, reindexRuns } = await import(${JSON.stringify(`${DIST}run-index.js`)});
    const [root, template, start, count] = process.argv.slice(1);
    const artifact = JSON.parse(readFileSync(template, 'utf8'));
    await (await openRunIndex(root)).close();
    let opened;
    const store = openStore(root, {
      index: () => (opened ??= openRecorder(root)),
      onIndexFault: (error) => { throw error; },
    });
    for (let n = 0; n < Number(count); n += 1) {
      process.stdout.write('.');
      ${DOES[kind]};
    }
    await (await opened)?.close();`;
  const args = ['--input-type=module', '-e', script, root, template, name, String(count)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function putRuns(count: number): Promise<void> {
  const store = openStore(root);
  for (let n = 0; n < count; n += 1) await store.put(run({ run_id: n.toString(16).padStart(32, 'f'), seed: n }));
}

/** What the index says after it was opened, and what the files say; both have nothing to complain of. */
async function expectInStep(): Promise<number> {
  const faults: string[] = [];
  const index = await openRunIndex(root, { onFault: (message) => faults.push(message) });
  const [runs, skipped] = [await index.runs(), await index.skipped()];
  await index.close();
  const listed = await openStore(root).list();
  expect(runs).toMatchObject(listed.runs);
  expect([runs.length, skipped, faults]).toEqual([listed.runs.length, listed.skipped, []]);
  return runs.length;
}

test(
  'processes that write, ask and reindex at once lose nothing and stop nobody',
  async () => {
    await putRuns(5);
    const children = await Promise.all([
      start('put', 'aaaaaa', ROUNDS),
      start('put', 'bbbbbb', ROUNDS),
      start('open', 'cccccc', ROUNDS),
      start('reindex', 'dddddd', ROUNDS / 4),
    ]);
    expect(await Promise.all(children.map(exitCode))).toEqual([0, 0, 0, 0]);
    expect(await expectInStep()).toBe(5 + 2 * ROUNDS);
  },
  PROCESS_TIMEOUT,
);

test.each(['record', 'reindex', 'open'] as const)(
  'a process killed in the middle of %s leaves an index that repairs itself',
  async (kind) => {
    await putRuns(30);
    for (let round = 0; round < 4; round += 1) {
      const writer = await start('record', 'abcdef', Number.MAX_SAFE_INTEGER);
      const child = kind === 'record' ? writer : await start(kind, 'fedcba', Number.MAX_SAFE_INTEGER);
      await printed(child, 2 * round + 1);
      for (const one of new Set([child, writer])) one.kill('SIGKILL');
      await Promise.all([exitCode(child), exitCode(writer)]);
      expect(await expectInStep()).toBeGreaterThanOrEqual(30);
    }
    expect((await readdir(root)).filter((name) => name.endsWith('.broken'))).toEqual([]);
  },
  PROCESS_TIMEOUT,
);
