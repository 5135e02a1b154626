import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { machine, noBubblewrap, runConfined } from '../testing/confined.js';
import { withFolder, writeFiles } from '../testing/temp-folder.js';
import { confine } from './confined-command.js';
import { type Confinement, NO_MACHINE } from './machine.js';

const why = (reason: string | false) => (reason ? ` (left out: ${reason})` : '');
const FULL = {
  ...NO_MACHINE,
  bubblewrap: { file: '/usr/bin/bwrap', version: '0.8.0' },
  nodePermissions: '--permission' as const,
};
const CONFINES = { reads: [], hides: [], processes: false };
const made = (given: { isNode?: boolean; processes?: boolean; strongest?: Confinement; machine?: typeof FULL }) =>
  confine(
    { argv: ['/usr/bin/node', 'a.js'], isNode: given.isNode ?? true },
    { ...CONFINES, processes: given.processes ?? false },
    given.machine ?? FULL,
    given.strongest ?? 'bubblewrap',
  );

describe('the confinement of a command', () => {
  test('is the strongest that the machine has and that is allowed', () => {
    const noBubble = { ...FULL, bubblewrap: null } as unknown as typeof FULL;
    expect(made({}).confinement).toBe('bubblewrap');
    expect(made({ strongest: 'node-permissions' }).confinement).toBe('node-permissions');
    expect(made({ machine: noBubble }).confinement).toBe('node-permissions');
    expect(made({ strongest: 'bare' }).confinement).toBe('bare');
    expect(made({ machine: NO_MACHINE as typeof FULL }).confinement).toBe('bare');
  });

  test('is bare for what cannot keep itself, or may start what cannot', () => {
    expect(made({ strongest: 'node-permissions', isNode: false }).confinement).toBe('bare');
    expect(made({ strongest: 'node-permissions', processes: true }).confinement).toBe('bare');
  });

  test('leaves a bare command as it is', () => {
    const { argv, openFds, refused, insideFolder } = made({ strongest: 'bare' });
    expect([argv, openFds(), refused, insideFolder]).toEqual([['/usr/bin/node', 'a.js'], [], [], null]);
  });

  test.skipIf(noBubblewrap)(`opens its files anew for each spawn${why(noBubblewrap)}`, async () => {
    const confined = confine({ argv: ['/bin/true'], isNode: false }, CONFINES, machine, 'bubblewrap');
    const fds = [...confined.openFds(), ...confined.openFds()];
    for (const fd of fds) closeSync(fd);
    expect(new Set(fds).size).toBe(fds.length);
    expect(fds.length).toBe(machine.seccomp === null ? 2 : 4);
    expect((await runConfined(['/bin/true'])).code).toBe(0);
    expect((await runConfined(['/bin/false'])).code).toBe(1);
  });
});

const noPermissions = machine.nodePermissions === null && 'this Node has no permission model';
describe('a program under the permissions of Node', () => {
  const run = async (folder: string, script: string) => {
    await writeFiles(folder, { 'own/program.cjs': script, 'shown/a.txt': 'a', 'secret.txt': 'secret' });
    const own = join(folder, 'own');
    const { out, err } = await runConfined([process.execPath, join(own, 'program.cjs')], {
      strongest: 'node-permissions',
      isNode: true,
      folder: own,
      reads: [join(folder, 'shown'), join(folder, 'missing')],
    });
    return JSON.parse(out || JSON.stringify(err));
  };
  const attempts = (folder: string) => `
    const fs = require('node:fs');
    const attempt = (act) => { try { return String(act() ?? 'done'); } catch ({ code, message }) { return code ?? message; } };
    const in_ = (name) => require('node:path').join(${JSON.stringify(folder)}, name);
    const told = {
      shown: attempt(() => fs.readFileSync(in_('shown/a.txt'), 'utf8')),
      secret: attempt(() => fs.readFileSync(in_('secret.txt'))),
      memory: attempt(() => fs.openSync('/proc/self/mem')),
      writesOwn: attempt(() => fs.writeFileSync(in_('own/b.txt'), 'b')),
      writesShown: attempt(() => fs.writeFileSync(in_('shown/b.txt'), 'b')),
      writesBeside: attempt(() => fs.writeFileSync(in_('ownb.txt'), 'b')),
      starts: attempt(() => require('node:child_process').execFileSync('/bin/true')),
      threads: attempt(() => new (require('node:worker_threads').Worker)('0', { eval: true })),
    };
    console.log(JSON.stringify(told));`;

  test.skipIf(noPermissions)(
    `keeps to its files, starts nothing and warns of nothing${why(noPermissions)}`,
    async () => {
      await withFolder(async (folder) => {
        const denied = 'ERR_ACCESS_DENIED';
        expect(await run(folder, attempts(folder))).toEqual({
          ...{ shown: 'a', secret: denied, memory: denied, writesOwn: 'done', writesShown: denied },
          ...{ writesBeside: denied, starts: denied, threads: denied },
        });
      });
    },
  );
});
