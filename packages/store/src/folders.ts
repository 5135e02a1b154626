import { mkdir, stat } from 'node:fs/promises';
import { ArtifactError } from '@tracecore/artifact';

/** Whether there is anything at `path`; a link counts as what it leads to. */
export function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Makes a folder that files are written to. @throws {ArtifactError} FILE_UNWRITABLE. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new ArtifactError('FILE_UNWRITABLE', `could not make the folder ${folder}: ${(error as Error).message}`);
  }
}
