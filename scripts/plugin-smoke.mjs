// Packs examples/task-plugin as its author would, installs it beside `tracecore` in an empty project, and uses its task.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packInto } from './pack.mjs';
import { root } from './pnpm.mjs';
import { mustRun } from './run.mjs';

const NAME = 'tracecore-task-shift-cipher';
const REF = 'shift_cipher@1';

const scratch = mkdtempSync(join(tmpdir(), 'tracecore-plugin-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const project = join(scratch, 'project');
mkdirSync(project);
writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
const tarballs = [packInto(scratch, ['tracecore']).get('tracecore'), packPlugin()];
// Without install scripts SQLite is not compiled, which takes a minute: nothing that is used here may need it.
const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', '--ignore-scripts'];
mustRun(['npm', 'install', ...quiet, ...tarballs], { cwd: project });

const listed = npx('tasks list');
must(new RegExp(`^${REF} .* package ${NAME}@1\\.0\\.0 `, 'm').test(listed), 'tasks list names the package', listed);

const agent = `node_modules/${NAME}/agents/shift_cipher_agent.ts`;
const played = npx(`run --agent ${agent} --task ${REF} --seed 7 --strict-spec`);
must(/^TraceCore Verified$/m.test(played), 'its solver succeeds', played);
must(played.includes(`  agent: ${agent}\n`), 'the block names the agent', played);

const verified = npx('verify --latest');
must(/re-derivation: OK/.test(verified) && !/FAIL/.test(verified), 'verify says OK', verified);

const gated = JSON.parse(npx(`tasks quality-gate ${REF} --format json`, 'stdout'));
must(gated.ok === true && gated.tasks.length === 1, 'the gate passes', JSON.stringify(gated, null, 2));

mustRun(['npm', 'uninstall', ...quiet, NAME], { cwd: project });
const absent = npx('tasks list');
must(!absent.includes('shift_cipher'), 'a removed package offers nothing', absent);

function packPlugin() {
  const dir = join(scratch, 'plugin');
  cpSync(join(root, 'examples', 'task-plugin'), dir, {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  });
  const { stdout } = mustRun(['npm', 'pack', '--json', '--pack-destination', scratch], { cwd: dir });
  const [packed] = JSON.parse(stdout);
  return join(scratch, packed.filename);
}

function npx(words, stream = 'output') {
  const command = ['npx', '--no-install', 'tracecore', ...words.split(' ')];
  return mustRun(command, { cwd: project, env: { NO_COLOR: '1' } })[stream];
}

function must(holds, what, shown) {
  if (!holds) throw new Error(`expected: ${what}; it printed\n${shown}`);
}
