import { mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { bundleStatus } from './bundle-status.js';
import { sealBundle } from './seal-bundle.js';
import { writePythonBundle } from './testing/python-bundle.js';
import { artifactText, artifactWith, newKeyRing, temporaryFolder } from './testing/samples.js';

let dir: string;
beforeEach(() => {
  dir = temporaryFolder();
});

const id = (digit: string) => digit.repeat(32);

/** Seals a run under an id, its folder as old as asked. */
async function seal(run_id: string, age: number, key?: ReturnType<typeof newKeyRing>['key']): Promise<string> {
  const options = { artifactText: artifactWith({ run_id }), dir };
  const sealed = await sealBundle(key ? { ...options, signingKey: key } : options);
  utimesSync(sealed.dir, 1_700_000_000 - age, 1_700_000_000 - age);
  return sealed.dir;
}

test('a folder that is not there holds nothing', async () => {
  expect(await bundleStatus(join(dir, 'none'))).toEqual({ bundles: [], left_out: 0, unfinished: [], foreign: [] });
});

test('a path that is no folder is an error', async () => {
  writeFileSync(join(dir, 'file'), '');
  await expect(bundleStatus(join(dir, 'file'))).rejects.toMatchObject({ code: 'BUNDLE_UNREADABLE' });
});

test('tells complete bundles from damaged ones, and by whom each is signed', async () => {
  const [known, stranger] = [newKeyRing(), newKeyRing()];
  await seal(id('a'), 1);
  await seal(id('b'), 2, known.key);
  await seal(id('c'), 3, stranger.key);
  const torn = await seal(id('d'), 4, known.key);
  writeFileSync(join(torn, 'validator.json'), '{}');
  const empty = join(dir, id('e'));
  mkdirSync(empty);
  utimesSync(empty, 1_600_000_000, 1_600_000_000);
  const { bundles } = await bundleStatus(dir, { trust: known.trust });
  expect(bundles.map(({ run_id, state, code, signature }) => [run_id[0], state, code, signature.status])).toEqual([
    ['a', 'complete', null, 'none'],
    ['b', 'complete', null, 'trusted'],
    ['c', 'complete', null, 'untrusted'],
    // The signature is over the list of digests, and that still is what was signed.
    ['d', 'damaged', 'DIGEST_MISMATCH', 'trusted'],
    ['e', 'damaged', 'FILE_MISSING', 'none'],
  ]);
  expect(bundles[1]?.signature.signers[0]?.key_id).toBe(known.key.id);
});

test('a bundle under the name of another run is damaged', async () => {
  renameSync(await seal(id('a'), 1), join(dir, id('b')));
  const { bundles } = await bundleStatus(dir);
  expect(bundles).toMatchObject([{ run_id: id('b'), state: 'damaged', code: 'NAME_MISMATCH' }]);
});

test('a limit leaves out the older ones and says how many', async () => {
  for (const [age, digit] of ['1', '2', '3'].entries()) await seal(id(digit), age);
  const { bundles, left_out } = await bundleStatus(dir, { limit: 2 });
  expect(bundles.map(({ run_id }) => run_id[0])).toEqual(['1', '2']);
  expect(left_out).toBe(1);
});

test('links and foreign folders are named, exported files passed over, bundles of the Python runtime read', async () => {
  writePythonBundle(dir, artifactText('python/dice-game--dice-game-agent.json'));
  writeFileSync(join(dir, 'baseline-export.json'), '{}');
  mkdirSync(join(dir, 'notes'));
  symlinkSync(temporaryFolder(), join(dir, id('f')));
  const { bundles, foreign, unfinished } = await bundleStatus(dir);
  expect(bundles).toMatchObject([{ form: 'python', state: 'complete' }]);
  expect(foreign).toEqual([id('f'), 'notes']);
  expect(unfinished).toEqual([]);
});
