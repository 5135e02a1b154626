import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { sha256Hex, toPosix } from './sources.js';

/** What a package.json says about how its package is imported; its version, for one, is no part of it. */
const FIELDS = ['name', 'type', 'main', 'module', 'browser', 'exports', 'imports', 'sideEffects'];
const MAIN_FIELDS = ['module', 'main'];

type Fields = Readonly<Record<string, unknown>>;

/** Reads package.json files, each at most once. */
export class Manifests {
  readonly #read = new Map<string, Fields | 'absent'>();

  /** The digest of what the nearest package.json upward says of imports, with where it is; null when there is none. */
  digestFor(folder: string): string | null {
    for (let dir = folder; ; dir = dirname(dir)) {
      const manifest = this.#in(dir);
      if (manifest !== 'absent') {
        const fields = FIELDS.map((field) => manifest[field] ?? null);
        return sha256Hex(JSON.stringify([toPosix(relative(folder, dir)), fields]));
      }
      if (dir === dirname(dir)) return null;
    }
  }

  /** What its package.json names as the file that a folder is imported by. */
  mainsOf(folder: string): string[] {
    const manifest = this.#in(folder);
    const mains = manifest === 'absent' ? [] : MAIN_FIELDS.map((field) => manifest[field]);
    return mains.filter((main): main is string => typeof main === 'string').map((main) => join(folder, main));
  }

  #in(dir: string): Fields | 'absent' {
    const known = this.#read.get(dir) ?? readManifest(join(dir, 'package.json'));
    this.#read.set(dir, known);
    return known;
  }
}

/** A broken one says nothing, but it is there. */
function readManifest(file: string): Fields | 'absent' {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) ?? {}) as Fields;
  } catch (error) {
    return error instanceof SyntaxError ? {} : 'absent';
  }
}
