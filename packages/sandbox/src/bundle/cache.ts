import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BundleSource, CodePrint } from '../bundle-types.js';
import { isStanding, type Resolution } from './resolution.js';
import { readSource, sha256Hex } from './sources.js';
import { readUserKey } from './user-key.js';

/** Changes whenever a cached record of an earlier form must not be read. */
const FORMAT = 3;

/** A bundle as it is kept: nothing in it says where it was made. */
export interface CacheRecord {
  code: string;
  map: string;
  sources: BundleSource[];
  /** Files that must still have these bytes for the record to hold, relative to the entry's folder. */
  inputs: BundleSource[];
  /** What must still stand for these files to be the ones that are imported. */
  resolution: Resolution;
  prints: CodePrint[];
}

export interface CacheOptions {
  /** The folder that is written to; null keeps nothing. */
  cacheDir: string | null;
  /** The file of the key that its records are sealed with; `unsealed` for a folder that is to be shipped. */
  seal: { keyFile: string | null } | 'unsealed';
  /** Folders that ship with a package: trusted as its code is, and never written to. */
  shipped: readonly string[];
  toolchain: string;
}

/**
 * Looks bundles up by content: a record is used only while every file it was made of still has the same bytes, and its
 * imports would lead to the same files. The folder that is written to lies where anybody may have put something, so a
 * record there counts only with a tag made by the user's key: without it, code could stand beside another's hash.
 */
export class BundleCache {
  readonly #options: CacheOptions;
  #userKey: Promise<Buffer> | undefined;

  constructor(options: CacheOptions) {
    this.#options = options;
  }

  /** The key of a bundle: what it is, what made it, and the bytes of its entry files. */
  key(kind: string, entries: readonly { path: string; sha256: string }[]): string {
    return sha256Hex(JSON.stringify([FORMAT, this.#options.toolchain, kind, entries]));
  }

  async find(key: string, entryDir: string): Promise<CacheRecord | null> {
    const { cacheDir, shipped } = this.#options;
    const texts = [
      async () => (cacheDir === null ? null : this.#open(key, await readText(join(cacheDir, `${key}.json`)))),
      ...shipped.map((folder) => () => readText(join(folder, `${key}.json`))),
    ];
    for (const text of texts) {
      const record = parseRecord(await text());
      if (record && (await isCurrent(record, entryDir))) return record;
    }
    return null;
  }

  /** Keeps a record. A cache that cannot be written is no reason to fail. */
  async put(key: string, record: CacheRecord): Promise<void> {
    const { cacheDir } = this.#options;
    if (cacheDir === null) return;
    const file = join(cacheDir, `${key}.json`);
    const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
    try {
      await mkdir(cacheDir, { recursive: true });
      await writeFile(temporary, await this.#close(key, JSON.stringify(record)), { flag: 'wx' });
      await rename(temporary, file);
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  /** A record's text with its tag before it. */
  async #close(key: string, text: string): Promise<string> {
    return this.#options.seal === 'unsealed' ? text : `${await this.#tag(key, text)}\n${text}`;
  }

  /** The text of a sealed record; null when it was sealed with another key, for another bundle, or changed since. */
  async #open(key: string, sealed: string | null): Promise<string | null> {
    if (sealed === null || this.#options.seal === 'unsealed') return sealed;
    const end = sealed.indexOf('\n');
    const text = sealed.slice(end + 1);
    const [given, expected] = [Buffer.from(sealed.slice(0, Math.max(end, 0))), Buffer.from(await this.#tag(key, text))];
    return given.length === expected.length && timingSafeEqual(given, expected) ? text : null;
  }

  async #tag(key: string, text: string): Promise<string> {
    const { seal } = this.#options;
    this.#userKey ??= readUserKey(seal === 'unsealed' ? null : seal.keyFile);
    return createHmac('sha256', await this.#userKey)
      .update(`${key}\n${text}`)
      .digest('hex');
  }
}

async function readText(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}

function parseRecord(text: string | null): CacheRecord | null {
  if (text === null) return null;
  try {
    const record: unknown = JSON.parse(text);
    return isRecord(record) ? record : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is CacheRecord {
  const { code, map, sources, inputs, resolution, prints } = value as Partial<Record<keyof CacheRecord, unknown>>;
  const { places, manifests } = (resolution ?? {}) as Partial<Record<keyof Resolution, unknown>>;
  const isBundle = typeof code === 'string' && typeof map === 'string' && isSourceList(sources) && isSourceList(inputs);
  return isBundle && [places, manifests, prints].every(Array.isArray);
}

function isSourceList(value: unknown): value is BundleSource[] {
  const isSource = ({ path, sha256 }: BundleSource) => typeof path === 'string' && typeof sha256 === 'string';
  return Array.isArray(value) && value.length > 0 && value.every(isSource);
}

async function isCurrent(record: CacheRecord, entryDir: string): Promise<boolean> {
  const sources = await Promise.all(record.inputs.map(({ path }) => readSource(resolve(entryDir, path))));
  const isSame = sources.every((source, i) => source?.sha256 === record.inputs[i]?.sha256);
  return isSame && isStanding(record.resolution, entryDir);
}
