// Turns the migrations that drizzle-kit generated into texts, as src/run-index/generated/migrations.{js,d.ts} under src
// and dist, so that a bundled program needs no folder of them; neither is committed.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const names = readdirSync(join(root, 'migrations')).filter((name) => name.endsWith('.sql'));
const texts = names.sort().map((name) => readFileSync(join(root, 'migrations', name), 'utf8'));

const code = `export const MIGRATIONS = ${JSON.stringify(texts)};\n`;
const types =
  '/** SQL that brings an index from each version to the next, in order. */\nexport declare const MIGRATIONS: string[];\n';
for (const folder of ['src', 'dist']) {
  const out = join(root, folder, 'run-index', 'generated');
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'migrations.js'), code);
  writeFileSync(join(out, 'migrations.d.ts'), types);
}
