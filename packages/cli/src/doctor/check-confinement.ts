import { type Machine, PROCESS_LIMITS } from '@tracecore/sandbox/confine';
import { bad, type Check, good } from './check.js';
import { installCommand } from './install-command.js';
import type { System } from './system.js';
import { namespaceObstacle } from './user-namespaces.js';

/** What there is to keep programs from this machine. Off Linux that is Node's permissions alone. */
export async function checkConfinement(machine: Machine, system: System): Promise<Check[]> {
  const checks = [await checkBubblewrap(machine, system)];
  if (system.platform === 'linux') checks.push(await checkNamespaces(machine, system));
  checks.push(checkNodePermissions(machine));
  if (system.platform === 'linux') checks.push(checkSeccomp(machine, system), checkGroups(machine, system));
  if (system.platform !== 'win32') checks.push(await checkLimits(system));
  return checks;
}

async function checkBubblewrap({ bubblewrap, bubblewrapMissing }: Machine, system: System): Promise<Check> {
  const name = 'bubblewrap';
  if (bubblewrap !== null) return good(name, `${bubblewrap.version}, ${bubblewrap.file}`);
  const why = bubblewrapMissing ?? 'not found';
  if (system.platform !== 'linux') {
    const where = system.platform === 'win32' ? 'in WSL 2' : 'in a Linux virtual machine or container';
    return bad(name, why, `run tracecore ${where} to hold more`);
  }
  if (!why.includes('not installed')) return bad(name, why, null);
  return bad(name, 'not installed', await installCommand(system, 'bubblewrap'));
}

/** Bubblewrap that works has made them already. */
async function checkNamespaces({ bubblewrap }: Machine, system: System): Promise<Check> {
  const name = 'user namespaces';
  const obstacle = bubblewrap === null ? await namespaceObstacle(system) : null;
  return obstacle === null ? good(name, 'can be made') : bad(name, obstacle.found, obstacle.fix);
}

function checkNodePermissions({ nodePermissions }: Machine): Check {
  const name = 'node permissions';
  if (nodePermissions !== null) return good(name, nodePermissions);
  return bad(name, 'this Node has none', 'use Node 20.19 or newer');
}

function checkSeccomp({ seccomp }: Machine, { arch }: System): Check {
  if (seccomp !== null) return good('seccomp', `system call filter for ${seccomp}`);
  return bad('seccomp', `no system call filter for ${arch}`, null);
}

/** Memory and processes of a worker and all below it together. */
function checkGroups({ cgroup }: Machine, { uid }: System): Check {
  const name = 'cgroup';
  const held = cgroup === null ? [] : (['memory', 'pids'] as const).filter((controller) => cgroup[controller] !== null);
  if (cgroup !== null && held.length === 2) return good(name, `version ${cgroup.version}: ${held.join(', ')}`);
  const found =
    held.length === 0
      ? 'no group with limits may be made here'
      : `version ${cgroup?.version}: ${held.join(', ')} alone`;
  const fix =
    uid === 0
      ? 'mount /sys/fs/cgroup writable; in a container, give it a group of its own'
      : 'start it as: systemd-run --user --scope -p Delegate=yes tracecore ...';
  return bad(name, found, fix);
}

/** The limits that a shell sets before it becomes the worker. */
async function checkLimits(system: System): Promise<Check> {
  const { openFiles, fileBytes, dataBytes } = PROCESS_LIMITS;
  const limits = [
    ['core', 'c', 0],
    ['open files', 'n', openFiles],
    ['file size', 'f', fileBytes / 512],
    ['data', 'd', dataBytes / 1024],
  ] as const;
  const taken = await Promise.all(limits.map(([, letter, value]) => system.sh(`ulimit -${letter} ${value}`)));
  const [held, missing] = [true, false].map((wanted) =>
    limits.flatMap(([label], index) => (taken[index] === wanted ? [label] : [])).join(', '),
  ) as [string, string];
  if (missing === '') return good('limits', held);
  return bad('limits', `/bin/sh does not set: ${missing}`, null);
}
