import { rm } from 'node:fs/promises';
import { artifactText, MAX_INFLATED, writeTextFiles } from '@tracecore/artifact/node';
import type { Artifact } from '@tracecore/spec';
import { runPath } from './run-files.js';

/** Artifacts of more bytes than this are compressed where that is asked for, but for those that could not be read again. */
const COMPRESSED_ABOVE = 64 * 1024;

/** A run that was written. */
export interface WrittenRun {
  path: string;
  /** Bytes of the artifact's text, whatever they take up on disk. */
  bytes: number;
}

/**
 * Writes the files of runs, each whole or not at all, and then removes the other form of each that may lie there.
 * @throws {StoreError} RUN_ID_INVALID, before anything is written. @throws {ArtifactError} FILE_UNWRITABLE.
 */
export async function writeRuns(
  folder: string,
  artifacts: readonly Artifact[],
  compress: boolean,
): Promise<WrittenRun[]> {
  const files = artifacts.map((artifact) => fileOf(folder, artifact, compress));
  await writeTextFiles(files);
  await Promise.all(files.map(({ other }) => rm(other, { force: true })));
  return files.map(({ path, bytes }) => ({ path, bytes }));
}

function fileOf(folder: string, artifact: Artifact, compress: boolean) {
  const [plain, compressed] = [runPath(folder, artifact.run_id), runPath(folder, artifact.run_id, 'compressed')];
  const text = artifactText(artifact);
  const bytes = Buffer.byteLength(text);
  const packs = compress && bytes > COMPRESSED_ABOVE && bytes <= MAX_INFLATED;
  return { path: packs ? compressed : plain, other: packs ? plain : compressed, text, bytes };
}
