import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, posix, relative, resolve } from 'node:path';
import type { BuildFailure, Metafile, Plugin } from 'esbuild';
import { SandboxError } from '../error.js';
import type { CacheRecord } from './cache.js';
import { printsOf } from './prints.js';
import { resolutionOf } from './resolution.js';
import { readSource, sourcePath, toPosix } from './sources.js';

/** How a bundle begins that is to be required, not imported. */
const COMMON_JS_START = "'use strict';";
/** What each module form of Node lacks of the other: packages may count on either. */
const NODE_FORMS = {
  esm: {
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  },
  cjs: {
    banner: { js: `${COMMON_JS_START} const __url = require('node:url').pathToFileURL(__filename).href;` },
    define: { 'import.meta.url': '__url', 'import.meta.filename': '__filename', 'import.meta.dirname': '__dirname' },
  },
};
/** A file that makes its folder a task. */
const TASK_MARKS = ['task.toml', 'task.yaml'];

export interface CompileRequest {
  /** What messages call the program, and the folder its entry stands in as they show it. */
  name: string;
  sourceRoot: string;
  /** Folder of the entry files; the text that ties them together resolves from here. */
  entryDir: string;
  /** Text of the module that exports `program`. */
  entryText: string;
  /** Entry files, absolute; they may lie in a task's folder. */
  entryFiles: readonly string[];
  /** Modules of the runtime, by import name. */
  modules: Readonly<Record<string, string>>;
  /** What the bundle runs on: `node` has its built-ins, `neutral` has the language alone. */
  platform: 'neutral' | 'node';
  /** `cjs` starts several milliseconds sooner in Node; `esm`, the default, may await outside of functions. */
  format?: 'esm' | 'cjs';
  /** Which files of `entryDir`, by relative path, may be bundled; null when any file anywhere may. */
  covers: ((path: string) => boolean) | null;
}

/**
 * Bundles a program with everything it imports into one ES module.
 * @throws {SandboxError} BUNDLE_FAILED with file:line:column; AGENT_NEEDS_NODE; TASK_IMPORTS_OUTSIDE.
 */
export async function compile(request: CompileRequest): Promise<CacheRecord> {
  if (request.platform !== 'node' || request.format !== undefined) return compileAs(request);
  try {
    return await compileAs({ ...request, format: 'cjs' });
  } catch (error) {
    if (!/Top-level await/.test((error as Error).message)) throw error;
    return compileAs({ ...request, format: 'esm' });
  }
}

/** Whether a bundle made for Node is to be required; the others are ES modules. */
export function isCommonJs(code: string): boolean {
  return code.startsWith(COMMON_JS_START);
}

async function compileAs(request: CompileRequest): Promise<CacheRecord> {
  const { build } = await import('esbuild');
  const read: ReadSources = new Map();
  const result = await build({
    stdin: { contents: request.entryText, resolveDir: request.entryDir, sourcefile: 'runtime:entry', loader: 'js' },
    absWorkingDir: request.entryDir,
    bundle: true,
    format: request.format ?? 'esm',
    platform: request.platform,
    mainFields: ['module', 'main'],
    conditions: request.platform === 'node' ? ['node', 'import', 'default'] : ['import', 'default'],
    ...(request.platform === 'node' ? NODE_FORMS[request.format ?? 'esm'] : {}),
    target: 'es2022',
    charset: 'utf8',
    outfile: 'program.js',
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    // Less to parse in every episode; names stay, since programs can read them.
    minifyWhitespace: true,
    minifySyntax: true,
    // The machine's own tsconfig must not change what a program is.
    tsconfigRaw: '{}',
    write: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [runtimeModules(request), readOnce(read)],
  }).catch((failure: BuildFailure) => {
    throw describeFailure(request, failure);
  });
  const [map, code] = [findOutput(result.outputFiles, '.map'), findOutput(result.outputFiles, '.js')];
  return toRecord(request, result.metafile, read, { code, map });
}

/** Answers imports of the kit from the runtime itself, and refuses what no isolate has. */
function runtimeModules({ modules, name, platform }: CompileRequest): Plugin {
  return {
    name: 'runtime-modules',
    setup(build) {
      build.onResolve({ filter: /^@tracecore\// }, ({ path }) =>
        Object.hasOwn(modules, path) ? { path, namespace: 'runtime', sideEffects: false } : null,
      );
      build.onLoad({ filter: /.*/, namespace: 'runtime' }, ({ path }) => ({
        contents: modules[path] ?? '',
        loader: 'js',
      }));
      build.onResolve({ filter: /^[a-z_][a-z0-9:/_-]*$/ }, ({ path, kind }) => {
        if (!isBuiltin(path)) return null;
        // A dynamic import that is never reached costs nothing; one that is reached is refused inside.
        if (kind === 'dynamic-import' || platform === 'node') return { path, external: true };
        return { errors: [{ text: `NEEDS_NODE ${name} imports ${path}` }] };
      });
    },
  };
}

/** The sources of a bundle by their real paths, as they were when they were bundled. */
type ReadSources = Map<string, { bytes: Buffer; sha256: string }>;

/** Reads each source once, so that what is hashed is what is bundled. */
function readOnce(read: ReadSources): Plugin {
  return {
    name: 'read-once',
    setup(build) {
      build.onLoad({ filter: /.*/, namespace: 'file' }, async ({ path }) => {
        const source = await readSource(path);
        if (!source) return { errors: [{ text: 'cannot be read' }] };
        read.set(path, source);
        return { contents: source.bytes, loader: 'default' };
      });
    },
  };
}

async function toRecord(
  request: CompileRequest,
  metafile: Metafile,
  read: ReadSources,
  output: { code: string; map: string },
): Promise<CacheRecord> {
  const { entryDir, covers } = request;
  const sources = Object.keys(metafile.inputs).flatMap((path) => {
    const file = join(entryDir, path);
    const source = read.get(file);
    return source ? [{ file, ...source }] : [];
  });
  const uncovered = covers && sources.find(({ file }) => !isCovered(toPosix(relative(entryDir, file)), covers));
  if (uncovered) {
    throw new SandboxError(
      'TASK_IMPORTS_OUTSIDE',
      `${request.name} imports ${sourcePath(entryDir, uncovered.file)}, which its task_hash does not cover; move the code into the task's own files`,
    );
  }
  const prints = sources.map(({ file, bytes }) => printsOf(sourcePath(entryDir, file), bytes.toString()));
  return {
    ...output,
    sources: sources.map(({ file, sha256 }) => ({ path: sourcePath(entryDir, file), sha256 })),
    inputs: sources.map(({ file, sha256 }) => ({ path: toPosix(relative(entryDir, file)), sha256 })),
    resolution: resolutionOf(metafile.inputs, entryDir),
    prints: (await Promise.all(prints)).flat(),
  };
}

/** The first file of a bundle, beside its entry, that lies in a task's folder; relative to the entry's folder. */
export function findTaskFile({ inputs }: CacheRecord, { entryDir, entryFiles }: CompileRequest): string | null {
  const found = inputs.find(({ path }) => {
    const file = resolve(entryDir, path);
    return !entryFiles.includes(file) && isTaskFile(file);
  });
  return found?.path ?? null;
}

function isCovered(path: string, covers: (path: string) => boolean): boolean {
  return !path.startsWith('../') && !path.split('/').includes('node_modules') && covers(path);
}

/** Whether a file lies in a task's folder, at any depth, and is not one that tells the public what the task is. */
export function isTaskFile(file: string): boolean {
  if (TASK_MARKS.includes(basename(file)) || basename(file).startsWith('README')) return false;
  for (let dir = dirname(file); dir !== dirname(dir); dir = dirname(dir)) {
    if (TASK_MARKS.some((mark) => existsSync(join(dir, mark)))) return true;
  }
  return false;
}

function findOutput(outputs: readonly { path: string; text: string }[], suffix: string): string {
  return outputs.find(({ path }) => path.endsWith(suffix))?.text ?? '';
}

function describeFailure({ name, entryDir, sourceRoot }: CompileRequest, failure: BuildFailure): SandboxError {
  const [first] = failure.errors ?? [];
  if (!first) return new SandboxError('BUNDLE_FAILED', `${name} could not be bundled: ${failure.message}`);
  if (first.text.startsWith('NEEDS_NODE ')) {
    return new SandboxError(
      'AGENT_NEEDS_NODE',
      `${first.text.slice('NEEDS_NODE '.length)}, which exists only in Node; an isolate has no Node built-ins, so do without it`,
      { cause: first.text.split(' imports ').at(-1) },
    );
  }
  // A place in a text of the runtime would tell the author nothing.
  const location = first.location?.file.startsWith('runtime:') ? null : first.location;
  const file = location ? posix.join(sourceRoot, toPosix(relative(entryDir, join(entryDir, location.file)))) : '';
  const where = location ? `${file}:${location.line}:${location.column + 1}: ` : '';
  return new SandboxError('BUNDLE_FAILED', `${name} could not be loaded: ${where}${first.text}`);
}
