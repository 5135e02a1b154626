import { mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, normalize, posix, resolve, sep } from 'node:path';
import type { Bundle } from '@tracecore/sandbox';
import { sha256Hex } from '@tracecore/sandbox/bundle';
import { RunnerError } from '../error.js';
import type { LoadedAgent } from '../types.js';

/** The sources of an agent that runs as a bundle: what its `agent_hash` is over. */
export interface AgentCode {
  agent_hash: string;
  /** Its path from the workspace root, with `/`. */
  ref: string;
  files: AgentCodeFile[];
}

interface AgentCodeFile {
  /** From the workspace root, with `/`. */
  path: string;
  text: string;
}

/** Files and characters that code from elsewhere may have. */
const MOST_FILES = 2_000;
const MOST_CHARS = 16 * 1024 * 1024;
const NODE_MODULES = 'node_modules/';

/**
 * Takes an agent's sources along, to be played on a machine that lacks them.
 * @param file the agent's file. @param loaded what the loader made of it.
 * @throws {RunnerError} AGENT_INVALID for an agent that runs as a process, whose sources are not all known; and for one that
 * was changed since it was loaded.
 */
export async function packAgent(file: string, loaded: LoadedAgent): Promise<AgentCode> {
  const { ref, hash } = loaded;
  if (!('bundle' in loaded)) {
    throw new RunnerError(
      'AGENT_INVALID',
      `${ref} runs in a process of its own, so its code cannot travel: install it on every worker`,
    );
  }
  if (loaded.violation !== null) {
    // On another machine nothing would tell that these files belong to a task.
    throw new RunnerError('AGENT_INVALID', `its code cannot travel: ${loaded.violation}`);
  }
  const entryDir = dirname(await realpath(file));
  const files = await Promise.all(loaded.bundle.sources.map((source) => readOwn(entryDir, ref, source)));
  return { agent_hash: hash, ref, files: [...files, ...(await packageManifests(entryDir, loaded.bundle))] };
}

/**
 * Lays code out in an empty folder, as a workspace. Nothing is trusted but what the loader then makes of it: its hash must be
 * asked for, and be `agent_hash`.
 * @returns the agent's file.
 * @throws {RunnerError} AGENT_INVALID for paths that lead elsewhere, and for too much.
 */
export async function unpackAgent({ ref, files }: AgentCode, dir: string): Promise<string> {
  const chars = files.reduce((sum, { text }) => sum + text.length, 0);
  if (files.length > MOST_FILES || chars > MOST_CHARS) {
    const limits = `${MOST_FILES} files and ${MOST_CHARS} characters are taken`;
    throw new RunnerError(
      'AGENT_INVALID',
      `the code of ${ref} has ${files.length} files, ${chars} characters; ${limits}`,
    );
  }
  const places = files.map(({ path, text }) => ({ place: placeOf(dir, path), text }));
  const entry = placeOf(dir, ref);
  for (const { place, text } of places) {
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, text, { flag: 'wx' });
  }
  return entry;
}

/** A value from elsewhere as code, or null when it is none. */
export function parseAgentCode(value: unknown): AgentCode | null {
  const { agent_hash, ref, files } = (value ?? {}) as Record<string, unknown>;
  if (typeof agent_hash !== 'string' || typeof ref !== 'string' || !Array.isArray(files)) return null;
  const isFile = (file: unknown) => {
    const { path, text } = (file ?? {}) as Record<string, unknown>;
    return typeof path === 'string' && typeof text === 'string';
  };
  if (!files.every(isFile)) return null;
  return { agent_hash, ref, files: files.map(({ path, text }) => ({ path, text })) };
}

function placeOf(dir: string, path: string): string {
  const place = resolve(dir, normalize(path));
  const isPlain = !path.startsWith('/') && !path.includes('\\') && !path.includes('\0');
  if (isPlain && place.startsWith(resolve(dir) + sep)) return place;
  throw new RunnerError('AGENT_INVALID', `code that travels holds a path that leads out of its folder: ${path}`);
}

async function readOwn(entryDir: string, ref: string, source: Bundle['sources'][number]): Promise<AgentCodeFile> {
  const folder = posix.dirname(ref);
  const own = join(entryDir, source.path);
  const packed = join(NODE_MODULES, source.path);
  const candidates: [string, string][] = [
    [own, posix.normalize(posix.join(folder, source.path))],
    ...foldersAbove(entryDir).map((above): [string, string] => [join(above, packed), `${NODE_MODULES}${source.path}`]),
  ];
  for (const [file, path] of candidates) {
    const bytes = await readFile(file).catch(() => null);
    if (bytes === null || sha256Hex(bytes) !== source.sha256) continue;
    if (path.startsWith('..')) break;
    return { path, text: bytes.toString('utf8') };
  }
  throw new RunnerError(
    'AGENT_INVALID',
    `${ref}: its source ${source.path} lies outside of the workspace or was changed, so it cannot travel`,
  );
}

/** The package.json of each package a source came from: without it nobody finds the package's entry. */
async function packageManifests(entryDir: string, { sources }: Bundle): Promise<AgentCodeFile[]> {
  const names = new Set(sources.flatMap(({ path }) => /^(?:@[^/]+\/)?[^./@][^/]*(?=\/)/.exec(path)?.[0] ?? []));
  const found: AgentCodeFile[] = [];
  for (const name of names) {
    for (const above of foldersAbove(entryDir)) {
      const file = join(above, 'node_modules', name, 'package.json');
      if (!(await isFile(file))) continue;
      found.push({ path: `${NODE_MODULES}${name}/${basename(file)}`, text: await readFile(file, 'utf8') });
      break;
    }
  }
  const listed = new Set(sources.map(({ path }) => `${NODE_MODULES}${path}`));
  return found.filter(({ path }) => !listed.has(path));
}

function foldersAbove(dir: string): string[] {
  const parent = dirname(dir);
  return parent === dir ? [dir] : [dir, ...foldersAbove(parent)];
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
