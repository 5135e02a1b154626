// Runs the unit tests on other Node versions, fetched from the npm registry: node scripts/test-on-node.mjs 22 24
// A version that cannot be fetched is a skip with its reason; a failing test fails.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root } from './pnpm.mjs';
import { run } from './run.mjs';

const COUNT = /^\d+ passed, \d+ failed(?:, \d+ skipped)?$/gm;
/** The tests of the parts; those of the workspace's own scripts are about the machine, not about Node. */
const UNIT_TESTS = ['packages', 'apps', 'tasks', 'agents'];
/**
 * Minutes of attacks and random messages, which are about the boundary and the referee more than about Node; of Python, which
 * is the same under each; of processes that are killed at each of their writes; and of whole sessions of commands, where
 * those of `run` stay.
 * The index of runs needs a SQLite that is compiled for each Node, which takes longer than all other tests.
 */
const LEFT_OUT = [
  '**/attacks/**',
  '**/fuzz/**',
  '**/process/python/**',
  '**/runner/src/{languages,python}.test.ts',
  '**/bundle/src/{interrupted,tamper-matrix,ledger/interrupted-log}.test.ts',
  '**/apps/tracecore/src/{batch-crash,comparison,diff,fork,ledger,migrate,queue,record,replay,runs,scaffold,stats,tasks,verify}.test.ts',
  '**/store/src/{run-index,gc}/**',
  '**/cli/src/commands/{baseline,gate,stats}.test.ts',
].flatMap((files) => ['--exclude', files]);
const scratch = mkdtempSync(join(tmpdir(), 'tracecore-node-'));
// Some tests run programs as another user, who has to reach this Node.
chmodSync(scratch, 0o755);
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

for (const major of process.argv.slice(2)) {
  const fetched = fetchNode(major);
  if ('reason' in fetched) {
    console.log(`node ${major}: skipped, ${fetched.reason}`);
    continue;
  }
  const { node, version } = fetched;
  const start = performance.now();
  const PATH = `${dirname(node)}${delimiter}${process.env.PATH}`;
  // Tests of determinism compare with the Node that this script runs on.
  const env = { PATH, NO_COLOR: '1', TRACECORE_OTHER_NODE: process.execPath };
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { status, output } = run([node, vitest, 'run', ...UNIT_TESTS, ...LEFT_OUT], { env });
  const count = output.match(COUNT)?.at(-1) ?? 'no count was printed';
  console.log(`node ${version}: ${count} (${((performance.now() - start) / 1000).toFixed(0)} s)`);
  if (status === 0) continue;
  console.log(output);
  process.exitCode = 1;
}

/**
 * Installs the binary of a Node major. The package `node` fetches it in an install script, which npm may block, so the
 * platform's own package is asked for.
 * @returns {{ node: string, version: string } | { reason: string }}
 */
function fetchNode(major) {
  const cwd = join(scratch, major);
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'package.json'), '{ "private": true }\n');
  const { platform, arch } = process;
  const system = platform === 'win32' ? 'win' : platform === 'darwin' && arch === 'arm64' ? 'bin-darwin' : platform;
  const name = `node-${system}-${arch}`;
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', `${name}@${major}`];
  const installed = run(['npm', ...args], { cwd });
  if (installed.status !== 0)
    return { reason: `npm could not install ${name}@${major}: ${firstLine(installed.output)}` };
  const node = join(cwd, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(node)) return { reason: `${name}@${major} holds no ${node}` };
  const asked = run([node, '--version']);
  if (asked.status !== 0) return { reason: `its binary does not start: ${firstLine(asked.output)}` };
  return { node, version: asked.stdout.trim() };
}

function firstLine(text) {
  return text.trim().split('\n')[0] || 'it printed nothing';
}
