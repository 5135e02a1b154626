// Every machine check beside the tests, in order, one line each; what a failing one printed follows its line.
// `pnpm check` runs all, `pnpm check knip types` those named.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { packInto } from './pack.mjs';
import { pnpmCommand } from './pnpm.mjs';
import { run, tool } from './run.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'tracecore-check-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** Tarballs of the public packages, packed once, when the first check wants them. */
let packed;
function tarballs() {
  packed ??= [...packInto(scratch).values()];
  return packed;
}

const script = (name) => [process.execPath, join('scripts', `${name}.mjs`)];
const sources = ['packages', 'apps', 'tasks', 'agents', 'bench', 'scripts'];

/** A check is a list of commands, made when its turn comes; all run, and each must exit 0. */
const checks = {
  biome: () => [[tool('biome'), 'check', '.', '--error-on-warnings']],
  build: () => [[...pnpmCommand(), 'run', '--silent', 'build']],
  types: () => [
    [tool('tsc'), '-b'],
    [tool('tsc'), '-p', 'tsconfig.test.json'],
  ],
  boundaries: () => [[tool('turbo'), 'boundaries']],
  imports: () => [[tool('depcruise'), ...sources]],
  knip: () => [[tool('knip'), '--no-progress']],
  contents: () => [[...script('tarball-contents'), ...tarballs()]],
  publint: () => tarballs().map((file) => [tool('publint'), 'run', file, '--strict']),
  attw: () => tarballs().map((file) => [tool('attw'), file, '--profile', 'esm-only']),
  changesets: () => [script('changesets')],
  freeze: () => [script('check-freeze')],
  requirements: () => [script('requirement-coverage')],
  isolation: () => [script('check-isolation-docs')],
  smoke: () => [script('tarball-smoke')],
  plugin: () => [script('plugin-smoke')],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(checks, name));
if (unknown.length > 0) {
  console.error(`no check named ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}`);
  process.exit(2);
}

const failed = [];
for (const [name, commands] of Object.entries(checks)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const start = performance.now();
  const faults = outcome(commands);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(14)}${seconds.padStart(6)} s`);
  for (const fault of faults) console.log(fault);
  if (faults.length > 0) failed.push(name);
}
console.log(failed.length === 0 ? 'checks: all ok' : `checks: ${failed.join(', ')} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;

function outcome(commands) {
  try {
    return commands().flatMap((command) => {
      const { status, output } = run(command);
      const words = [basename(command[0]), ...command.slice(1)].join(' ');
      return status === 0 ? [] : [`${words} exited ${status}\n${output}`];
    });
  } catch (error) {
    return [error.message];
  }
}
