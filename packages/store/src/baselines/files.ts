import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactError } from '@tracecore/artifact';
import { readJsonFile, writeFileAtomic } from '@tracecore/artifact/node';
import { StoreError } from '../error.js';
import { makeFolder } from '../folders.js';
import { parseBaseline } from './parse.js';
import type { Baseline } from './types.js';

/** The export that may be named before there is one of that name: then it is the newest. */
const LATEST = 'latest';
/** No separator and no leading dot, so that no name leads elsewhere. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export interface BaselineFile {
  name: string;
  path: string;
  baseline: Baseline;
}

/**
 * The name of an export, without `.json`.
 * @throws {StoreError} BASELINE_NAME_INVALID
 */
export function requireBaselineName(typed: string): string {
  const name = typed.endsWith('.json') ? typed.slice(0, -'.json'.length) : typed;
  if (NAME.test(name)) return name;
  throw new StoreError(
    'BASELINE_NAME_INVALID',
    `a baseline's name is 1 to 64 letters, digits, dots, hyphens and underscores and begins with a letter or digit, got ${JSON.stringify(typed)}`,
  );
}

/** What an export is called when nobody names it: the moment, in UTC. */
export function timestampName(now: Date): string {
  const [day = '', time = ''] = now.toISOString().split('T');
  return `baseline-${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}

/**
 * Writes an export whole or not at all; one of the same name is replaced.
 * @param root the `.agent_bench` folder.
 * @returns the path of its file.
 * @throws {StoreError} BASELINE_NAME_INVALID. @throws {ArtifactError} FILE_UNWRITABLE.
 */
export async function writeBaseline(root: string, typed: string, baseline: Baseline): Promise<string> {
  const folder = join(root, 'baselines');
  const path = join(folder, `${requireBaselineName(typed)}.json`);
  await makeFolder(folder);
  await writeFileAtomic(path, `${JSON.stringify(baseline, null, 2)}\n`);
  return path;
}

/**
 * Reads the export of this name; `latest` is the one of that name, or else the newest by `generated_at`.
 * @throws {StoreError} BASELINE_NAME_INVALID; BASELINE_NOT_FOUND, naming those there are; BASELINE_INVALID, naming the file.
 */
export async function readBaseline(root: string, typed: string): Promise<BaselineFile> {
  const name = requireBaselineName(typed);
  const names = await namesIn(join(root, 'baselines'));
  if (names.includes(name)) return readOne(root, name);
  const [newest] = name === LATEST ? (await listBaselines(root)).baselines : [];
  if (newest !== undefined) return newest;
  const known = names.length === 0 ? 'there is none yet' : `there is ${names.slice(0, 10).join(', ')}`;
  throw new StoreError(
    'BASELINE_NOT_FOUND',
    `no baseline ${name} in ${join(root, 'baselines')}: ${known}; tracecore baseline --export NAME makes one`,
  );
}

/** Every export, newest first by `generated_at`, and the files among them that are none. */
export async function listBaselines(
  root: string,
): Promise<{ baselines: BaselineFile[]; skipped: { file: string; reason: string }[] }> {
  const baselines: BaselineFile[] = [];
  const skipped: { file: string; reason: string }[] = [];
  for (const name of await namesIn(join(root, 'baselines'))) {
    try {
      baselines.push(await readOne(root, name));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      skipped.push({ file: `${name}.json`, reason: error.message });
    }
  }
  baselines.sort((one, other) => momentOf(other) - momentOf(one) || (one.name < other.name ? -1 : 1));
  return { baselines, skipped };
}

async function readOne(root: string, name: string): Promise<BaselineFile> {
  const path = join(root, 'baselines', `${name}.json`);
  try {
    return { name, path, baseline: parseBaseline((await readJsonFile(path)).value) };
  } catch (error) {
    if (!(error instanceof StoreError || error instanceof ArtifactError)) throw error;
    const message = error.message.includes(path) ? error.message : `${path}: ${error.message}`;
    throw new StoreError('BASELINE_INVALID', message, { cause: error });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json')).map(({ name }) => name);
    return names
      .map((name) => name.slice(0, -'.json'.length))
      .filter((name) => NAME.test(name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new StoreError('STORE_UNREADABLE', `could not list the baselines in ${folder}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function momentOf({ baseline }: BaselineFile): number {
  return Date.parse(baseline.generated_at);
}
