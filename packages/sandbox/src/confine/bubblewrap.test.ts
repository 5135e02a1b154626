import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { machine, noBubblewrap, runConfined, runShell, USERS } from '../testing/confined.js';
import { processesWith } from '../testing/programs.js';
import { withFolder, writeFiles } from '../testing/temp-folder.js';
import { bubblewrapArgs } from './bubblewrap.js';
import { confine } from './confined-command.js';
import { planMounts } from './mounts.js';

const why = (reason: string | false) => (reason ? ` (left out: ${reason})` : '');

describe.each(USERS)('a program in bubblewrap $who', ({ ordinary, missing }) => {
  const shell = async (script: string) => (await runShell(script, { ordinary })).out.split('\n');

  test.skipIf(missing)(`sees none of the host's own files${why(missing)}`, async () => {
    const script = 'ls / | sort | tr "\\n" " "; echo; ls /etc /root /home /var /run /sys /boot 2>/dev/null | sort';
    const [root, ...etc] = await shell(script);
    expect(root?.trim().split(' ')).not.toEqual(expect.arrayContaining(['root']));
    const usual = ['', '/etc:', 'alternatives', 'ld.so.cache', 'passwd'];
    expect(etc.filter((line) => !usual.includes(line))).toEqual([]);
    expect(await shell('cat /etc/passwd; cat /proc/sys/kernel/hostname')).toEqual([
      'tracecore:x:1000:1000::/tmp:/bin/sh',
      'tracecore',
    ]);
  });

  test.skipIf(missing)(`can write below /tmp alone, and only so much${why(missing)}`, async () => {
    const places = '/ /dev /etc /usr /usr/bin /proc /proc/sys /proc/self /dev/shm';
    // Opening to append changes nothing where it succeeds; root's own settings of the kernel are the dangerous ones.
    const files = '/etc/passwd /proc/sys/kernel/core_pattern /proc/self/oom_score_adj /proc/sysrq-trigger';
    const script = `
      for place in ${places}; do { true > $place/x; } 2>/dev/null && echo "wrote $place/x"; done
      for file in ${files}; do { true >> $file; } 2>/dev/null && echo "opened $file"; done
      head -c 400000000 /dev/zero > /tmp/big 2>/dev/null; stat -c %s /tmp/big; echo ok > /dev/null && pwd`;
    expect(await shell(script)).toEqual([String(128 * 1024 * 1024), '/tmp']);
  });

  test.skipIf(missing)(`sees its own processes alone, has no power over the system${why(missing)}`, async () => {
    expect(await shell('echo /proc/[0-9]*')).toEqual(['/proc/1 /proc/2']);
    const script =
      'id -u; grep -E "^(Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs)" /proc/self/status | cut -f2 | sort -u | tr "\\n" " "';
    expect((await shell(script)).map((line) => line.trim())).toEqual(['1000', '0000000000000000 1']);
    expect(await shell('unshare -U true || echo refused; kill -0 $PPID && echo own')).toEqual(['refused', 'own']);
  });

  test.skipIf(missing)(`reaches no network, not even this machine's${why(missing)}`, async () => {
    const reached: string[] = [];
    const server = createServer(() => reached.push('a connection'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const script = `
      const socket = require('node:net').connect(${port}, '127.0.0.1');
      socket.on('connect', () => console.log('connected')).on('error', ({ code }) => console.log(code));`;
    const { out } = await runConfined([process.execPath, '-e', script], { ordinary });
    await new Promise((resolve) => server.close(resolve));
    expect([out, reached]).toEqual(['ECONNREFUSED', []]);
  });
});

test.skipIf(noBubblewrap)(`a program ends with what started it, however that ended${why(noBubblewrap)}`, async () => {
  const marker = `tracecore-test-${process.pid}-parent`;
  const argv: [string, ...string[]] = ['/bin/sh', '-c', 'setsid sh -c "echo ready; sleep 60" $0 & wait', marker];
  const confined = confine({ argv, isNode: false }, { reads: [], hides: [], processes: true }, machine, 'bubblewrap');
  const fds = confined.openFds();
  const parent = spawn('/bin/sh', ['-c', '"$0" "$@" & wait', ...confined.argv], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit', ...fds],
  });
  for (const fd of fds) closeSync(fd);
  await new Promise((resolve) => parent.stdout?.once('data', resolve));
  expect(processesWith(marker)).not.toEqual([]);
  parent.kill('SIGKILL');
  await expect.poll(() => processesWith(marker)).toEqual([]);
});

describe('what a program is shown', () => {
  const shown = async (folder: string, script: string, given: object) =>
    (await runShell(`cd ${folder} && ${script}`, given)).out.split('\n');

  test.skipIf(noBubblewrap)(`can be read and not be written to${why(noBubblewrap)}`, async () => {
    await withFolder(async (folder) => {
      await writeFiles(folder, { 'a/own.txt': 'own', 'a/b/deep.txt': 'deep', 'c/other.txt': 'other' });
      const script = `cat a/own.txt a/b/deep.txt; { true > a/x; } 2>/dev/null || echo; ls; ls ${tmpdir()} | wc -l`;
      const reads = [join(folder, 'a'), join(folder, 'missing')];
      expect(await shown(folder, script, { reads })).toEqual(['owndeep', 'a', '1']);
    });
  });

  test.skipIf(noBubblewrap)(
    `is empty where it is hidden, but for what is shown below${why(noBubblewrap)}`,
    async () => {
      await withFolder(async (folder) => {
        await writeFiles(folder, { 'a.txt': '', 'tasks/t/secret': '', 'tasks/mine/a': '', '.git/HEAD': '' });
        await symlink(join(folder, 'tasks'), join(folder, 'again'));
        const hides = ['tasks', '.git', 'missing', 'a.txt'].map((name) => join(folder, name));
        const reads = [folder, join(folder, 'tasks/mine')];
        const script = 'find . -type f | sort; ls again; { true > tasks/x; } 2>/dev/null || echo kept';
        expect(await shown(folder, script, { reads, hides })).toEqual(['./a.txt', './tasks/mine/a', 'mine', 'kept']);
      });
    },
  );

  test.skipIf(noBubblewrap)(`does not lead out through a link${why(noBubblewrap)}`, async () => {
    await withFolder(async (folder) => {
      await writeFiles(folder, { 'secret.txt': 'secret', 'a/own.txt': 'own', 'real/x.txt': 'x' });
      await symlink(join(folder, 'secret.txt'), join(folder, 'a/link'));
      await symlink('../secret.txt', join(folder, 'a/relative'));
      await symlink(join(folder, 'real'), join(folder, 'alias'));
      const script = 'cat a/own.txt; cat a/link a/relative 2>/dev/null; cat alias/x.txt; ls';
      const reads = [join(folder, 'a'), join(folder, 'alias')];
      expect(await shown(folder, script, { reads })).toEqual(['ownxa', 'alias', 'real']);
    });
  });

  test.skipIf(noBubblewrap)(`includes given files under another name${why(noBubblewrap)}`, async () => {
    await withFolder(async (folder) => {
      await writeFile(join(folder, 'program.sh'), 'echo "$0 in $PWD: $(ls)"');
      const ran = await runConfined(['/bin/sh', 'program.sh'], {
        folder,
        files: ['program.sh'],
        processes: true,
        reads: [],
      });
      expect(ran).toEqual({ code: 0, out: 'program.sh in /tmp: program.sh', err: '' });
    });
  });
});

describe('what holds too much', () => {
  test('is not shown as a whole', async () => {
    await withFolder(async (folder) => {
      const refused = ['/', homedir(), '/etc', '/tmp', '/proc/cpuinfo', '/dev'];
      const plan = planMounts({ reads: [...refused, folder], hides: [], processes: false });
      expect(plan).toMatchObject({ mounts: [folder], refused });
    });
  });

  test('is found behind a link too', async () => {
    await withFolder(async (folder) => {
      const link = join(folder, 'home');
      await symlink(homedir(), link);
      expect(planMounts({ reads: [link], hides: [], processes: false })).toMatchObject({ mounts: [], refused: [link] });
    });
  });
});

describe('mounts', () => {
  test('come once, the outer before the inner, and not where the system is shown anyway', async () => {
    await withFolder(async (folder) => {
      for (const name of ['a', 'a/b', 'a-b', 'c']) await mkdir(join(folder, name));
      const [a, ab, dash, c] = ['a', 'a/b', 'a-b', 'c'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
        string,
      ];
      const plan = planMounts({ reads: [ab, dash, a, '/usr/bin', a], hides: [c], processes: false });
      expect(plan.mounts).toEqual([dash, a].sort((x, y) => (`${x}/` < `${y}/` ? -1 : 1)));
    });
  });

  test('an older bubblewrap is not asked for what it does not know', () => {
    const confines = { reads: [], hides: [], processes: false };
    const given = (version: string) => bubblewrapArgs(confines, { file: '/usr/bin/bwrap', version }).args;
    expect(given('0.6.1')).not.toEqual(expect.arrayContaining(['--size']));
    expect(given('0.7.0')).toEqual(expect.arrayContaining(['--size']));
    expect(given('0.7.0')).not.toContain('--disable-userns');
    expect(given('0.11.0')).toContain('--disable-userns');
    expect(given('1.0')).toContain('--disable-userns');
  });

  test('bubblewrap that is missing is missing for a stated reason', () => {
    expect(machine.bubblewrap === null).toBe(machine.bubblewrapMissing !== null);
  });
});
