// What evidence costs: the hash of a large artifact against JSON.stringify and SHA-256 of the same bytes, and `verify` and
// `bundle verify` as whole processes, beyond `version` and against bare Node. Prints one line of JSON.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashArtifact } from '../packages/artifact/dist/index.js';
import { alternate, median } from './measure.mjs';

const BYTES = 10_000_000;
const WARM_UP = 5;
const ROUNDS = 21;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'apps', 'tracecore', 'bin', 'tracecore.js');

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

console.log(JSON.stringify({ hash: hashing(), ...commands() }));

/** Both sides take turns; the artifact has nothing that its hash leaves out but the fields it must have. */
function hashing() {
  const artifact = largeArtifact();
  const sides = {
    plain: () => sha256(Buffer.from(JSON.stringify(artifact))),
    hash: () => hashArtifact(artifact, sha256),
  };
  const times = { plain: [], hash: [] };
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    for (const [name, side] of Object.entries(sides)) {
      const start = performance.now();
      side();
      if (round >= 0) times[name].push(performance.now() - start);
    }
  }
  const [plain, hash] = [median(times.plain), median(times.hash)];
  return { bytes: JSON.stringify(artifact).length, plain_ms: plain, hash_ms: hash, share: plain / hash };
}

/** Steps of a real run, over and over, until the file has ten million bytes. */
function largeArtifact() {
  const file = 'log-stream-monitor--log-stream-monitor-agent.json';
  const artifact = JSON.parse(readFileSync(join(root, 'spec', 'vectors', 'artifacts', 'python', file), 'utf8'));
  const steps = artifact.action_trace.map(({ telemetry: _, action_ts: __, ...entry }) => entry);
  const trace = [];
  for (let bytes = 0; bytes < BYTES; ) {
    for (const step of steps) {
      trace.push(structuredClone(step));
      bytes += JSON.stringify(step).length + 1;
    }
  }
  return { ...artifact, action_trace: trace };
}

/** A signed bundle of an ordinary run, checked with and without playing its actions again. */
function commands() {
  const cwd = mkdtempSync(join(tmpdir(), 'tracecore-bench-'));
  try {
    for (const words of [
      'run pairing log_stream_monitor --seed 7',
      'keys generate --out lab.key',
      'bundle seal --sign --key lab.key',
    ]) {
      const { status, stderr } = spawnSync(process.execPath, [bin, ...words.split(' ')], { cwd, encoding: 'utf8' });
      if (status !== 0) throw new Error(`tracecore ${words} exited ${status}: ${stderr}`);
    }
    const [id] = readdirSync(join(cwd, '.agent_bench', 'baselines'));
    const trusted = ['--key', 'lab.key.pub'];
    const programs = {
      bare: ['-e', '0'],
      version: [bin, 'version'],
      bundle_verify: [bin, 'bundle', 'verify', id, ...trusted],
      verify: [bin, 'verify', '--bundle', id, ...trusted],
    };
    alternate(programs, 2, cwd);
    const times = alternate(programs, ROUNDS, cwd);
    const bareMs = median(times.bare);
    const beyond = (name) => {
      const ms = median(times[name].map((time, round) => time - times.version[round]));
      return { ms, ratio: ms / bareMs };
    };
    return { bundle_verify: beyond('bundle_verify'), verify: beyond('verify') };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
