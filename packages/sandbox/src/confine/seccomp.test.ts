import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { noBubblewrap, type RunOptions, runConfined, runShell, USERS } from '../testing/confined.js';
import { seccompFilter } from './seccomp.js';
import { ALWAYS_REFUSED, SYSCALLS } from './syscalls.js';

const PYTHON = ['/usr/bin/python3', '/usr/local/bin/python3'].find((file) => existsSync(file));
const noPython = PYTHON ? false : 'there is no python3 below /usr';
const why = (reason: string | false) => (reason ? ` (left out: ${reason})` : '');

async function node(script: string, options: RunOptions = {}): Promise<unknown> {
  const { out, err } = await runConfined([process.execPath, '-e', script], options);
  return JSON.parse(out || JSON.stringify(err));
}

/** Prints as JSON what `body` puts into `told`, by a Python that can make system calls. */
async function python(body: string, options: RunOptions = {}): Promise<unknown> {
  const prelude = `
import ctypes, errno, json, os
told = {}
libc = ctypes.CDLL(None, use_errno=True)
def ask(name, function, *given):
    ctypes.set_errno(0)
    result = function(*given)
    told[name] = result if result >= 0 else errno.errorcode[ctypes.get_errno()]
`;
  const script = `${prelude}\n${body}\nprint(json.dumps(told))`;
  const { out, err } = await runConfined([PYTHON as string, '-c', script], options);
  return JSON.parse(out || JSON.stringify(err));
}

describe.each(USERS)('a filtered program $who', ({ ordinary, missing }) => {
  test.skipIf(missing)(`of Node has threads and no processes${why(missing)}`, async () => {
    const script = `
      const { Worker } = require('node:worker_threads');
      const { error } = require('node:child_process').spawnSync('/bin/true');
      new Worker("require('node:worker_threads').parentPort.postMessage(6 * 7)", { eval: true })
        .on('message', (answer) => console.log(JSON.stringify([answer, error?.code])));`;
    expect(await node(script, { ordinary })).toEqual([42, 'EPERM']);
  });

  test.skipIf(missing || noPython)(`of Python has threads and no processes${why(missing || noPython)}`, async () => {
    const body = `
import subprocess, threading
def note(): told['thread'] = 42
thread = threading.Thread(target=note); thread.start(); thread.join()
for name, start in (('fork', os.fork), ('subprocess', lambda: subprocess.run(['true']))):
    try:
        start()
        told[name] = 'started'
    except OSError as error:
        told[name] = errno.errorcode[error.errno]
ask('vfork', libc.syscall, ${SYSCALLS[process.arch === 'arm64' ? 'arm64' : 'x64'].numbers.clone}, 0x4111, 0, 0, 0, 0)`;
    expect(await python(body, { ordinary })).toEqual({
      thread: 42,
      fork: 'EPERM',
      subprocess: 'EPERM',
      vfork: 'EPERM',
    });
  });

  test.skipIf(missing || noPython)(`cannot reach past its namespaces${why(missing || noPython)}`, async () => {
    const body = `
for name, given in {'unshare': (0x10000000,), 'setns': (0, 0), 'ptrace': (0, 0, 0, 0), 'chroot': (b'/tmp',),
                    'mount': (b'none', b'/tmp', b'tmpfs', 0, 0), 'umount2': (b'/tmp', 2), 'personality': (8,)}.items():
    ask(name, getattr(libc, name), *given)
ask('personality asked', libc.personality, 0xffffffff)
ask('fakes input', libc.ioctl, 0, 0x5412, b'x')
if ${process.arch === 'x64' ? 'True' : 'False'}:
    ask('clone into namespaces', libc.syscall, 56, 0x10000011, 0, 0, 0, 0)
    ask('x32', libc.syscall, 0x40000000 + 39)
else:
    ask('clone into namespaces', libc.syscall, 220, 0x10000011, 0, 0, 0, 0)
    told['x32'] = 'EPERM'
ask('clone3', libc.syscall, 435, 0, 0)
ask('io_uring', libc.syscall, 425, 1, 0)`;
    expect(await python(body, { ordinary, processes: true })).toEqual({
      ...{ unshare: 'EPERM', setns: 'EPERM', ptrace: 'EPERM', chroot: 'EPERM', mount: 'EPERM', umount2: 'EPERM' },
      ...{ personality: 'EPERM', 'personality asked': 0, 'fakes input': 'EPERM', 'clone into namespaces': 'EPERM' },
      ...{ x32: 'EPERM', clone3: 'ENOSYS', io_uring: 'EPERM' },
    });
  });

  test.skipIf(missing || noPython)(`has no sockets but the usual${why(missing || noPython)}`, async () => {
    const body = `
import socket
for family in (1, 2, 10, 16, 17, 38, 40):
    try:
        socket.socket(family, 2).close()
        told[str(family)] = 'made'
    except OSError as error:
        told[str(family)] = errno.errorcode[error.errno]`;
    expect(await python(body, { ordinary })).toEqual({
      ...{ 1: 'made', 2: 'made', 10: 'made', 16: 'EPERM', 17: 'EPERM', 38: 'EPERM', 40: 'EPERM' },
    });
  });

  test.skipIf(missing)(`may start processes where that is allowed${why(missing)}`, async () => {
    expect(await runShell('echo "$(echo started)"', { ordinary })).toEqual({ code: 0, out: 'started', err: '' });
  });
});

test(`only what is asked of bubblewrap is filtered${why(noBubblewrap)}`, () => {
  // A whole number of instructions, below what the kernel takes; the variant adds to the same program.
  for (const arch of ['x64', 'arm64'] as const) {
    const [free, strict] = [true, false].map((processes) => seccompFilter(arch, { processes }).length / 8);
    expect(Number.isInteger(free)).toBe(true);
    expect(strict).toBeGreaterThan(free as number);
    expect(strict).toBeLessThan(4_096);
  }
});

test('every refused call has a number where the architecture has the call', () => {
  const olderThanArm = ['create_module', 'get_kernel_syms', 'query_module', 'uselib', '_sysctl', 'iopl', 'ioperm'];
  const without = (numbers: Record<string, number>) => ALWAYS_REFUSED.filter((name) => numbers[name] === undefined);
  expect(without(SYSCALLS.x64.numbers)).toEqual([]);
  expect(without(SYSCALLS.arm64.numbers).sort()).toEqual([...olderThanArm, 'modify_ldt'].sort());
});
