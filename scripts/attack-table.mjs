// Writes docs/attacks.md, the table of attacks by host, from the data of packages/sandbox/attacks; `--check` only says
// whether it is up to date, `--run` plays every attack and prints what came of each.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tool } from './run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'packages', 'sandbox', 'attacks');
const target = join(root, 'docs', 'attacks.md');

const COLUMNS = [
  { title: 'isolate', host: 'isolate', confinement: 'bubblewrap' },
  { title: 'Node', host: 'process-node', confinement: 'bubblewrap' },
  { title: 'Python', host: 'process-python', confinement: 'bubblewrap' },
  { title: 'command', host: 'process-cmd', confinement: 'bubblewrap' },
  { title: 'Node, permissions', host: 'process-node', confinement: 'node-permissions' },
  { title: 'bare process', host: null, confinement: 'bare' },
  { title: 'inline', host: 'inline', confinement: 'bare' },
];
const PROCESSES = ['process-node', 'process-python', 'process-cmd'];
/** The groups that are played under weaker confinements too. */
const OF_THE_PROCESS = new Set(['machine', 'wire']);
/** Outcomes in the words of the table; what ends an episode is named as its artifact does. */
const SHORT = { steps_exhausted: 'gets nothing' };

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
const groups = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'attacks.json')));
const points = readJson(join(folder, 'points.json'));
const attacks = groups.flatMap((group) =>
  readJson(join(folder, group, 'attacks.json')).map((attack) => ({ group, ...attack })),
);

const [mode] = process.argv.slice(2);
if (mode === '--run') process.exitCode = run();
else if (mode === '--check') process.exitCode = check();
else writeFileSync(target, page());

function check() {
  if (existsSync(target) && readFileSync(target, 'utf8') === page()) return 0;
  console.error('docs/attacks.md is not what the attacks say; run node scripts/attack-table.mjs');
  return 1;
}

function page() {
  return `# Attacks

${attacks.length} attacks, each a small agent or task in [packages/sandbox/attacks](../packages/sandbox/attacks) that is out for the
workspace's files, the hidden state, the machine or the verdict. \`packages/runner/src/attacks\` plays each of them on every host
that can run it, between two honest episodes that must keep their hash, and looks for what it got: a canary in the
artifact, a connection, a changed file, another process stopped, a process or folder left, a success.

A cell says how the episode must end: \`gets nothing\` when it plays its steps and has nothing to show, else the termination
reason or the code it is refused with. **open** says that it gets through there and why; \`not run\` that it is not even played
there, since it would harm the machine. The columns in the middle are programs in processes of their own, under bubblewrap
where nothing else is said. What an interpreter does inside itself is played under the strongest confinement alone.
An agent can always hold a solution that its author wrote down by hand; nothing here can tell.

${groups.map(section).join('\n')}
## What is covered

${Object.entries(points)
  .map(([point, words]) => `- ${words}: ${coverOf(point)}`)
  .join('\n')}
`;
}

function coverOf(point) {
  const those = attacks.filter(({ covers }) => covers.includes(point));
  return those.map(({ group, id }) => `\`${group}/${id}\``).join(', ');
}

function section(group) {
  const own = attacks.filter((attack) => attack.group === group);
  const titles = COLUMNS.filter((column) => own.some((attack) => cellOf(attack, column) !== ''));
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return `## ${group}

${row(['attack', 'tries', ...titles.map(({ title }) => title)])}
${row(Array.from({ length: titles.length + 2 }, () => '---'))}
${own.map((attack) => row([attack.id, attack.tries, ...titles.map((column) => cellOf(attack, column))])).join('\n')}
${notes(own)}`;
}

/** Why what is open is so, once for each reason. */
function notes(own) {
  const reasons = new Map();
  for (const { id, hosts } of own) {
    for (const cell of Object.values(hosts)) {
      for (const reason of [...Object.values(cell.open ?? {}), ...Object.values(cell.notRun ?? {})]) {
        reasons.set(reason, (reasons.get(reason) ?? new Set()).add(id));
      }
    }
  }
  if (reasons.size === 0) return '';
  return `\n${[...reasons].map(([reason, ids]) => `- ${reason}: ${[...ids].join(', ')}`).join('\n')}\n`;
}

function cellOf({ group, hosts }, { host, confinement }) {
  if (host !== 'inline' && confinement !== 'bubblewrap' && !OF_THE_PROCESS.has(group)) return '';
  const cells = (host === null ? PROCESSES : [host]).map((name) => hosts[name]).filter(Boolean);
  return [...new Set(cells.map((cell) => shown(cell, confinement)))].filter(Boolean).join('; ');
}

function shown({ ends = [], refused, open = {}, notRun = {} }, confinement) {
  if (open[confinement] || open.any) return '**open**';
  if (notRun[confinement]) return 'not run';
  return refused ?? ends.map((reason) => SHORT[reason] ?? reason).join(' or ');
}

function run() {
  const scratch = mkdtempSync(join(tmpdir(), 'tracecore-attack-table-'));
  const file = join(scratch, 'report.json');
  try {
    const env = { ...process.env, TRACECORE_ATTACK_REPORT: file };
    const { status } = spawnSync(tool('vitest'), ['run', 'packages/runner/src/attacks'], {
      cwd: root,
      env,
      stdio: 'inherit',
    });
    for (const { host, mechanism, verdicts } of existsSync(file) ? readJson(file) : []) {
      for (const { attack, outcome, faults, ms } of verdicts) {
        const lines = [`${host} ${mechanism}`.padEnd(44), attack.padEnd(36), outcome.padEnd(11), `${ms} ms`];
        console.log([lines.join(' '), ...faults.map(({ kind, what }) => `  ${kind}: ${what}`)].join('\n'));
      }
    }
    return status;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
