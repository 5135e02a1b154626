import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from './open-store.js';
import { exitCode, printed } from './testing/children.js';
import { FAILED, run, runId } from './testing/runs.js';

const STORE = new URL('../dist/index.js', import.meta.url).href;
const ROUNDS = 25;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tracecore-store-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('two processes that write at once tear nothing, for a reader in between or after', async () => {
  const writers = await Promise.all([startWriter('aaaaaa', ROUNDS), startWriter('bbbbbb', ROUNDS)]);
  const store = openStore(root);
  const ended = Promise.all(writers.map(exitCode));
  let running = true;
  void ended.then(() => {
    running = false;
  });
  let seen = 0;
  while (running) {
    const { runs, skipped } = await store.list();
    expect(skipped).toEqual([]);
    expect(runs.length).toBeGreaterThanOrEqual(seen);
    seen = runs.length;
    if (seen > 0) expect(await store.latest()).not.toBeNull();
  }
  expect(await ended).toEqual([0, 0]);
  expect((await store.list()).runs).toHaveLength(2 * ROUNDS);
  const session = await store.session();
  expect((await store.latest())?.artifact.run_id).toBe(session?.latest_run_id);
  expect((await readdir(join(root, 'runs'))).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a writer killed in the middle leaves whole runs and a whole session', async () => {
  for (let round = 0; round < 6; round += 1) {
    const start = `c${round}`;
    const child = await startWriter(start, Number.MAX_SAFE_INTEGER);
    await printed(child, round + 2);
    child.kill('SIGKILL');
    await exitCode(child);
    const store = openStore(root);
    const { runs, skipped } = await store.list();
    expect(skipped).toEqual([]);
    expect(runs.filter(({ run_id }) => run_id.startsWith(start)).length).toBeGreaterThanOrEqual(round + 1);
    expect((await store.session())?.latest_run_id.startsWith(start)).toBe(true);
  }
});

/** A process that puts runs whose ids begin with `start`, and prints a dot before each. */
async function startWriter(start: string, count: number): Promise<ChildProcess> {
  const template = join(root, `${start}.template`);
  await writeFile(template, JSON.stringify(run({ run_id: runId(start), ...FAILED, filler: 'x'.repeat(100_000) })));
  const script = `
    import { readFileSync } from 'node:fs';
    import { openStore } from ${JSON.stringify(STORE)};
    const [root, template, start, count] = process.argv.slice(1);
    const artifact = JSON.parse(readFileSync(template, 'utf8'));
    const store = openStore(root);
    for (let n = 0; n < Number(count); n += 1) {
      process.stdout.write('.');
      await store.put({ ...artifact, run_id: start + String(n).padStart(32 - start.length, '0') });
    }`;
  const args = ['--input-type=module', '-e', script, root, template, start, String(count)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}
