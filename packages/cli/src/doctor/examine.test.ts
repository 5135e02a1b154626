import { type Machine, NO_MACHINE } from '@tracecore/sandbox/confine';
import { describe, expect, test } from 'vitest';
import { SIMPLE_FACTS } from '../testing/fake-facts.js';
import { aSystem } from '../testing/fake-system.js';
import { type Examined, examine } from './examine.js';

const WITH_BUBBLEWRAP: Machine = {
  ...NO_MACHINE,
  bubblewrap: { file: '/usr/bin/bwrap', version: '0.8.0' },
  bubblewrapMissing: null,
  nodePermissions: '--permission',
  seccomp: 'x64',
  cgroup: { memory: null, pids: '/sys/fs/cgroup/pids/a', version: 1 },
};
const WITHOUT: Machine = { ...NO_MACHINE, nodePermissions: '--permission' };

const pythonMissing = (message: string) =>
  Object.assign(new Error(message), { name: 'RunnerError', code: 'PYTHON_MISSING' });

function look(changes: Partial<Examined> = {}) {
  return examine({
    machine: WITH_BUBBLEWRAP,
    system: aSystem({ files: { '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n' } }),
    isolation: { minimum: 'permissions', read: [] },
    facts: SIMPLE_FACTS,
    findPython: async () => ({ program: '/usr/bin/python3', version: '3.11.2' }),
    isThere: async () => true,
    ...changes,
  });
}

const mechanisms = async (changes: Partial<Examined>) =>
  (await look(changes)).hosts.map(({ host, programs, mechanism }) => [host, programs, mechanism]);

describe('the mechanism of each kind of program', () => {
  test('is bubblewrap where there is one; a command may start processes and keeps its own clock', async () => {
    const facts = await import('@tracecore/sandbox/confine');
    const { hosts } = await look({ facts });
    expect(hosts.map(({ programs, mechanism, held }) => [programs, mechanism, held.clock, held.processes])).toEqual([
      ['bundled', 'wasm-in-bubblewrap', 'held', 'held'],
      ['Node, Python', 'process-bubblewrap', 'cooperative', 'held'],
      ['cmd:', 'process-bubblewrap', 'open', 'held'],
      ['debugging', 'none', 'open', 'open'],
    ]);
  });

  test("without one is Node's permissions for Node, and nothing for other programs", async () => {
    expect(await mechanisms({ machine: WITHOUT })).toEqual([
      ['isolate', 'bundled', 'wasm-in-node-permissions'],
      ['process', 'Node', 'process-node-permissions'],
      ['process', 'Python, cmd:', 'process-bare'],
      ['inline', 'debugging', 'none'],
    ]);
  });

  test('is never stronger than the workspace allows', async () => {
    const isolation = { minimum: 'bare', read: [], confinement: 'bare' } as const;
    expect(await mechanisms({ isolation })).toEqual([
      ['isolate', 'bundled', 'wasm-in-bare-worker'],
      ['process', 'Node, Python, cmd:', 'process-bare'],
      ['inline', 'debugging', 'none'],
    ]);
  });

  test('holds less memory where no group can be made, and none where the shell sets no limit', async () => {
    const facts = await import('@tracecore/sandbox/confine');
    const memoryOn = async (platform: string, cgroup: Machine['cgroup']) => {
      const { hosts } = await look({ facts, system: aSystem({ platform }), machine: { ...WITHOUT, cgroup } });
      return hosts.find(({ host }) => host === 'process')?.held.memory;
    };
    const group = { memory: '/sys/fs/cgroup/a', pids: '/sys/fs/cgroup/a', version: 2 } as const;
    const bubblewrap = await look({ facts, machine: { ...WITH_BUBBLEWRAP, cgroup: group } });
    expect(bubblewrap.hosts[1]?.held.memory).toBe('held');
    expect(await memoryOn('darwin', null)).toBe('cooperative');
    expect(await memoryOn('win32', null)).toBe('open');
  });
});

describe('the minimum', () => {
  test('is met where every program that strict spec may meet reaches it', async () => {
    const { minimum, project } = await look({ isolation: { minimum: 'contained', read: [] } });
    expect(minimum).toEqual({ level: 'contained', met: true });
    expect(project).toEqual([{ name: 'minimum', ok: true, found: 'contained: met', fix: null }]);
  });

  test('is not met where one kind of program stays below, and that one is named', async () => {
    const { minimum, project } = await look({ machine: WITHOUT });
    expect(minimum).toEqual({ level: 'permissions', met: false });
    expect(project[0]).toMatchObject({
      ok: false,
      found: 'permissions: not met: process (Python, cmd:) is bare',
    });
  });

  test('that the workspace itself makes impossible is told with the key to change', async () => {
    const isolation = { minimum: 'contained', read: [], confinement: 'node-permissions' } as const;
    expect((await look({ isolation })).project[0]?.fix).toBe(
      'take isolation.confinement = "node-permissions" out of the config',
    );
  });
});

test('the machine is named, and its user', async () => {
  expect((await look()).machine.map(({ name, found }) => [name, found])).toEqual([
    ['platform', 'linux-x64, Debian GNU/Linux 12 (bookworm)'],
    ['node', 'v20.19.0'],
    ['user', 'ordinary (1000)'],
  ]);
  const windows = await look({ system: aSystem({ platform: 'win32', uid: null }) });
  expect(windows.machine.map(({ found }) => found)).toEqual(['win32-x64', 'v20.19.0']);
});

describe('python', () => {
  test('is shown with its version and place', async () => {
    expect((await look()).interpreters).toEqual([
      { name: 'python', ok: true, found: '3.11.2, /usr/bin/python3', fix: null },
    ]);
  });

  test.each([
    ['python3 is needed, and found 3.8.10; install it', 'found 3.8.10, too old'],
    ['python3 is needed, and none was found on the PATH', 'no python3 on the PATH'],
  ])('that will not do comes with what to type: %s', async (message, found) => {
    const { interpreters } = await look({ findPython: () => Promise.reject(pythonMissing(message)) });
    expect(interpreters).toEqual([{ name: 'python', ok: false, found, fix: 'sudo apt-get install python3' }]);
  });

  test('that fails in another way is a fault and no answer', async () => {
    await expect(look({ findPython: () => Promise.reject(new TypeError('x')) })).rejects.toThrow(TypeError);
  });
});

test('what isolation.read names and is not there is said', async () => {
  const { project } = await look({
    isolation: { minimum: 'permissions', read: ['/opt/tool', '/opt/gone'] },
    isThere: async (path) => path === '/opt/tool',
  });
  expect(project.slice(1).map(({ ok, found }) => [ok, found])).toEqual([
    [true, '/opt/tool'],
    [false, '/opt/gone is not there'],
  ]);
});
