// Compares what docs/security.md and spec/extensions/isolation.md say of isolation with what the sandbox package says, and
// looks up every attack and test that the tables lead to.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { HELD_THINGS, holdingsOf, ISOLATION_LEVELS, levelOf, MECHANISMS } from '../packages/sandbox/dist/confine.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What surrounds a Node or Python program on a machine that has everything. */
const FULL = /** @type {const} */ ({ clock: 'cooperative', processes: false, memory: 'group', processCount: 'group' });
const COMMAND = /** @type {const} */ ({ ...FULL, clock: 'none', processes: true });
/** The rows of the table of exceptions, by their first column. */
const EXCEPTIONS = {
  '`cmd:` programs': COMMAND,
  'no control group for memory': /** @type {const} */ ({ ...FULL, memory: 'limits' }),
  '`cmd:` programs without a control group for processes': /** @type {const} */ ({
    ...COMMAND,
    processCount: 'filter',
  }),
};

/** What an interpreter does inside itself is played under the strongest confinement alone. */
const PLAYED_EVERYWHERE = ['machine', 'wire'];
const PROCESSES = ['process-node', 'process-python', 'process-cmd'];
/** Where the attacks of a mechanism are played: on these hosts, under this confinement. */
const PLAYED = {
  'wasm-in-bubblewrap': { hosts: ['isolate'], confinement: 'bubblewrap' },
  'wasm-in-node-permissions': { hosts: ['isolate'], confinement: 'node-permissions' },
  'wasm-in-bare-worker': { hosts: ['isolate'], confinement: 'bare' },
  'process-bubblewrap': { hosts: PROCESSES, confinement: 'bubblewrap' },
  'process-node-permissions': { hosts: ['process-node'], confinement: 'node-permissions' },
  'process-bare': { hosts: PROCESSES, confinement: 'bare' },
  none: { hosts: ['inline'], confinement: 'any' },
};

/**
 * @param {string} text the page; its links are looked up in this repository
 * @returns {string[]} a sentence for each thing that does not hold
 */
export function faultsOfSecurityPage(text = readFileSync(join(root, 'docs', 'security.md'), 'utf8')) {
  const faults = [];
  const sections = text
    .split(/^### /m)
    .slice(1)
    .map((section) => section.split(/^## /m)[0] ?? '');
  const told = [];
  for (const section of sections) {
    const [title = ''] = section.split('\n');
    const line = /^Mechanisms?: (.+)\. Level: `(\w+)`/m.exec(section);
    if (line === null) continue;
    for (const mechanism of codesIn(line[1])) {
      told.push(mechanism);
      if (!MECHANISMS.includes(mechanism)) faults.push(`${title}: there is no mechanism ${mechanism}`);
      else faults.push(...faultsOfMechanism(title, section, mechanism, line[2]));
    }
    faults.push(...faultsOfExceptions(title, section));
  }
  for (const mechanism of MECHANISMS) if (!told.includes(mechanism)) faults.push(`no section tells of ${mechanism}`);
  return faults;
}

/** @returns {string[]} what the extension's lists and example say otherwise than the code */
export function faultsOfExtension(text = readFileSync(join(root, 'spec', 'extensions', 'isolation.md'), 'utf8')) {
  const tables = rowsIn(text).map(([name = '', ...rest]) => [codesIn(name)[0] ?? name, ...rest]);
  const names = (known) => tables.map(([name]) => name).filter((name) => known.includes(name));
  const faults = [];
  const same = (what, told, known) => {
    if (JSON.stringify(told) !== JSON.stringify(known)) faults.push(`${what}: it lists ${told}, the code ${known}`);
  };
  same(
    'mechanisms',
    tables.filter((row) => row.length === 3).flatMap(([name]) => (MECHANISMS.includes(name) ? [name] : [])),
    [...MECHANISMS],
  );
  same('things', names(HELD_THINGS), [...HELD_THINGS]);
  for (const level of ISOLATION_LEVELS) {
    const row = tables.find(
      ([name, mechanisms = '']) => name === level && MECHANISMS.some((one) => mechanisms.includes(`\`${one}\``)),
    );
    const told = codesIn(row?.[1] ?? '').flatMap((code) =>
      MECHANISMS.filter((one) => (code.endsWith('-') ? one.startsWith(code) : one === code)),
    );
    same(`mechanisms of ${level}`, told.sort(), MECHANISMS.filter((one) => levelOf(one) === level).sort());
  }
  const example = JSON.parse(/```json\n([\s\S]+?)```/.exec(text)?.[1] ?? '{}');
  same('the example', [example.level, example.held], [levelOf(example.mechanism), holdingsOf(example.mechanism, FULL)]);
  return faults;
}

function faultsOfMechanism(title, section, mechanism, level) {
  const faults = [];
  if (levelOf(mechanism) !== level) faults.push(`${title}: the level of ${mechanism} is ${levelOf(mechanism)}`);
  const rows = rowsIn(section).filter((row) => row.length === 4 && row[0] !== 'thing');
  const things = rows.map(([thing = '']) => thing.replaceAll(' ', '_'));
  if (things.join() !== HELD_THINGS.join()) faults.push(`${title}: the rows are ${things}, expected ${HELD_THINGS}`);
  for (const [thing = '', hold = '', , shown = ''] of rows) {
    const place = `${title}, ${thing}`;
    const known = holdingsOf(mechanism, FULL)[thing.replaceAll(' ', '_')];
    if (hold !== known) faults.push(`${place}: says ${hold}, ${mechanism} is ${known}`);
    const links = [...shown.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, name = '', path = '']) => ({ name, path }));
    if (links.length === 0) faults.push(`${place}: names no attack and no test`);
    if (hold === 'open' && !links.some((link) => getsThrough(link, mechanism)))
      faults.push(`${place}: nothing that is run gets through`);
    for (const link of links)
      faults.push(...faultsOfLink(link, { hold, mechanism }).map((fault) => `${place}: ${fault}`));
  }
  return faults;
}

function faultsOfLink({ name, path }, { hold, mechanism }) {
  const file = join(root, 'docs', path);
  if (!existsSync(file)) return [`there is no file ${path}`];
  if (!isAttack(path)) return readFileSync(file, 'utf8').includes(name) ? [] : [`${path} has no test "${name}"`];
  const outcomes = outcomesOf({ name, path }, mechanism);
  if (outcomes === null) return [`there is no attack ${name}`];
  if (outcomes.length === 0) return [`the attack ${name} is not played under ${mechanism}`];
  if (hold === 'open') {
    const stopped = outcomes.every((outcome) => outcome === 'stopped');
    return stopped ? [`the attack ${name} does not get through under ${mechanism}`] : [];
  }
  if (outcomes.includes('not run')) return [`the attack ${name} is not run under ${mechanism}`];
  return hold === 'held' && outcomes.includes('open') ? [`the attack ${name} gets through under ${mechanism}`] : [];
}

const isAttack = (path) => path.endsWith('attacks.json');

/** Whether what a link leads to is run and gets through: a test does what it says. */
function getsThrough(link, mechanism) {
  return !isAttack(link.path) || outcomesOf(link, mechanism)?.includes('open') === true;
}

/** What comes of an attack on each host where it is played under a mechanism; null when there is no such attack. */
function outcomesOf({ name, path }, mechanism) {
  const [group = '', id] = name.split('/');
  const attack = JSON.parse(readFileSync(join(root, 'docs', path), 'utf8')).find((one) => one.id === id);
  if (attack === undefined || !path.includes(`/${group}/`)) return null;
  const { hosts, confinement } = PLAYED[mechanism];
  const isWeakProcess = mechanism.startsWith('process-') && confinement !== 'bubblewrap';
  if (isWeakProcess && !PLAYED_EVERYWHERE.includes(group)) return [];
  return hosts
    .flatMap((host) => attack.hosts[host] ?? [])
    .map(({ open = {}, notRun = {} }) => {
      if (Object.hasOwn(notRun, confinement)) return 'not run';
      return Object.hasOwn(open, confinement) ? 'open' : 'stopped';
    });
}

function faultsOfExceptions(title, section) {
  return rowsIn(section)
    .filter((row) => row.length === 3 && row[0] !== 'where')
    .flatMap(([where = '', thing = '', hold]) => {
      const around = EXCEPTIONS[where];
      if (around === undefined) return [`${title}: no such exception as "${where}"`];
      const known = holdingsOf('process-bubblewrap', around)[thing];
      return hold === known ? [] : [`${title}: ${thing} of ${where} says ${hold}, it is ${known}`];
    });
}

/** The cells of every table row, rules and headings' underlines left out. */
function rowsIn(text) {
  return (text.match(/^\|.*\|$/gm) ?? [])
    .filter((line) => !/^\|[ -]+\|[ |-]+$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

const codesIn = (text) => Array.from(text.matchAll(/`([^`]+)`/g), ([, code]) => code);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const faults = [...faultsOfSecurityPage(), ...faultsOfExtension()];
  for (const fault of faults) console.error(fault);
  console.log(`isolation in the documents: ${faults.length} faults`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
