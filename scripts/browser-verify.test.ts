import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const example = join(root, 'examples', 'browser-verify');
const entryOf = (name: string) => join(root, 'packages', name, 'dist', 'index.js');
const golden = readFileSync(join(root, 'spec', 'vectors', 'bundles', 'v0.1', 'signed', 'artifact.json'), 'utf8');

let verify: (text: string) => Promise<{ ok: boolean; lines: string[] }>;

beforeAll(async () => {
  // For a browser, esbuild refuses an import of what only Node has.
  const { outputFiles } = await build({
    entryPoints: [join(example, 'verify.ts')],
    alias: { '@tracecore/spec': entryOf('spec'), '@tracecore/artifact': entryOf('artifact') },
    ...{ bundle: true, platform: 'browser', format: 'iife', globalName: 'example', write: false, logLevel: 'silent' },
  });
  // What a page has of the web, and nothing of Node.
  const page = createContext({ crypto: globalThis.crypto, TextEncoder, TextDecoder });
  runInContext(`${outputFiles[0]?.text}; globalThis.verify = example.verify;`, page);
  ({ verify } = page as { verify: typeof verify });
});

test('a page checks an artifact with the spec and artifact packages alone', async () => {
  expect(await verify(golden)).toEqual({ ok: true, lines: ['schema: OK', 'hash: OK', 'budgets and taxonomy: OK'] });
});

test('a page shows what was tampered with', async () => {
  const forged = golden.replace(/"seed": \d+/, '"seed": 4242');
  expect(await verify(forged)).toEqual({
    ok: false,
    lines: ['schema: OK', expect.stringMatching(/^hash: FAILED, computed sha256:/), 'budgets and taxonomy: OK'],
  });
  expect(await verify('{"run_id": 1')).toEqual({ ok: false, lines: [expect.stringContaining('line 1')] });
});

test('every example of the browser loads nothing from elsewhere', () => {
  const page = readFileSync(join(example, 'index.html'), 'utf8');
  expect(page).not.toMatch(/https?:/);
  expect(page).toContain('src="page.js"');
});
