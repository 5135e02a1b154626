import { existsSync, realpathSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { Manifests } from './manifests.js';
import { toPosix } from './sources.js';

/** A place that decides what an import means, relative to the entry's folder: null for nothing there, else where it leads. */
export interface Place {
  path: string;
  leads: string | null;
}

/** The package.json that holds for a folder, as a digest of what an import depends on; null when there is none. */
export interface ManifestRow {
  dir: string;
  digest: string | null;
}

/** Collects places and folders, each once. */
export class Notes {
  readonly #places = new Map<string, string | null>();
  readonly #folders = new Set<string>();
  readonly manifests = new Manifests();

  constructor(private readonly entryDir: string) {}

  /** Notes a place, unless it is a plain file of its own: that one counts by its bytes. @returns whether it is `target`. */
  addPlace(place: string, target: string | null): boolean {
    const path = this.#relative(place);
    const leads = leadOf(place, this.entryDir);
    if (leads !== path) this.#places.set(path, leads);
    return target !== null && leads === this.#relative(target);
  }

  /** Notes that nothing is there. @returns whether that is so. */
  addAbsent(place: string): boolean {
    if (existsSync(place)) return false;
    this.#places.set(this.#relative(place), null);
    return true;
  }

  addManifest(folder: string): void {
    this.#folders.add(this.#relative(folder) || '.');
  }

  placeRows(): Place[] {
    return [...this.#places].map(([path, leads]) => ({ path, leads }));
  }

  manifestRows(): ManifestRow[] {
    return [...this.#folders].map((dir) => ({ dir, digest: this.manifests.digestFor(resolve(this.entryDir, dir)) }));
  }

  #relative(path: string): string {
    return toPosix(relative(this.entryDir, path));
  }
}

/** Where a place really is, relative to the entry's folder and with a slash at the end of a folder; null for nowhere. */
export function leadOf(place: string, entryDir: string): string | null {
  const real = existsSync(place) ? realOf(place) : null;
  if (real === null) return null;
  const path = toPosix(relative(entryDir, real));
  return isFolder(real) ? `${path}/` : path;
}

export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

export function realOf(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}
