import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';

const noProc = process.platform !== 'linux' && 'open files are read from /proc';

test.skipIf(noProc)(`a folder that was handed down open is closed, and streams are not${noProc || ''}`, async () => {
  const entryPoints = [fileURLToPath(new URL('./close-inherited.ts', import.meta.url))];
  const { outputFiles } = buildSync({
    entryPoints,
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'made',
    platform: 'node',
  });
  const script = `
    ${outputFiles[0]?.text}
    const shown = () => require('node:child_process').execFileSync('/bin/ls', ['/proc/self/fd/20'], { stdio: 'pipe' }).length > 0;
    const before = shown();
    made.closeInherited();
    let after = false;
    try { after = shown(); } catch {}
    console.log(JSON.stringify([before, after]));`;
  const fd = openSync('/', 'r');
  const others = Array.from({ length: 17 }, () => 'ignore' as const);
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit', ...others, fd] });
  closeSync(fd);
  let out = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) out += chunk;
  expect(JSON.parse(out)).toEqual([true, false]);
});
