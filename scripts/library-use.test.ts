import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const kit = (file: string) => join(root, 'apps', 'tracecore', 'dist', file);

const entryOf = (name: string) => pathToFileURL(join(root, 'packages', name, 'dist', 'index.js')).href;

test('the example of library use runs as it is printed', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tracecore-library-'));
  try {
    const source = readFileSync(join(root, 'examples', 'library-use', 'run-batch.ts'), 'utf8');
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    // Where the packages are installed, their names lead to what they export.
    const file = join(dir, 'run-batch.mjs');
    writeFileSync(
      file,
      outputText.replaceAll(/'@tracecore\/(\w+)';/g, (_, name) => `'${entryOf(name)}';`),
    );
    const home = join(dir, '.agent_bench');
    mkdirSync(home);
    const argv = [file, root, home, kit('kit.js'), kit('kit-guest.js')];
    const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: dir, encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: 'success in 4 steps\n10 of 10 passed\nkept as it was\n',
      stderr: '',
    });
    expect(readdirSync(join(home, 'runs'))).toHaveLength(11);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}, 120_000);
