import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { withFolder } from '../testing/temp-folder.js';

const onLinux = process.platform === 'linux';
const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
  vi.resetModules();
});

/** What a fresh process would find with this `bwrap` first on its path. */
async function probeWith(script: string) {
  return withFolder(async (folder) => {
    await writeFile(join(folder, 'bwrap'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'bwrap'), 0o755);
    process.env.PATH = folder;
    vi.resetModules();
    const { probeMachine } = await import('./probe-machine.js');
    return probeMachine();
  });
}
const VERSION = 'if [ "$1" = --version ]; then echo "bubblewrap 0.9.0"; exit 0; fi';

describe.skipIf(!onLinux)(`a bubblewrap${onLinux ? '' : ' (left out: bubblewrap is for Linux)'}`, () => {
  test('that may make no namespaces is not used, and its own words say why', async () => {
    const said = 'bwrap: setting up uid map: Permission denied';
    const machine = await probeWith(`${VERSION}\necho '${said}' >&2; exit 1`);
    expect(machine.bubblewrap).toBeNull();
    expect(machine.bubblewrapMissing).toMatch(new RegExp(`bwrap 0\\.9\\.0 does not work here: ${said}$`));
  });

  test('that ends without a word, or is something else, is not used either', async () => {
    expect((await probeWith(`${VERSION}\nexit 3`)).bubblewrapMissing).toMatch(/it exited with code 3$/);
    expect((await probeWith('echo hello')).bubblewrapMissing).toBe('hello');
  });

  test('that runs a program is used', async () => {
    const machine = await probeWith(`${VERSION}\nexit 0`);
    expect(machine).toMatchObject({ bubblewrap: { version: '0.9.0' }, bubblewrapMissing: null });
  });
});

test('a machine is looked at once', async () => {
  const { probeMachine } = await import('./probe-machine.js');
  expect(probeMachine()).toBe(probeMachine());
  const machine = await probeMachine();
  expect(JSON.parse(JSON.stringify(machine))).toEqual(machine);
  // The flag is one that this Node knows.
  expect(process.versions.node < '20' || machine.nodePermissions !== null).toBe(true);
});
