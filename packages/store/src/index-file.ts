import { join } from 'node:path';
import { isThere } from './folders.js';

/** The index of a store's folder. */
export const INDEX_FILE = 'index.sqlite';

/** Whether there is an index to keep in step; where there is none it is made from the files when somebody asks. */
export function hasIndex(root: string): Promise<boolean> {
  return isThere(join(root, INDEX_FILE));
}
