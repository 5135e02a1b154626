import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { limitProcesses, PROCESS_LIMITS, withLimits } from './limits.js';

const run = promisify(execFile);
const noLimits = process.platform === 'win32' && 'Windows has no such limits';
const noProc = process.platform !== 'linux' && 'the limits of a process are read from /proc';
const why = (reason: string | false) => (reason ? ` (left out: ${reason})` : '');
const SHELLS = ['/bin/dash', '/bin/bash', '/bin/busybox'].filter((file) => existsSync(file));

async function limitsUnder(command: readonly [string, ...string[]]): Promise<Record<string, string>> {
  const [program, ...args] = [...command, '/bin/cat', '/proc/self/limits'];
  const { stdout } = await run(program, args);
  const rows = stdout.split('\n').map((line) => line.split(/\s{2,}/) as [string, string]);
  return Object.fromEntries(rows.map(([name, soft]) => [name, soft]));
}

describe('limits', () => {
  test.skipIf(noProc)(`are set on the process that takes the shell's place${why(noProc)}`, async () => {
    expect(await limitsUnder(withLimits(PROCESS_LIMITS, []))).toMatchObject({
      'Max core file size': '0',
      'Max open files': '256',
      'Max file size': String(64 * 1024 * 1024),
      'Max data size': String(2 * 1024 * 1024 * 1024),
    });
  });

  test.skipIf(noProc)(`of processes are set by every shell here: ${SHELLS.join(', ')}${why(noProc)}`, async () => {
    for (const shell of SHELLS) {
      const name = shell.endsWith('busybox') ? ['sh'] : [];
      const limits = await limitsUnder([shell, ...name, '-c', `${limitProcesses('6.1.0-debian')} exec "$0" "$@"`]);
      expect([shell, limits['Max processes']]).toEqual([shell, '128']);
    }
  });

  test('of processes are left alone where they would count those of others', () => {
    expect([limitProcesses('5.10.0-28-amd64'), limitProcesses('4.19')]).toEqual(['', '']);
    expect(limitProcesses('5.14.1')).toContain('128');
  });

  test.skipIf(noLimits)(`hand the arguments and the streams on as they are${why(noLimits)}`, async () => {
    const [program, ...args] = [...withLimits(PROCESS_LIMITS, []), '/bin/cat', '-'];
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end("it's $HOME\n");
    let out = '';
    for await (const chunk of child.stdout) out += chunk;
    expect(out).toBe("it's $HOME\n");
  });

  test.skipIf(noLimits)(`a group that cannot be joined is an error, not a run without it${why(noLimits)}`, async () => {
    const [program, ...args] = [...withLimits(PROCESS_LIMITS, ["/no'where/cgroup.procs"]), '/bin/echo', 'ran'];
    await expect(run(program, args)).rejects.toMatchObject({ stdout: '' });
  });
});
