// How long it takes to compare two artifacts of 10,000 steps: equal, parting at the last step, and different in every
// part of every step; and the whole command on the last. Prints one line of JSON.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diffArtifacts } from '../packages/artifact/dist/index.js';
import { median } from './measure.mjs';

const STEPS = 10_000;
const ROUNDS = 7;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sample = JSON.parse(readFileSync(join(root, 'spec', 'vectors', 'hashes', 'artifact-hash.json'), 'utf8')).artifact;
const baseline = artifactOf(() => undefined);
const others = {
  identical: artifactOf(() => undefined),
  last_step: artifactOf((entry, step) => {
    if (step === STEPS) entry.result.ok = false;
  }),
  every_step: artifactOf((entry, step) => {
    entry.observation.visible_state.files_seen = [`/app/${step}.txt`];
    entry.action.args.other = step;
    entry.result.ok = step;
    entry.io_audit = [{ type: 'net', op: 'get', host: 'example.com' }];
    entry.budget_delta.steps = 2;
  }),
};
const results = { steps: STEPS };
for (const [name, other] of Object.entries(others))
  results[`${name}_ms`] = timeOf(() => diffArtifacts(baseline, other));
results.command_ms = commandTime();
console.log(JSON.stringify(results));

/** An artifact of many steps, each of them a copy of one in the vectors, changed by `change`. */
function artifactOf(change) {
  const trace = Array.from({ length: STEPS }, (_, index) => {
    const entry = structuredClone(sample.action_trace[index % sample.action_trace.length]);
    entry.step = entry.observation.step = index + 1;
    change(entry, entry.step);
    return entry;
  });
  return { ...sample, action_trace: trace };
}

/** The first round counts: a command compares once. */
function timeOf(body) {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    body();
    return performance.now() - start;
  });
  return { first: times[0], median: median(times) };
}

/** From the start of the process to its exit; the files are read and checked against the schema. */
function commandTime() {
  const folder = mkdtempSync(join(tmpdir(), 'tracecore-bench-'));
  try {
    const files = [baseline, others.every_step].map((artifact, index) => {
      const file = join(folder, `${index}.json`);
      writeFileSync(file, JSON.stringify(artifact, null, 2));
      return file;
    });
    const bin = join(root, 'apps', 'tracecore', 'bin', 'tracecore.js');
    return timeOf(() => {
      const { status, stderr } = spawnSync(process.execPath, [bin, 'diff', ...files], { encoding: 'utf8' });
      if (status !== 1) throw new Error(`tracecore diff exited ${status}: ${stderr}`);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
