import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { run } from './run.mjs';

test('docs/attacks.md is what the attacks say, and names every one of them', () => {
  const { status, output } = run([process.execPath, 'scripts/attack-table.mjs', '--check']);
  expect({ status, output }).toEqual({ status: 0, output: '' });
  const page = readFileSync(new URL('../docs/attacks.md', import.meta.url), 'utf8');
  for (const name of ['constructor-chain', 'fork-bomb', 'import-symlink', 'bundle-cache'])
    expect(page).toContain(`| ${name} |`);
});
