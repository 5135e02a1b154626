import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import type { Metafile } from 'esbuild';
import { Manifests } from './manifests.js';
import { isFolder, leadOf, type ManifestRow, Notes, type Place, realOf } from './places.js';

/** How the imports of a bundle were resolved: while all of this stands, they would be resolved alike. */
export interface Resolution {
  places: Place[];
  manifests: ManifestRow[];
}

/** In the order that they are tried. */
const ENDINGS = ['.tsx', '.ts', '.jsx', '.js', '.css', '.json'];
/** What TypeScript is written in for what it is imported as. */
const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};
const PACKAGE_NAME = /^(?:@[^/]+\/)?[^/]+/;
const PLUG_AND_PLAY = ['.pnp.data.json', '.pnp.cjs', '.pnp.js'];

/** What the imports of a finished build depended on, beside the bytes of its sources. */
export function resolutionOf(inputs: Metafile['inputs'], entryDir: string): Resolution {
  const notes = new Notes(entryDir);
  for (const [path, { imports }] of Object.entries(inputs)) {
    for (const { path: found, original = found, external } of imports) {
      // What the runtime gives, and what Node has built in, no file can change.
      if (found.startsWith('runtime:') || isBuiltin(original) || /^[a-z]{2,}:/.test(original)) continue;
      const importer = path.startsWith('runtime:') ? entryDir : dirname(join(entryDir, path));
      const target = external ? null : join(entryDir, found);
      noteImport(notes, { importer, original, target, isEntry: path.startsWith('runtime:') });
    }
  }
  return { places: notes.placeRows(), manifests: notes.manifestRows() };
}

/** Whether every import would be resolved as it was then. */
export function isStanding({ places, manifests }: Resolution, entryDir: string): boolean {
  const now = new Manifests();
  return (
    places.every(({ path, leads }) => leadOf(resolve(entryDir, path), entryDir) === leads) &&
    manifests.every(({ dir, digest }) => now.digestFor(resolve(entryDir, dir)) === digest)
  );
}

interface Import {
  /** Folder of the file that imports. */
  importer: string;
  original: string;
  /** The file it was resolved to; null when there was none. */
  target: string | null;
  isEntry: boolean;
}

function noteImport(notes: Notes, { importer, original, target, isEntry }: Import): void {
  if (!isEntry) {
    notes.addManifest(importer);
    if (target !== null) notes.addManifest(dirname(target));
  }
  if (isAbsolute(original) || /^\.\.?(?:\/|$)/.test(original)) {
    noteFile(notes, resolve(importer, original), target);
  } else if (!original.startsWith('#')) {
    notePackage(notes, importer, original, target);
  }
}

/** Notes the places that come before `target` in the order in which a path is looked up. */
function noteFile(notes: Notes, base: string, target: string | null): boolean {
  const hasFolder = isFolder(base);
  if (hasFolder) notes.addManifest(base);
  const mains = hasFolder ? notes.manifests.mainsOf(base) : [];
  const folderFiles = hasFolder ? [...mains, join(base, 'index')].flatMap(asWritten) : [];
  const inMains = mains.flatMap((main) => asWritten(join(main, 'index')));
  for (const place of [...asWritten(base), ...folderFiles, ...inMains]) {
    if (notes.addPlace(place, target)) return true;
  }
  return false;
}

/** Notes where a package was looked for: in the folders upward, up to the one that had it. */
function notePackage(notes: Notes, importer: string, specifier: string, target: string | null): void {
  const [name = specifier] = PACKAGE_NAME.exec(specifier) ?? [];
  for (let dir = importer; ; dir = dirname(dir)) {
    for (const file of PLUG_AND_PLAY) notes.addPlace(join(dir, file), null);
    const modules = join(dir, 'node_modules');
    if (basename(dir) !== 'node_modules' && !notes.addAbsent(modules)) {
      const folder = join(modules, name);
      if (existsSync(folder)) notes.addManifest(folder);
      const isFound = noteFile(notes, join(modules, specifier), target);
      const real = realOf(folder);
      if (isFound || (real !== null && target?.startsWith(real + sep))) {
        notes.addPlace(folder, null);
        return;
      }
    }
    if (dir === dirname(dir)) return;
  }
}

const asWritten = (base: string) => {
  const ending = /\.[cm]?jsx?$/.exec(base)?.[0] ?? '';
  const stem = base.slice(0, base.length - ending.length);
  return [base, ...ENDINGS.map((other) => base + other), ...(WRITTEN_AS[ending] ?? []).map((other) => stem + other)];
};
