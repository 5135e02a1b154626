import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TILE_WIDTH } from '@tracecore/artifact/merkle';
import { systemCode } from '../error.js';
import type { BundleFiles } from '../files.js';
import { TILE_FOLDER, UNFINISHED_CHECKPOINT } from './layout.js';

/** The last part of a level: its index as path elements, and how many hashes it has; 0 when the next one is not begun. */
interface Edge {
  elements: string[];
  width: number;
}

/**
 * Removes what no checkpoint up to this size names and killed appends left behind, and the parts that a full one has
 * replaced since. Only names that a log gives are touched, and only at its right edge: what lies before it is complete.
 * Whoever calls this holds the lock.
 */
export async function tidy(dir: string, size: number, files: BundleFiles): Promise<void> {
  for (const name of await namesIn(dir)) {
    if (UNFINISHED_CHECKPOINT.test(name)) await files.remove(join(dir, name));
  }
  for (const name of await namesIn(join(dir, TILE_FOLDER))) {
    const level = name === 'entries' ? 0 : /^(?:0|[1-9]\d?)$/.test(name) ? Number(name) : null;
    if (level !== null) await tidyFolder(join(dir, TILE_FOLDER, name), edgeOf(size, level), 0, files);
  }
}

function edgeOf(size: number, level: number): Edge {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  const elements: string[] = [];
  let index = Math.floor(hashes / TILE_WIDTH);
  for (; elements.length === 0 || index > 0; index = Math.floor(index / 1000)) {
    elements.unshift(`${elements.length === 0 ? '' : 'x'}${String(index % 1000).padStart(3, '0')}`);
  }
  return { elements, width: hashes % TILE_WIDTH };
}

async function tidyFolder(folder: string, edge: Edge, depth: number, files: BundleFiles): Promise<void> {
  const element = edge.elements[depth] as string;
  const isLast = depth === edge.elements.length - 1;
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const [, group, number = '', part] = /^(x?)(\d{3})(\.p)?$/.exec(name) ?? [];
    if (group === undefined || (group === 'x' && part !== undefined)) continue;
    if (group === 'x') {
      // A group lies beside or behind the numbers of fewer digits.
      if (isLast || name > element) await files.remove(path);
      else if (name === element) await tidyFolder(path, edge, depth + 1, files);
    } else if (part === undefined) {
      if (isLast && number >= element) await files.remove(path);
    } else if (!isLast || number !== element || edge.width === 0) await files.remove(path);
    else await tidyParts(path, edge.width, files);
  }
}

/** Parts of an earlier checkpoint stay, since somebody may be reading by it. */
async function tidyParts(folder: string, width: number, files: BundleFiles): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (/^[1-9]\d{0,2}$/.test(name) && Number(name) > width) await files.remove(join(folder, name));
  }
}

/** The names in a folder; none where there is no folder, and through a link nothing is removed. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await lstat(folder)).isDirectory() ? await readdir(folder) : [];
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
