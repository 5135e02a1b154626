// How fast a ledger of 100,000 entries takes more, proves one and is opened: appended in batches, then one by one for a
// while; a proof from an opened ledger, and from the checkpoint file on; the whole registry verified. One line of JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair } from '../packages/bundle/dist/index.js';
import { appendEntries, openLedger, verifyLedger } from '../packages/bundle/dist/ledger.js';
import { median } from './measure.mjs';

const ENTRIES = 100_000;
const BATCH = 1000;
const ONE_BY_ONE_MS = 5000;
const PROOFS = 201;

const folder = mkdtempSync(join(tmpdir(), 'tracecore-bench-'));
try {
  console.log(JSON.stringify(await measure(join(folder, 'ledger'), generateKeyPair())));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(dir, signingKey) {
  const trust = [signingKey];
  const batches = Array.from({ length: ENTRIES / BATCH }, (_, at) => entriesFrom(at * BATCH, BATCH));
  const [bytes] = batches[0];
  const appended = await timeOf(async () => {
    for (const entries of batches) await appendEntries({ dir, entries, signingKey, origin: 'example.org/bench' });
  });
  const ledger = await openLedger(dir, { trust });
  const result = {
    entries: ledger.checkpoint.size,
    entry_bytes: bytes.length,
    batch: BATCH,
    append_per_second: (ENTRIES / appended) * 1000,
    open_ms: await medianOf(() => openLedger(dir, { trust })),
    prove_ms: await medianOf((place) => ledger.tree.proveInclusion(place)),
    open_and_prove_ms: await medianOf(async (place) => (await openLedger(dir, { trust })).tree.proveInclusion(place)),
    consistency_ms: await medianOf((place) => ledger.tree.proveConsistency(place)),
    verify_ms: await timeOf(async () => {
      const { report } = await verifyLedger(dir, { kind: 'registry' }, { trust });
      if (!report.ok) throw new Error(JSON.stringify(report.checks));
    }),
  };
  return { ...result, one_by_one_per_second: await oneByOne(dir, signingKey) };
}

/** Entries of the form that `ledger publish` writes, about one run each. */
function entriesFrom(first, count) {
  return Array.from({ length: count }, (_, at) => Buffer.from(JSON.stringify(entryOf(first + at))));
}

function entryOf(number) {
  const digest = number.toString(16).padStart(64, '0');
  const run_id = digest.slice(32);
  const bundle = {
    artifact_hash: `sha256:${digest}`,
    integrity_sha256: digest,
    run_id,
    seed: number,
    signature: `${'A'.repeat(86)}==`,
    signers: ['0'.repeat(64)],
  };
  const task = {
    avg_steps: 5,
    avg_tool_calls: 5,
    bundles: [bundle],
    run_artifact: run_id,
    run_count: 1,
    seed: number,
    success_rate: 1,
    task_ref: 'log_stream_monitor@1',
  };
  return {
    agent: `agents/agent_${number}.ts`,
    agent_hash: `sha256:${digest}`,
    description: `1 run of agents/agent_${number}.ts on 1 task`,
    published_at: '2026-01-01',
    suite: 'core',
    tasks: [task],
  };
}

/** Each entry under a checkpoint of its own, for a bounded time. */
async function oneByOne(dir, signingKey) {
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < ONE_BY_ONE_MS; count += 1) {
    await appendEntries({ dir, entries: entriesFrom(ENTRIES + count, 1), signingKey });
  }
  return (count / (performance.now() - start)) * 1000;
}

/** The median over places spread over the ledger, no two in the same tile where that can be had. */
async function medianOf(body) {
  const times = [];
  for (let at = 0; at < PROOFS; at += 1) times.push(await timeOf(() => body(1 + ((at * 49_999) % (ENTRIES - 1)))));
  return median(times);
}

async function timeOf(body) {
  const start = performance.now();
  await body();
  return performance.now() - start;
}
