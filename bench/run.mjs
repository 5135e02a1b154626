// The benchmark of docs/performance.md: node bench/run.mjs [--json | --markdown] [--rounds 30]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { alternate, median } from './measure.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const bin = join(here, '..', 'apps', 'tracecore', 'bin', 'tracecore.js');
const LANGUAGE = { node: 'Node', python: 'Python' };
const PAIRING = ['run', 'pairing', 'log_stream_monitor', '--seed', '7', '--strict-spec'];

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '30' },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1)
  throw new Error(`--rounds takes a whole number of 1 or more, got ${values.rounds}`);
if (!existsSync(bin)) throw new Error(`${bin} is missing; build first: pnpm run build`);

const results = {
  machine: machine(),
  rounds,
  ...processes(),
  episodes: onOneCore('episodes.mjs'),
  process_host: outputOf([join(here, 'process-host.mjs')]),
  batch: outputOf([join(here, 'batch.mjs'), '--memory']),
  hardening: onOneCore('hardening.mjs'),
  diff: outputOf([join(here, 'diff.mjs')]),
  evidence: outputOf([join(here, 'evidence.mjs')]),
  ledger: outputOf([join(here, 'ledger.mjs')]),
  runs: outputOf([join(here, 'runs.mjs')]),
};
if (values.json) console.log(JSON.stringify(results, null, 2));
else console.log(table(results, values.markdown));

/** Bare Node, `version` and a pairing as whole processes, interleaved; the pairing's bundle cache is warm. */
function processes() {
  const cwd = mkdtempSync(join(tmpdir(), 'tracecore-bench-'));
  try {
    const programs = { bare: ['-e', '0'], version: [bin, 'version'], pairing: [bin, ...PAIRING] };
    alternate(programs, 2, cwd);
    const times = alternate(programs, rounds, cwd);
    const bareMs = median(times.bare);
    const of = (name) => ({ ms: median(times[name]), ratio: median(times[name]) / bareMs });
    return { bare: { ms: bareMs, ratio: 1 }, version: of('version'), pairing: of('pairing') };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** What a script measures in a process of its own that is held to one core where `taskset` exists. */
function onOneCore(script) {
  const pinned = spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  const held = pinned ? ['taskset', '-c', '0'] : [];
  return { ...outputOf([join(here, script)], held), pinned };
}

/** The one line of JSON that a script prints. */
function outputOf(args, held = []) {
  const [program, ...rest] = [...held, process.execPath, ...args];
  const result = spawnSync(program, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (result.status !== 0) throw new Error(`${[program, ...rest].join(' ')} exited ${result.status}`);
  return JSON.parse(result.stdout);
}

function machine() {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown';
  return { node: process.version, platform: `${process.platform}-${process.arch}`, cpu, cores: availableParallelism() };
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}

/** Nothing where the machine lacks the language. */
function processRow(name, measured) {
  if (!measured) return [];
  const rate = `${measured.per_second.toFixed(1)} a second, ${percent(measured.share)} of bare`;
  return [[`20-step episodes of a ${LANGUAGE[name]} program`, rate, '', '>= 70 % of bare']];
}

function hardeningRow(name, measured) {
  if (!measured) return [];
  return [[`hardening of a ${LANGUAGE[name]} program`, `${measured.added_ms.toFixed(1)} ms more`, '', '<= 6 ms more']];
}

function batchRows({ per_second, scaling, process, peak_mib }) {
  const grown = peak_mib.ten_thousand - peak_mib.thousand;
  return [
    ['a batch of four pairings, two workers', `${per_second.toFixed(0)} a second`, '', '>= 600 a second'],
    ['the same, two workers against one', `${scaling.toFixed(2)}x`, '', '>= 1.8x'],
    ['a batch of Node programs, two workers', `${percent(process.share)} of bare`, '', '>= 70 % of bare'],
    ['memory of 10,000 episodes over that of 1,000', `${grown.toFixed(0)} MiB more`, '', '<= 64 MiB more'],
  ];
}

function ledgerRows({ batch, append_per_second, one_by_one_per_second, open_and_prove_ms, verify_ms }) {
  return [
    [
      `100,000 entries appended, ${batch} at a time`,
      `${append_per_second.toFixed(0)} a second`,
      '',
      '>= 2,000 a second',
    ],
    ['entries appended one by one', `${one_by_one_per_second.toFixed(0)} a second`, '', ''],
    ['ledger opened and an entry proven', `${open_and_prove_ms.toFixed(1)} ms`, '', '<= 5 ms'],
    ['all of its entries verified', `${verify_ms.toFixed(0)} ms`, '', ''],
  ];
}

function runsRows({ stored, rows }) {
  const beyond = (ms) => `${ms.toFixed(0)} ms`;
  return [
    ['`runs summary` over 100,000 run files, beyond `version`', beyond(stored.summary_ms), '', '<= 150 ms'],
    ['`runs metrics` over them', beyond(stored.metrics_ms), '', '<= 150 ms'],
    ['`runs list` over them', beyond(stored.list_ms), '', ''],
    ['their index made anew', `${stored.first_index_s.toFixed(0)} s`, '', ''],
    ['their index compared with the changed folder', beyond(stored.compare_ms), '', ''],
    ...rows.map((one) => [
      `summary, metrics, list over ${one.rows} rows`,
      [one.summary_ms, one.metrics_ms, one.list_ms].map(beyond).join(', '),
      '',
      `${(one.bytes / 1e6).toFixed(0)} MB`,
    ]),
  ];
}

function table(results, markdown) {
  const {
    machine: on,
    bare,
    version,
    pairing,
    episodes: inside,
    process_host,
    batch,
    hardening,
    diff,
    evidence,
    ledger,
    runs,
  } = results;
  const ms = (one) => `${one.ms.toFixed(1)} ms`;
  const times = (one) => `${one.ratio.toFixed(2)}x`;
  const rows = [
    ['what', 'median', 'against bare Node', 'aim'],
    ['`node -e 0`', ms(bare), times(bare), ''],
    ['`tracecore version`', ms(version), times(version), '<= 1.6x'],
    ['`tracecore run pairing log_stream_monitor`', ms(pairing), times(pairing), '<= 5.2x'],
    ['20-step episodes, one core', `${inside.per_second.toFixed(0)} a second`, '', '>= 250 a second'],
    ...['node', 'python'].flatMap((name) => processRow(name, process_host[name])),
    ...batchRows(batch),
    ['hardening of an episode in an isolate', `${percent(hardening.isolate.overhead)} more`, '', '<= 10 % more'],
    ...['node', 'python'].flatMap((name) => hardeningRow(name, hardening[name])),
    ['comparing 10,000 steps', `${diff.every_step_ms.first.toFixed(0)} ms`, '', '< 1,000 ms'],
    ['`tracecore diff` of the two files', `${diff.command_ms.median.toFixed(0)} ms`, '', ''],
    ['hash of an artifact of 10 MB', `${percent(evidence.hash.share)} of stringify and SHA-256`, '', '>= 60 %'],
    [
      '`tracecore bundle verify`, beyond `version`',
      ms(evidence.bundle_verify),
      times(evidence.bundle_verify),
      '<= 1.6x',
    ],
    ['`tracecore verify` of the same bundle', ms(evidence.verify), times(evidence.verify), ''],
    ...ledgerRows(ledger),
    ...runsRows(runs),
  ];
  const head = `Node ${on.node}, ${on.platform}, ${on.cores} cores, ${on.cpu}; ${rounds} rounds${inside.pinned ? '' : '; not pinned to a core'}`;
  if (markdown) {
    const [first, ...rest] = rows.map((row) => `| ${row.join(' | ')} |`);
    return [head, '', first, '| --- | ---: | ---: | --- |', ...rest].join('\n');
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  return [head, '', ...lines].join('\n').replaceAll('`', ' ');
}
