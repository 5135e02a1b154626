import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Bundle, CodePrint } from '../bundle-types.js';
import { SandboxError } from '../error.js';
import { BundleCache, type CacheRecord } from './cache.js';
import { type CompileRequest, compile, findTaskFile } from './compile.js';
import { printsOf } from './prints.js';
import { digestSources, folderOf, readSource, sha256Hex } from './sources.js';
import { userKeyFile } from './user-key.js';

export interface BundlerOptions {
  /** Where bundles are kept between runs; null keeps none. */
  cacheDir: string | null;
  /**
   * What the kept bundles are sealed with: a key file, by default the user's; null for a key that ends with the process.
   * `unsealed` is for a folder that is to be shipped.
   */
  seal?: { keyFile: string | null } | 'unsealed';
  /** Read-only folders with bundles that ship with a package. */
  shipped?: readonly string[];
  /** The runtime's own modules by import name: `@tracecore/kit` and `@tracecore/kit/guest`. */
  modules: Readonly<Record<string, string>>;
}

export interface AgentEntry {
  file: string;
  /** What messages and the artifact call it: `agents/toy_agent.ts`. */
  ref: string;
  /** What it is to run on: `neutral` (the default), or `node` with its built-ins. */
  platform?: CompileRequest['platform'];
}

export interface TaskEntry {
  dir: string;
  ref: string;
  setup: string;
  actions: string;
  validator: string;
  /** Whether the task's hash covers a file of its folder; no other file may be bundled. By default all are covered. */
  covers?: (path: string) => boolean;
}

/** A bundle, with the prints of its code. */
export interface TaskBundle {
  bundle: Bundle;
  prints: readonly CodePrint[];
}

/** An agent's bundle; `taskFile` names the file of a task's folder that it imports, when it does. */
export interface AgentBundle extends TaskBundle {
  taskFile: string | null;
}

/** Turns `.ts` and `.js` sources into bundles that a host can run. */
export interface Bundler {
  /** @throws {SandboxError} AGENT_NOT_FOUND, BUNDLE_FAILED (file:line:column), AGENT_NEEDS_NODE (its `cause` is the built-in). */
  agent(entry: AgentEntry): Promise<AgentBundle>;
  /** @throws {SandboxError} BUNDLE_FAILED (file:line:column), TASK_IMPORTS_OUTSIDE, AGENT_NEEDS_NODE. */
  task(entry: TaskEntry): Promise<TaskBundle>;
}

export function createBundler(options: BundlerOptions): Bundler {
  const toolchain = sha256Hex(JSON.stringify(options.modules));
  const { cacheDir, modules, shipped = [], seal = { keyFile: userKeyFile() } } = options;
  const cache = new BundleCache({ cacheDir, seal, shipped, toolchain });

  async function bundle(kind: string, request: CompileRequest): Promise<CacheRecord> {
    const entries = await Promise.all(
      request.entryFiles.map(async (file) => ({
        path: basename(file),
        sha256: (await readSource(file))?.sha256 ?? '',
      })),
    );
    const key = cache.key(kind, entries);
    const known = await cache.find(key, request.entryDir);
    if (known) return known;
    const compiled = await compile(request);
    const record = kind === 'task' ? await withoutKit(compiled) : compiled;
    await cache.put(key, record);
    return record;
  }

  let kitPrints: Promise<CodePrint[][]> | undefined;
  /** A task that repeats a piece of the kit has nothing to hide in it. */
  async function withoutKit(record: CacheRecord): Promise<CacheRecord> {
    kitPrints ??= Promise.all(Object.values(modules).map((text) => printsOf('kit.js', text)));
    const known = new Set((await kitPrints).flat().map(({ digest }) => digest));
    return { ...record, prints: record.prints.filter(({ digest }) => !known.has(digest)) };
  }

  return {
    async agent({ file, ref, platform = 'neutral' }) {
      const entry = await realFile(file, ref);
      const entryDir = dirname(entry);
      const request: CompileRequest = {
        name: ref,
        sourceRoot: folderOf(ref),
        entryDir,
        entryText: agentEntry(`./${basename(entry)}`),
        entryFiles: [entry],
        modules,
        platform,
        covers: null,
      };
      const record = await bundle(platform === 'node' ? 'node-agent' : 'agent', request);
      // Asked each time: a folder may have become a task's since the bundle was kept.
      const taskFile = findTaskFile(record, request);
      return { bundle: toBundle(record, ref, folderOf(ref)), taskFile, prints: record.prints };
    },
    async task({ dir, ref, setup, actions, validator, covers = () => true }) {
      const entryDir = await realpath(dir).catch((cause: unknown) => {
        throw new SandboxError('BUNDLE_FAILED', `${ref} could not be loaded: its folder cannot be read`, { cause });
      });
      const record = await bundle('task', {
        name: ref,
        sourceRoot: taskFolder(ref),
        entryDir,
        entryText: taskEntry(setup, actions, validator),
        entryFiles: [setup, actions, validator].map((file) => join(entryDir, file)),
        modules,
        platform: 'neutral',
        covers,
      });
      return { bundle: toBundle(record, ref, taskFolder(ref)), prints: record.prints };
    },
  };
}

async function realFile(file: string, ref: string): Promise<string> {
  try {
    const path = await realpath(file);
    if ((await stat(path)).isFile()) return path;
  } catch {
    // Named below, whatever the reason.
  }
  throw new SandboxError('AGENT_NOT_FOUND', `no agent file at ${ref}; give the path of a .ts or .js file`);
}

function toBundle(record: CacheRecord, name: string, sourceRoot: string): Bundle {
  const { code, map, sources } = record;
  return { name, sourceRoot, code, map, sources, digest: digestSources(sources) };
}

const taskFolder = (ref: string) => ref.replace(/@.*/, '');

const agentEntry = (file: string) => `import * as agent from ${JSON.stringify(file)};
import { adaptAgent } from '@tracecore/kit/guest';
export const program = adaptAgent(agent);
`;

const taskEntry = (setup: string, actions: string, validator: string) =>
  `import * as setup from ${JSON.stringify(`./${setup}`)};
import * as actions from ${JSON.stringify(`./${actions}`)};
import * as validate from ${JSON.stringify(`./${validator}`)};
import { adaptTask } from '@tracecore/kit/guest';
export const program = adaptTask({ setup, actions, validate });
`;
