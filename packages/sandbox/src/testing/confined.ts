import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { confine } from '../confine/confined-command.js';
import type { Confinement, Confines } from '../confine/machine.js';
import { probeMachine } from '../confine/probe-machine.js';

const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file));
const ORDINARY = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
export const machine = await probeMachine();

/** Why tests of bubblewrap are left out, or false. */
export const noBubblewrap: string | false = machine.bubblewrapMissing ?? false;
const noOtherUser: string | false = noBubblewrap || whyOnlyThisUser();

/** Users that a test can run programs as: this one and, for root, an ordinary one. */
export const USERS = [
  { who: 'as this user', ordinary: false, missing: noBubblewrap },
  { who: 'as an ordinary user', ordinary: true, missing: noOtherUser },
];

export interface Ran {
  /** The exit code, or null. */
  code: number | null;
  out: string;
  err: string;
}

export interface RunOptions extends Partial<Confines> {
  ordinary?: boolean;
  strongest?: Confinement;
  isNode?: boolean;
  folder?: string;
  files?: string[];
}

/** Runs a command to its end under what `confine` makes of it. */
export async function runConfined(argv: [string, ...string[]], options: RunOptions = {}): Promise<Ran> {
  const { ordinary = false, strongest = 'bubblewrap', isNode = false, folder, files, ...confines } = options;
  const confined = confine(
    { argv, isNode, ...(folder ? { folder } : {}), ...(files ? { files } : {}) },
    { reads: [process.execPath], hides: [], processes: false, ...confines },
    machine,
    strongest,
  );
  const fds = confined.openFds();
  const user = ordinary ? [SETPRIV as string, ...ORDINARY] : [];
  const [program, ...args] = [...user, ...confined.argv] as [string, ...string[]];
  const child = spawn(program, args, {
    cwd: '/',
    env: {},
    detached: true,
    timeout: 20_000,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe', ...fds],
  });
  for (const fd of fds) closeSync(fd);
  const texts = { out: '', err: '' };
  child.stdout?.on('data', (chunk) => {
    texts.out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    texts.err += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out: texts.out.trim(), err: texts.err.trim() }));
  });
}

/** Runs a shell script that may start processes. */
export const runShell = (script: string, options: RunOptions = {}) =>
  runConfined(['/bin/sh', '-c', script], { processes: true, ...options });

function whyOnlyThisUser(): string | false {
  if (process.getuid?.() !== 0) return 'only root can become another user';
  if (SETPRIV === undefined) return 'there is no setpriv';
  const { status } = spawnSync(SETPRIV, [...ORDINARY, '/bin/sh', '-c', 'test -x "$0"', process.execPath], { cwd: '/' });
  return status !== 0 && `an ordinary user cannot reach ${process.execPath}`;
}
