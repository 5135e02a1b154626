import { type Machine, NO_MACHINE } from '@tracecore/sandbox/confine';
import { describe, expect, test } from 'vitest';
import { aSystem } from '../testing/fake-system.js';
import type { Check } from './check.js';
import { checkConfinement } from './check-confinement.js';

const FULL: Machine = {
  bubblewrap: { file: '/usr/bin/bwrap', version: '0.8.0' },
  bubblewrapMissing: null,
  nodePermissions: '--permission',
  seccomp: 'x64',
  cgroup: { memory: '/sys/fs/cgroup/a', pids: '/sys/fs/cgroup/a', version: 2 },
};
const BARE: Machine = { ...NO_MACHINE, bubblewrapMissing: 'bubblewrap is not installed; install it' };

async function checkOf(name: string, machine: Machine, system = aSystem()): Promise<Check | undefined> {
  return (await checkConfinement(machine, system)).find((check) => check.name === name);
}

test('a machine that has everything leaves nothing to do', async () => {
  const checks = await checkConfinement(FULL, aSystem());
  expect(checks.map(({ name, found }) => [name, found])).toEqual([
    ['bubblewrap', '0.8.0, /usr/bin/bwrap'],
    ['user namespaces', 'can be made'],
    ['node permissions', '--permission'],
    ['seccomp', 'system call filter for x64'],
    ['cgroup', 'version 2: memory, pids'],
    ['limits', 'core, open files, file size, data'],
  ]);
  expect(checks.every(({ ok, fix }) => ok && fix === null)).toBe(true);
});

describe('bubblewrap that is not installed comes with the command of the distribution', () => {
  test.each([
    ['ID=debian', 'sudo apt-get install bubblewrap'],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"', 'sudo apt-get install bubblewrap'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"', 'sudo dnf install bubblewrap'],
    ['ID="opensuse-leap"\nID_LIKE="suse opensuse"', 'sudo zypper install bubblewrap'],
    ["ID='arch'", 'sudo pacman -S bubblewrap'],
    ['ID=alpine', 'sudo apk add bubblewrap'],
    ['ID=plan9', "install the package bubblewrap with this system's package manager"],
  ])('%j', async (release, fix) => {
    const system = aSystem({ files: { '/etc/os-release': release } });
    expect(await checkOf('bubblewrap', BARE, system)).toEqual({
      name: 'bubblewrap',
      ok: false,
      found: 'not installed',
      fix,
    });
  });

  test('root needs no sudo', async () => {
    const system = aSystem({ uid: 0, files: { '/etc/os-release': 'ID=debian' } });
    expect((await checkOf('bubblewrap', BARE, system))?.fix).toBe('apt-get install bubblewrap');
  });
});

test('bubblewrap that does not work keeps what it said, and is not to be installed again', async () => {
  const bubblewrapMissing = '/usr/bin/bwrap 0.8.0 does not work here: setting up uid map: Permission denied';
  const check = await checkOf('bubblewrap', { ...BARE, bubblewrapMissing });
  expect(check).toEqual({ name: 'bubblewrap', ok: false, found: bubblewrapMissing, fix: null });
});

describe('what keeps an ordinary user from namespaces is named with the command that opens them', () => {
  test.each([
    [
      'kernel/apparmor_restrict_unprivileged_userns',
      '1',
      'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    ],
    ['kernel/unprivileged_userns_clone', '0', 'sudo sysctl -w kernel.unprivileged_userns_clone=1'],
    ['user/max_user_namespaces', '0', 'sudo sysctl -w user.max_user_namespaces=15000'],
  ])('%s is %s', async (path, value, fix) => {
    const system = aSystem({ files: { [`/proc/sys/${path}`]: `${value}\n` } });
    expect(await checkOf('user namespaces', BARE, system)).toMatchObject({ ok: false, fix });
  });

  test('settings at which they are open are no obstacle', async () => {
    const files = {
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '0\n',
      '/proc/sys/kernel/unprivileged_userns_clone': '1\n',
      '/proc/sys/user/max_user_namespaces': '96365\n',
    };
    expect(await checkOf('user namespaces', BARE, aSystem({ files }))).toMatchObject({ ok: true });
  });

  test('root is stopped by the number alone', async () => {
    const files = {
      '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n',
      '/proc/sys/user/max_user_namespaces': '0\n',
    };
    expect(await checkOf('user namespaces', BARE, aSystem({ uid: 0, files }))).toMatchObject({
      fix: 'sysctl -w user.max_user_namespaces=15000',
    });
  });

  test('they are tried where no setting forbids them', async () => {
    expect(await checkOf('user namespaces', BARE, aSystem({ refuses: ['unshare'] }))).toMatchObject({
      ok: false,
      found: 'none could be made',
    });
  });
});

test('groups that may not be made, or only for one controller, are said', async () => {
  expect(await checkOf('cgroup', BARE)).toMatchObject({
    ok: false,
    found: 'no group with limits may be made here',
    fix: expect.stringContaining('systemd-run --user --scope'),
  });
  const half: Machine = { ...FULL, cgroup: { memory: null, pids: '/sys/fs/cgroup/pids', version: 1 } };
  expect(await checkOf('cgroup', half, aSystem({ uid: 0 }))).toMatchObject({
    ok: false,
    found: 'version 1: pids alone',
    fix: expect.stringContaining('/sys/fs/cgroup'),
  });
});

test('a limit that the shell does not take is named', async () => {
  expect(await checkOf('limits', FULL, aSystem({ refuses: ['ulimit -d'] }))).toMatchObject({
    ok: false,
    found: '/bin/sh does not set: data',
  });
});

test.each([
  ['darwin', 'run tracecore in a Linux virtual machine or container to hold more', true],
  ['win32', 'run tracecore in WSL 2 to hold more', false],
])('on %s only what is there is looked for', async (platform, fix, hasLimits) => {
  const machine: Machine = {
    ...NO_MACHINE,
    bubblewrapMissing: `bubblewrap is for Linux, and this is ${platform}`,
    nodePermissions: '--permission',
  };
  const checks = await checkConfinement(machine, aSystem({ platform }));
  expect(checks.map(({ name }) => name)).toEqual(['bubblewrap', 'node permissions', ...(hasLimits ? ['limits'] : [])]);
  expect(checks[0]).toMatchObject({ ok: false, found: machine.bubblewrapMissing, fix });
});

test('an architecture without a filter and a Node without permissions are said', async () => {
  const system = aSystem({ arch: 'riscv64' });
  expect(await checkOf('seccomp', BARE, system)).toMatchObject({
    ok: false,
    found: 'no system call filter for riscv64',
  });
  expect(await checkOf('node permissions', BARE, system)).toMatchObject({ ok: false, fix: 'use Node 20.19 or newer' });
});
