import { closeSync, existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { confine } from './confined-command.js';
import { type Machine, NO_MACHINE } from './machine.js';
import { probeCgroup } from './probe-cgroup.js';
import { runBriefly } from './run-briefly.js';

/** Where bubblewrap lies when the path does not say. */
const USUAL_FOLDERS = ['/usr/bin', '/usr/local/bin', '/bin'];
const HARMLESS = ['/usr/bin/true', '/bin/true'];
const SECCOMP = { x64: 'x64', arm64: 'arm64' } as const;
const MAX_REASON_CHARS = 300;

let probed: Promise<Machine> | undefined;

/** What this machine can hold: tried for real the first time, remembered for the life of the process. Never throws. */
export function probeMachine(): Promise<Machine> {
  probed ??= probe().catch((error: unknown) => ({ ...NO_MACHINE, bubblewrapMissing: shortened(String(error)) }));
  return probed;
}

async function probe(): Promise<Machine> {
  const nodePermissions = nodePermissionFlag();
  if (process.platform !== 'linux') {
    const bubblewrapMissing = `bubblewrap is for Linux, and this is ${process.platform}`;
    return { ...NO_MACHINE, bubblewrapMissing, nodePermissions };
  }
  const seccomp = SECCOMP[process.arch as keyof typeof SECCOMP] ?? null;
  const base: Machine = { ...NO_MACHINE, nodePermissions, seccomp };
  const [bubblewrap, cgroup] = await Promise.all([probeBubblewrap(base), probeCgroup()]);
  return { ...base, ...bubblewrap, cgroup };
}

async function probeBubblewrap(base: Machine): Promise<Pick<Machine, 'bubblewrap' | 'bubblewrapMissing'>> {
  const file = await findBubblewrap();
  if (file === null) {
    const how = 'install it with the package manager, such as apt-get install bubblewrap';
    return { bubblewrap: null, bubblewrapMissing: `bubblewrap is not installed; ${how}` };
  }
  const told = await runBriefly([file, '--version']);
  const version = /\d+(?:\.\d+)+/.exec(told.output)?.[0];
  if (version === undefined) return { bubblewrap: null, bubblewrapMissing: failureOf(file, told) };
  const bubblewrap = { file, version };
  const tried = await tryOut({ ...base, bubblewrap });
  return tried === null
    ? { bubblewrap, bubblewrapMissing: null }
    : { bubblewrap: null, bubblewrapMissing: `${file} ${version} does not work here: ${tried}` };
}

/** Runs a harmless program as every other is run; null when that went well, else why not. */
async function tryOut(machine: Machine): Promise<string | null> {
  const harmless = HARMLESS.find((file) => existsSync(file));
  const argv: [string, ...string[]] = harmless ? [harmless] : [process.execPath, '--version'];
  const confines = { reads: [process.execPath], hides: [], processes: false };
  const confined = confine({ argv, isNode: false }, confines, machine, 'bubblewrap');
  const fds = confined.openFds();
  try {
    const result = await runBriefly(confined.argv, fds);
    return result.ok ? null : failureOf('it', result);
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}

async function findBubblewrap(): Promise<string | null> {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(isAbsolute), ...USUAL_FOLDERS];
  for (const folder of folders) {
    const file = join(folder, 'bwrap');
    if (await isRunnable(file)) return file;
  }
  return null;
}

function isRunnable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function nodePermissionFlag(): Machine['nodePermissions'] {
  const flags = ['--permission', '--experimental-permission'] as const;
  // Node does not allow it in NODE_OPTIONS, so its list of those does not tell.
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) return null;
  return flags[major > 23 || (major === 23 && minor >= 5) || (major === 22 && minor >= 13) ? 0 : 1];
}

function failureOf(what: string, { output, ended }: Awaited<ReturnType<typeof runBriefly>>): string {
  return shortened(output.trim().split('\n').at(-1) || `${what} ${ended}`);
}

function shortened(text: string): string {
  return text.slice(0, MAX_REASON_CHARS);
}
