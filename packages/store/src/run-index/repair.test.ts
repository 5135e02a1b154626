import { mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeArtifactFile } from '@tracecore/artifact/node';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../open-store.js';
import { FAILED, run, runId } from '../testing/runs.js';
import { openRunIndex } from './open-run-index.js';
import { repairIndex } from './repair.js';
import { openSqliteIndex } from './sqlite-index.js';
import type { RunIndex } from './types.js';

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tracecore-index-'));
  folder = join(root, 'runs');
  await mkdir(folder);
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** All that an index says. */
async function answers(index: RunIndex) {
  return {
    runs: await index.runs(),
    skipped: await index.skipped(),
    summary: await index.summary(),
    metrics: await index.metrics(),
    recoveries: await index.recoveries(),
    pairs: await index.pairs(),
  };
}

/** What an index says that was made from the files alone. */
async function fromScratch() {
  const index = openSqliteIndex(':memory:');
  await repairIndex(index, root);
  const said = await answers(index);
  await index.close();
  return said;
}

const IDS = ['a', 'b', 'c'].map((start) => runId(`${start}1`));
const step = fc.record({
  id: fc.constantFrom(...IDS),
  form: fc.constantFrom('.json', '.json.gz'),
  kind: fc.constantFrom('put', 'write', 'rewrite', 'remove', 'tear', 'rename', 'foreign', 'open', 'wait'),
  seed: fc.nat({ max: 2 }),
  success: fc.boolean(),
  agent: fc.constantFrom('agents/one.ts', 'agents/two.py'),
});

test('after any changes of the files the index says what one made anew says, and lists what the store lists', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14, size: 'max' }), async (steps) => {
      await rm(root, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      // Held open, as the process does that plays a batch.
      let held: RunIndex | null = null;
      const store = openStore(root, { index: async () => (held ??= await openRunIndex(root)) });
      for (const { id, form, kind, seed, success, agent } of steps) {
        const path = join(folder, `${id}${form}`);
        const artifact = run({ run_id: id, seed, agent_ref: agent, ...(success ? {} : FAILED) });
        if (kind === 'put') await store.put(artifact);
        if (kind === 'write') await writeArtifactFile(path, artifact);
        if (kind === 'rewrite') await writeFile(path, JSON.stringify(artifact));
        if (kind === 'remove') await rm(path, { force: true });
        if (kind === 'tear') await writeFile(path, '{"run_id": ');
        if (kind === 'rename') await rename(path, join(folder, `${IDS[0]}${form}`)).catch(() => undefined);
        if (kind === 'foreign') await writeFile(join(folder, `notes-${id}.txt`), 'no run');
        // The folder's last change becomes old, and the next one cannot have the same time.
        if (kind === 'wait') await utimes(folder, 1_000_000, 1_000_000 + seed);
        if (kind === 'open') await (await openRunIndex(root)).close();
      }
      // A file that was written in place is noticed with the next change of the folder.
      await writeFile(join(folder, 'last.txt'), '');
      const index = await openRunIndex(root);
      const said = await answers(index);
      await index.close();
      await (held as RunIndex | null)?.close();
      expect(said).toEqual(await fromScratch());
      const listed = await openStore(root).list();
      expect(said.skipped).toEqual(listed.skipped);
      expect(said.runs).toMatchObject(listed.runs);
      expect(said.runs).toHaveLength(listed.runs.length);
    }),
    { numRuns: 25 },
  );
});

test('a folder that has not changed is not listed, and one that has is compared', async () => {
  const file = join(folder, `${IDS[0]}.json`);
  await writeArtifactFile(file, run({ run_id: IDS[0] as string, seed: 1 }));
  await utimes(file, 1_000_000, 1_000_000);
  await utimes(folder, 1_000_000, 1_000_000);
  const index = openSqliteIndex(':memory:');
  expect(await repairIndex(index, root)).toEqual({ read: 1, gone: 0 });
  expect(await repairIndex(index, root)).toEqual({ read: 0, gone: 0 });

  // In place, so that the folder's own time stays: this is what only a change of the folder or a reindex brings to light.
  await writeFile(file, (await readFile(file, 'utf8')).replace('"seed": 1', '"seed": 22'));
  await utimes(folder, 1_000_000, 1_000_000);
  expect(await repairIndex(index, root)).toEqual({ read: 0, gone: 0 });
  expect(await repairIndex(index, root, { reread: true })).toEqual({ read: 1, gone: 0 });
  expect(await index.runs()).toMatchObject([{ seed: 22 }]);
  await index.close();
});

test('a file that is no run is remembered and not read again until it changes', async () => {
  const file = join(folder, `${IDS[0]}.json`);
  await writeFile(file, '{"torn": ');
  await utimes(file, 1_000_000, 1_000_000);
  const index = openSqliteIndex(':memory:');
  expect(await repairIndex(index, root)).toEqual({ read: 1, gone: 0 });
  await writeFile(join(folder, 'x.txt'), '');
  expect(await repairIndex(index, root)).toEqual({ read: 1, gone: 0 });
  expect((await index.skipped()).map(({ file }) => file)).toEqual([`${IDS[0]}.json`, 'x.txt']);
  await writeFile(file, JSON.stringify(run({ run_id: IDS[0] as string })));
  expect((await repairIndex(index, root)).read).toBe(1);
  expect(await index.runs()).toHaveLength(1);
  await index.close();
});

test('a file that was in the writing when it was read is looked at again, even where the folder stays as it was', async () => {
  const file = join(folder, `${IDS[0]}.json`);
  await writeFile(file, '{"torn": ');
  await utimes(folder, 1_000_000, 1_000_000);
  const index = openSqliteIndex(':memory:');
  await repairIndex(index, root);
  expect(await index.runs()).toEqual([]);
  await writeFile(file, JSON.stringify(run({ run_id: IDS[0] as string })));
  await utimes(folder, 1_000_000, 1_000_000);
  await repairIndex(index, root);
  expect(await index.runs()).toHaveLength(1);
  await index.close();
});
