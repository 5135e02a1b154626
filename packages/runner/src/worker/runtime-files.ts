import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';

const ENGINE = '@jitl/quickjs-wasmfile-release-sync/wasm';

/**
 * What a worker process reads when it starts, where packages lie as they were installed: its entry with
 * the manifest that says how to read it, and the folder that holds this package, the sandbox, the engine, and with them
 * all that they import.
 */
export function runtimeFiles(entry: string): string[] {
  const { resolve: find } = createRequire(import.meta.url);
  const sandbox = realpathSync(find('@tracecore/sandbox'));
  const own = realpathSync(find('@tracecore/runner'));
  const engine = realpathSync(createRequire(sandbox).resolve(ENGINE));
  const file = realpathSync(entry);
  return [file, ...manifestOf(file), commonFolder([own, sandbox, engine])];
}

function commonFolder(files: readonly string[]): string {
  return files.map(dirname).reduce((folder, other) => {
    let common = folder;
    while (relative(common, other).split(sep)[0] === '..') common = resolve(common, '..');
    return common;
  });
}

function manifestOf(file: string): string[] {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return [manifest];
    if (folder === dirname(folder)) return [];
  }
}
