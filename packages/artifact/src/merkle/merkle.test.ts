import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { sha256Bytes } from '../node.js';
import { consistencyPath, inclusionPath, rootOfEntries } from '../testing/merkle-oracle.js';
import { entriesUpTo, grownTree } from '../testing/tiles.js';
import { hashLeaf } from './hash.js';
import type { HashTree } from './open-tree.js';
import { type ConsistencyProof, type InclusionProof, verifyConsistency, verifyInclusion } from './verify-proof.js';

/** The eight leaves that implementations of certificate transparency are tested with, and what is known of their tree. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const INCLUSION: [index: number, size: number, hashes: string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
];
const CONSISTENCY: [first: number, second: number, hashes: string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const leafOf = (entry: Uint8Array) => hashLeaf(entry, sha256Bytes);

describe('the known tree of eight leaves', () => {
  const leaves = LEAVES.map((leaf) => Buffer.from(leaf, 'hex'));

  test.each(ROOTS.map((root, size) => [size, root] as const))(
    '%i leaves give the published root',
    async (size, root) => {
      expect(hex((await grownTree(leaves, [size])).tree.root)).toBe(root);
      expect(hex(rootOfEntries(leaves.slice(0, size)))).toBe(root);
    },
  );

  test.each(INCLUSION)('leaf %i of %i has the published proof', async (index, size, hashes) => {
    const { tree } = await grownTree(leaves, [size]);
    const proof = await tree.proveInclusion(index);
    expect(proof.hashes.map(hex)).toEqual(hashes);
    expect(verifyInclusion(proof, leafOf(leaves[index] as Uint8Array), tree.root, sha256Bytes)).toBe(true);
  });

  test.each(CONSISTENCY)('%i leaves begin %i with the published proof', async (first, second, hashes) => {
    const { tree } = await grownTree(leaves, [second]);
    const proof = await tree.proveConsistency(first);
    expect(proof.hashes.map(hex)).toEqual(hashes);
    const old = Buffer.from(ROOTS[first] as string, 'hex');
    expect(verifyConsistency(proof, old, tree.root, sha256Bytes)).toBe(true);
  });
});

describe('proofs against the definitions of the RFC', () => {
  const entries = entriesUpTo(600);
  const size = fc.integer({ min: 0, max: entries.length });

  test('any two sizes: root, inclusion and consistency are those of the definitions, and verify', async () => {
    await fc.assert(
      fc.asyncProperty(size, size, fc.nat(), async (one, other, place) => {
        const [first, second] = [Math.min(one, other), Math.max(one, other)];
        const { tree } = await grownTree(entries, [first, second - first]);
        const [old, whole] = [entries.slice(0, first), entries.slice(0, second)];
        expect(hex(tree.root)).toBe(hex(rootOfEntries(whole)));
        expect(hex(await tree.rootAt(first))).toBe(hex(rootOfEntries(old)));
        const grown = await tree.proveConsistency(first);
        expect(grown.hashes.map(hex)).toEqual(consistencyPath(first, whole).map(hex));
        expect(verifyConsistency(grown, rootOfEntries(old), tree.root, sha256Bytes)).toBe(true);
        if (second === 0) return;
        const index = place % second;
        const proof = await tree.proveInclusion(index);
        expect(proof.hashes.map(hex)).toEqual(inclusionPath(index, whole).map(hex));
        expect(verifyInclusion(proof, leafOf(entries[index] as Uint8Array), tree.root, sha256Bytes)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('every size up to 600 grows one entry at a time to the root of the definition', async () => {
    const { tree, tiles } = await grownTree(
      entries,
      Array.from(entries, () => 1),
    );
    for (let count = 0; count <= entries.length; count += 1) {
      expect(hex(await tree.rootAt(count)), `${count}`).toBe(hex(rootOfEntries(entries.slice(0, count))));
    }
    expect([...tiles.keys()].filter((path) => !path.includes('.p/'))).toEqual(['tile/0/000', 'tile/0/001']);
  });
});

describe('a proof that was changed', () => {
  const entries = entriesUpTo(300);
  let tree: HashTree;
  beforeAll(async () => {
    ({ tree } = await grownTree(entries, [entries.length]));
  });

  test.each([0, 5, 255, 256, 298, 299])(
    'of inclusion of entry %i: no single bit of it can be another',
    async (index) => {
      const proof = await tree.proveInclusion(index);
      const leaf = leafOf(entries[index] as Uint8Array);
      for (const hashes of withOneBitFlipped(proof.hashes)) {
        expect(verifyInclusion({ ...proof, hashes }, leaf, tree.root, sha256Bytes)).toBe(false);
      }
      for (const [flipped] of withOneBitFlipped([leaf])) {
        expect(verifyInclusion(proof, flipped as Uint8Array, tree.root, sha256Bytes)).toBe(false);
      }
      for (const [flipped] of withOneBitFlipped([tree.root])) {
        expect(verifyInclusion(proof, leaf, flipped as Uint8Array, sha256Bytes)).toBe(false);
      }
    },
  );

  test.each([1, 2, 100, 128, 256, 299])('of consistency from %i: no single bit of it can be another', async (first) => {
    const proof = await tree.proveConsistency(first);
    const old = await tree.rootAt(first);
    for (const hashes of withOneBitFlipped(proof.hashes)) {
      expect(verifyConsistency({ ...proof, hashes }, old, tree.root, sha256Bytes)).toBe(false);
    }
    for (const [flipped] of withOneBitFlipped([old])) {
      expect(verifyConsistency(proof, flipped as Uint8Array, tree.root, sha256Bytes)).toBe(false);
    }
    for (const [flipped] of withOneBitFlipped([tree.root])) {
      expect(verifyConsistency(proof, old, flipped as Uint8Array, sha256Bytes)).toBe(false);
    }
  });

  test('by a place, a size, a hash more or a hash less does not verify', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 299 }), fc.nat({ max: 310 }), fc.nat({ max: 12 }), async (index, other, at) => {
        const proof = await tree.proveInclusion(index);
        const leaf = leafOf(entries[index] as Uint8Array);
        const holds = (changed: Partial<InclusionProof>) =>
          verifyInclusion({ ...proof, ...changed }, leaf, tree.root, sha256Bytes);
        if (other !== index) expect(holds({ index: other })).toBe(false);
        expect(holds({ hashes: [...proof.hashes.slice(0, at), randomBytes(32), ...proof.hashes.slice(at)] })).toBe(
          false,
        );
        if (at < proof.hashes.length)
          expect(holds({ hashes: proof.hashes.filter((_, place) => place !== at) })).toBe(false);
        const grown = await tree.proveConsistency(index);
        const old = await tree.rootAt(index);
        const follows = (changed: Partial<ConsistencyProof>) =>
          verifyConsistency({ ...grown, ...changed }, old, tree.root, sha256Bytes);
        if (other !== index) expect(follows({ first: other })).toBe(false);
        expect(follows({ hashes: [...grown.hashes.slice(0, at), randomBytes(32), ...grown.hashes.slice(at)] })).toBe(
          false,
        );
        if (at < grown.hashes.length) {
          expect(follows({ hashes: grown.hashes.filter((_, place) => place !== at) })).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });

  test.each<[string, Partial<InclusionProof>]>([
    ['a size of nothing', { size: 0 }],
    ['a place behind the end', { index: 300 }],
    ['a place before the beginning', { index: -1 }],
    ['half a place', { index: 0.5 }],
    ['a size beyond what a double counts', { size: 2 ** 60 }],
    ['no number', { size: Number.NaN }],
    ['a short hash', { hashes: [new Uint8Array(31)] }],
  ])('with %s is false and no error', async (_, changed) => {
    const proof = { ...(await tree.proveInclusion(0)), ...changed };
    expect(verifyInclusion(proof, leafOf(entries[0] as Uint8Array), tree.root, sha256Bytes)).toBe(false);
  });

  test('a tree is consistent with itself and with nothing by no hashes at all', () => {
    const none = rootOfEntries([]);
    const check = (first: number, second: number, old: Uint8Array, hashes: Uint8Array[] = []) =>
      verifyConsistency({ first, second, hashes }, old, tree.root, sha256Bytes);
    expect([check(300, 300, tree.root), check(0, 300, none)]).toEqual([true, true]);
    expect([check(300, 300, none), check(0, 300, tree.root), check(0, 0, none), check(299, 300, tree.root)]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect([check(300, 300, tree.root, [none]), check(0, 300, none, [none])]).toEqual([false, false]);
    expect([check(301, 300, tree.root), check(-1, 300, none)]).toEqual([false, false]);
  });
});

function* withOneBitFlipped(hashes: readonly Uint8Array[]): Generator<Uint8Array[]> {
  for (const [at, hash] of hashes.entries()) {
    for (let bit = 0; bit < hash.length * 8; bit += 1) {
      const flipped = Uint8Array.from(hash);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      yield hashes.map((other, place) => (place === at ? flipped : other));
    }
  }
}
