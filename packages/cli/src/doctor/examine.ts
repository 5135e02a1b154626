import type { Confinement, IsolationLevel, Machine } from '@tracecore/sandbox/confine';
import type { IsolationConfig } from '../isolation-config.js';
import { bad, type Check, good } from './check.js';
import { checkConfinement } from './check-confinement.js';
import { checkPython, type FindPython } from './check-python.js';
import { type HostRow, hostRows, type MechanismFacts, rowsBelow } from './host-rows.js';
import { distributionName } from './install-command.js';
import type { System } from './system.js';

const STRONGEST: Confinement = 'bubblewrap';

/** Everything that `doctor` tells, as its JSON has it. */
export interface DoctorReport {
  machine: Check[];
  confinement: Check[];
  interpreters: Check[];
  /** What the workspace asks for. */
  project: Check[];
  hosts: HostRow[];
  minimum: { level: IsolationLevel; met: boolean };
}

export interface Examined {
  machine: Machine;
  system: System;
  isolation: IsolationConfig;
  facts: MechanismFacts;
  findPython: FindPython;
  isThere(path: string): Promise<boolean>;
}

/** Looks at the machine and says what would hold on it, and whether that is what the workspace asks for. */
export async function examine({
  machine,
  system,
  isolation,
  facts,
  findPython,
  isThere,
}: Examined): Promise<DoctorReport> {
  const { minimum, confinement: cap } = isolation;
  const rowsUnder = (strongest: Confinement) => hostRows(machine, strongest, system.platform, facts);
  const hosts = rowsUnder(cap ?? STRONGEST);
  const below = rowsBelow(hosts, minimum);
  // What the machine could hold if the workspace let it.
  const held = rowsBelow(rowsUnder(STRONGEST), minimum).length === 0;
  const confinement = await checkConfinement(machine, system);
  return {
    machine: await describeMachine(system),
    confinement,
    interpreters: [await checkPython(findPython, system)],
    project: [
      checkMinimum(minimum, below, held ? cap : undefined),
      ...(await Promise.all(isolation.read.map((path) => checkRead(path, isThere)))),
    ],
    hosts,
    minimum: { level: minimum, met: below.length === 0 },
  };
}

async function describeMachine(system: System): Promise<Check[]> {
  const { platform, arch, node, uid } = system;
  const distribution = platform === 'linux' ? await distributionName(system) : null;
  return [
    good('platform', [`${platform}-${arch}`, ...(distribution === null ? [] : [distribution])].join(', ')),
    good('node', node),
    ...(uid === null ? [] : [good('user', uid === 0 ? 'root' : `ordinary (${uid})`)]),
  ];
}

/** `cap` is the workspace's own bound, where that alone is in the way. */
function checkMinimum(minimum: IsolationLevel, below: readonly HostRow[], cap: Confinement | undefined): Check {
  if (below.length === 0) return good('minimum', `${minimum}: met`);
  const names = below.map(({ host, programs, level }) => `${host} (${programs}) is ${level}`);
  const fix =
    cap === undefined
      ? 'see what is missing above; strict spec refuses these programs here'
      : `take isolation.confinement = "${cap}" out of the config`;
  return bad('minimum', `${minimum}: not met: ${names.join('; ')}`, fix);
}

async function checkRead(path: string, isThere: Examined['isThere']): Promise<Check> {
  if (await isThere(path)) return good('read', path);
  return bad('read', `${path} is not there`, 'programs are run without it; correct isolation.read');
}
