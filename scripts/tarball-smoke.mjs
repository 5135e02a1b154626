// Installs what would be published into empty folders and uses it there as a stranger would.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packInto } from './pack.mjs';
import { mustRun } from './run.mjs';

const LIBRARIES = ['@tracecore/spec', '@tracecore/artifact', '@tracecore/kit'];
const BLOCK = [
  /^TraceCore Verified$/,
  /^ {2}agent: agents\/log_stream_monitor_agent\.ts$/,
  /^ {2}task: log_stream_monitor@1$/,
  /^ {2}spec: tracecore-spec-v1\.0$/,
  /^ {2}artifact_hash: sha256:[0-9a-f]{64}$/,
];

const CONSUMER = `
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hashArtifact } from '@tracecore/artifact';
import { Random } from '@tracecore/kit';
import { parseArtifact } from '@tracecore/spec';

const artifact = parseArtifact(JSON.parse(readFileSync(process.argv[2], 'utf8')));
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const computed = hashArtifact(artifact, sha256);
if (computed !== artifact.artifact_hash) throw new Error('computed ' + computed + ', file says ' + artifact.artifact_hash);
const drawn = new Random(42).randint(1, 6);
if (drawn !== 6) throw new Error('Random(42).randint(1, 6) must be 6, got ' + drawn);
console.log(computed);
`;

const scratch = mkdtempSync(join(tmpdir(), 'tracecore-smoke-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

const tarballs = packInto(scratch, ['tracecore', ...LIBRARIES]);
const artifactFile = runTheProgram();
verifyAsLibrary(artifactFile);

/** Installs `tracecore` alone and runs, verifies, and verifies again what was tampered with. */
function runTheProgram() {
  const cwd = install('program', [tarballs.get('tracecore')]);
  const npx = (words, expected = 0) =>
    mustRun(['npx', '--no-install', ...words.split(' ')], { cwd, env: { NO_COLOR: '1' } }, expected).output;

  const printed = npx('tracecore run pairing log_stream_monitor --seed 7 --strict-spec');
  const lines = printed.split('\n').map((line) => line.trimEnd());
  const first = lines.findIndex((line) => BLOCK[0].test(line));
  BLOCK.forEach((wanted, index) => {
    must(
      first >= 0 && wanted.test(lines[first + index] ?? ''),
      `line ${index} of the block must match ${wanted}`,
      printed,
    );
  });

  const version = npx('agent-bench version');
  must(
    /^runtime: \S+ +spec: tracecore-spec-v1\.0$/m.test(version),
    'agent-bench version names runtime and spec',
    version,
  );

  const verified = npx('tracecore verify --latest');
  must(/\bOK\b/.test(verified) && !/\bFAIL/i.test(verified), 'verify says OK', verified);

  const summary = npx('tracecore runs summary');
  must(/^1 run from/.test(summary) && summary.includes('1 succeeded (100 %)'), 'runs summary counts the run', summary);

  const runs = join(cwd, '.agent_bench', 'runs');
  const files = readdirSync(runs);
  must(files.length === 1, 'one run leaves one file', files.join('\n'));
  const file = join(runs, files[0]);
  const original = readFileSync(file, 'utf8');
  const edited = JSON.parse(original);
  writeFileSync(file, JSON.stringify({ ...edited, steps_used: edited.steps_used + 1 }, null, 2));
  npx('tracecore verify --latest', 1);
  writeFileSync(file, original);
  return file;
}

/** Installs the three neutral packages alone and checks the run's hash with them. */
function verifyAsLibrary(file) {
  const cwd = install(
    'library',
    LIBRARIES.map((name) => tarballs.get(name)),
  );
  writeFileSync(join(cwd, 'consumer.mjs'), CONSUMER);
  const { output } = mustRun([process.execPath, 'consumer.mjs', file], { cwd });
  must(/^sha256:[0-9a-f]{64}$/m.test(output), 'the consumer prints the hash', output);
}

function install(name, files) {
  const cwd = join(scratch, name);
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'package.json'), '{ "private": true, "type": "module" }\n');
  mustRun(['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', ...files], { cwd });
  return cwd;
}

function must(holds, what, shown) {
  if (!holds) throw new Error(`expected: ${what}; it printed\n${shown}`);
}
