import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sha256Bytes } from '../node.js';
import { entriesUpTo, grownTree, openTiles } from '../testing/tiles.js';
import { decodeEntries, encodeEntries, MAX_ENTRY_BYTES } from './entry-bundle.js';
import { hashLeaf } from './hash.js';
import { edgeTiles, entriesPath, tilePath, tilesOf } from './tile.js';
import { verifyInclusion } from './verify-proof.js';

describe('tiles', () => {
  test('are spelled as tlog-tiles spells them', () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 63, index: 0, width: 1 })).toBe('tile/63/000.p/1');
    expect(tilePath({ level: 2, index: 1000, width: 255 })).toBe('tile/2/x001/000.p/255');
    expect(entriesPath({ index: 273, width: 112 })).toBe('tile/entries/273.p/112');
  });

  test('of 70,000 and of 256 entries are those of its example', () => {
    const all = [...tilesOf(70_000)];
    const count = (level: number, full: boolean) =>
      all.filter((tile) => tile.level === level && (tile.width === 256) === full).length;
    expect([count(0, true), count(1, true), all.length]).toEqual([273, 1, 277]);
    expect(edgeTiles(70_000)).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
    expect([...tilesOf(256)].map(tilePath)).toEqual(['tile/0/000', 'tile/1/000.p/1']);
    expect([...tilesOf(0)]).toEqual([]);
  });

  test('are the same however the entries came', async () => {
    const entries = entriesUpTo(1500);
    const whole = await grownTree(entries, [1500]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 6 }), async (batches) => {
        const { tree, tiles } = await grownTree(entries, [...batches, 1500]);
        expect(Buffer.from(tree.root).equals(whole.tree.root)).toBe(true);
        for (const tile of tilesOf(1500)) expect(tiles.get(tilePath(tile))).toEqual(whole.tiles.get(tilePath(tile)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('a tree over tiles', () => {
  const entries = entriesUpTo(66_000);

  test('of three levels gives every leaf, and a proof of it', async () => {
    const { tree } = await grownTree(entries, [66_000]);
    for (const index of [0, 255, 256, 65_535, 65_536, 65_999]) {
      const leaf = await tree.leaf(index);
      expect([...leaf]).toEqual([...hashLeaf(entries[index] as Uint8Array, sha256Bytes)]);
      expect(verifyInclusion(await tree.proveInclusion(index), leaf, tree.root, sha256Bytes)).toBe(true);
    }
    await expect(tree.leaf(66_000)).rejects.toThrow(RangeError);
    await expect(tree.proveInclusion(-1)).rejects.toThrow(RangeError);
    await expect(tree.proveConsistency(66_001)).rejects.toThrow(RangeError);
  });

  test('refuses each tile that was changed, as soon as it is needed, and names it', async () => {
    const { tree, tiles } = await grownTree(entries.slice(0, 1000), [1000]);
    for (const tile of tilesOf(1000)) {
      const path = tilePath(tile);
      const bytes = Uint8Array.from(tiles.get(path) as Uint8Array);
      bytes[33 % bytes.length] = (bytes[33 % bytes.length] as number) ^ 1;
      const changed = new Map(tiles).set(path, bytes);
      const use = async () => {
        const opened = await openTiles(changed, 1000, tree.root);
        for (const each of tilesOf(1000)) await opened.tile(each);
      };
      await expect(use(), path).rejects.toMatchObject({
        code: 'TILE_MISMATCH',
        message: expect.stringContaining(path),
      });
    }
  });

  test('refuses a tile of another size, and another root', async () => {
    const { tree, tiles } = await grownTree(entries.slice(0, 300), [300]);
    const path = 'tile/0/001.p/44';
    for (const bytes of [new Uint8Array(0), (tiles.get(path) as Uint8Array).subarray(1)]) {
      const opening = openTiles(new Map(tiles).set(path, bytes), 300, tree.root);
      await expect(opening).rejects.toMatchObject({
        code: 'TILE_MISMATCH',
        message: expect.stringContaining('1408 bytes'),
      });
    }
    await expect(openTiles(tiles, 300, new Uint8Array(32))).rejects.toMatchObject({ code: 'TILE_MISMATCH' });
    await expect(openTiles(tiles, 0, new Uint8Array(32))).rejects.toMatchObject({ code: 'TILE_MISMATCH' });
  });
});

describe('entries in their bundle', () => {
  test('are read as they were written, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 700 })), (entries) => {
        expect(decodeEntries(encodeEntries(entries)).map((entry) => Buffer.from(entry))).toEqual(
          entries.map(Buffer.from),
        );
      }),
    );
  });

  test('stand after their length, the higher byte first', () => {
    const long = new Uint8Array(258).fill(7);
    expect([...encodeEntries([long]).subarray(0, 3)]).toEqual([1, 2, 7]);
    expect(decodeEntries(encodeEntries([new Uint8Array(MAX_ENTRY_BYTES)]))[0]).toHaveLength(MAX_ENTRY_BYTES);
  });

  test('cut anywhere inside an entry are refused, and one too long is not written', () => {
    const bytes = encodeEntries([Buffer.from('first'), Buffer.from('second')]);
    for (let length = 1; length < bytes.length; length += 1) {
      if (length === 7) continue;
      expect(() => decodeEntries(bytes.subarray(0, length)), `${length}`).toThrowError(
        expect.objectContaining({ code: 'ENTRIES_TRUNCATED' }),
      );
    }
    expect(() => encodeEntries([new Uint8Array(MAX_ENTRY_BYTES + 1)])).toThrowError(
      expect.objectContaining({ code: 'ENTRY_TOO_LARGE' }),
    );
  });
});
