// What questions about stored runs cost: `runs summary` and `runs metrics` as whole processes over 100,000 run files with a
// warm index, beyond `version`; the first index of these files and a comparison with the folder; and the same commands
// over indexes of 10,000, 100,000 and 1,000,000 rows. Prints one line of JSON. Takes some minutes and 1.5 GB, given back.
// node bench/runs.mjs [files] [rows] measures one part alone.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRunIndex } from '../packages/store/dist/run-index.js';
import { alternate, median } from './measure.mjs';

const STORED = 100_000;
const ROWS = [10_000, 100_000, 1_000_000];
const AT_ONCE = 1_000;
const ROUNDS = 11;
const PAIRS = 40;
const SEEDS = 500;
const OLD = 1_700_000_000;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'apps', 'tracecore', 'bin', 'tracecore.js');
const vector = join(root, 'spec', 'vectors', 'hashes', 'artifact-hash.json');
const { artifact: template } = JSON.parse(readFileSync(vector, 'utf8'));

const asked = process.argv.slice(2);
const part = (name, body) => (asked.length === 0 || asked.includes(name) ? body() : null);

console.log(JSON.stringify({ stored: await part('files', overFiles), rows: await part('rows', overRows) }));

/** The commands over real files. */
async function overFiles() {
  return inWorkspace(async (cwd, home) => {
    const runs = join(home, 'runs');
    for (let n = 0; n < STORED; n += 1) {
      const artifact = artifactOf(n);
      writeFileSync(join(runs, `${artifact.run_id}.json`), JSON.stringify(artifact));
    }
    const first_index_s = (await timeOf(() => opened(home))) / 1_000;
    utimesSync(runs, OLD, OLD);
    const compare_ms = await timeOf(() => opened(home));
    return { files: STORED, first_index_s, compare_ms, ...commands(cwd) };
  });
}

/** The commands over indexes that grow; their rows come through the index itself and have no files. */
async function overRows() {
  return inWorkspace(async (cwd, home) => {
    utimesSync(join(home, 'runs'), OLD, OLD);
    const index = await openRunIndex(home);
    const steps = [];
    let count = 0;
    for (const rows of ROWS) {
      const from = count;
      const ms = await timeOf(async () => {
        for (; count < rows; count += AT_ONCE)
          await index.record(Array.from({ length: AT_ONCE }, (_, n) => rowOf(count + n)));
      });
      const bytes = ['', '-wal'].reduce((sum, end) => sum + (statSync(join(home, `index.sqlite${end}`)).size ?? 0), 0);
      steps.push({ rows, noted_per_second: ((rows - from) / ms) * 1_000, bytes, ...commands(cwd) });
    }
    await index.close();
    return steps;
  });
}

/** Milliseconds of each command beyond `version`, in the same round. */
function commands(cwd) {
  const programs = {
    bare: ['-e', '0'],
    version: [bin, 'version'],
    list: [bin, 'runs', 'list'],
    summary: [bin, 'runs', 'summary'],
    metrics: [bin, 'runs', 'metrics'],
  };
  alternate(programs, 2, cwd);
  const times = alternate(programs, ROUNDS, cwd);
  const beyond = (name) => median(times[name].map((time, round) => time - times.version[round]));
  return {
    bare_ms: median(times.bare),
    list_ms: beyond('list'),
    summary_ms: beyond('summary'),
    metrics_ms: beyond('metrics'),
  };
}

/** Every twentieth run fails; seeds come again, and so do their results but for a few. */
function artifactOf(n) {
  const failed = n % 20 === 0;
  return {
    ...template,
    run_id: ((n * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0') + n.toString(16).padStart(24, '0'),
    agent_ref: `agents/agent_${n % 8}.ts`,
    agent_hash: `sha256:${'a'.repeat(64)}`,
    task_ref: `task_${Math.floor(n / 8) % (PAIRS / 8)}@1`,
    seed: Math.floor(n / PAIRS) % SEEDS,
    success: !failed,
    termination_reason: failed ? 'steps_exhausted' : 'success',
    failure_type: failed ? 'budget_exhausted' : null,
    steps_used: 1 + (n % 23),
    tool_calls_used: 1 + (n % 19),
    started_at: new Date(OLD * 1_000 + n * 997).toISOString(),
    wall_clock_elapsed_s: (10 + ((n * 7_919) % 90)) / 1_000,
    artifact_hash: `sha256:${(n % 977 === 0 ? n : n % (PAIRS * SEEDS)).toString(16).padStart(64, '0')}`,
  };
}

function rowOf(n) {
  const artifact = artifactOf(n);
  return { artifact, bytes: 9_000 + (n % 700), file: `${artifact.run_id}.json`, stamp: `9000:${OLD}:${n}` };
}

async function opened(home) {
  await (await openRunIndex(home)).close();
}

async function timeOf(body) {
  const start = performance.now();
  await body();
  return performance.now() - start;
}

async function inWorkspace(body) {
  const cwd = mkdtempSync(join(tmpdir(), 'tracecore-bench-'));
  try {
    const home = join(cwd, '.agent_bench');
    mkdirSync(join(home, 'runs'), { recursive: true });
    return await body(cwd, home);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
