import type { Confines, Machine } from './machine.js';
import { planMounts } from './mounts.js';
import { systemMounts } from './system-mounts.js';

/** Where a program starts, and the only place it may write to: in memory, gone with it. */
export const INSIDE_FOLDER = '/tmp';
const INSIDE_FOLDER_BYTES = 128 * 1024 * 1024;
/** Programs see one user, whoever they run as outside. */
const INSIDE_ID = '1000';

export interface BubblewrapOptions {
  /** Host files by the absolute path at which the program finds them. */
  files?: Readonly<Record<string, string>>;
  /** The open file descriptor of the system call filter. */
  seccompFd?: number;
  /** The open file descriptor of the user list that the program finds. */
  usersFd?: number;
}

/**
 * The arguments of bubblewrap up to the program's own. No namespace is shared with the host, no capability is left and
 * nothing can be written to but `/tmp`. Spawn it `detached`: the session is then its own, and ending the process group
 * reaches the program even while bubblewrap is still setting up.
 * @returns `refused`: folders of `reads` that hold too much to be shown, such as a home; show single files instead.
 */
export function bubblewrapArgs(
  confines: Confines,
  bubblewrap: NonNullable<Machine['bubblewrap']>,
  { files = {}, seccompFd, usersFd }: BubblewrapOptions = {},
): { args: string[]; refused: string[] } {
  const { mounts, hidden, links, refused } = planMounts(confines);
  const given = Object.entries(files);
  const args = [
    ...systemMounts(confines.processes),
    // As root, the kernel's settings below /proc/sys are the program's own files: a mount that cannot be written to holds.
    ...['--proc', '/proc', '--remount-ro', '/proc'],
    ...(isAtLeast(bubblewrap.version, 0, 7) ? ['--size', String(INSIDE_FOLDER_BYTES)] : []),
    ...['--tmpfs', INSIDE_FOLDER],
    ...mounts.flatMap((path) => (hidden.has(path) ? ['--tmpfs', path] : ['--ro-bind', path, path])),
    ...links.flatMap(([path, target]) => ['--symlink', target, path]),
    ...given.flatMap(([inside, outside]) => ['--ro-bind', outside, inside]),
    ...(usersFd === undefined ? [] : ['--file', String(usersFd), '/etc/passwd']),
    ...[...hidden].flatMap((path) => ['--remount-ro', path]),
    // The root is a file system in memory, without a limit of its own.
    ...['--remount-ro', '/', '--chdir', INSIDE_FOLDER],
    ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-net', '--unshare-cgroup-try'],
    ...['--uid', INSIDE_ID, '--gid', INSIDE_ID, '--hostname', 'tracecore', '--cap-drop', 'ALL', '--die-with-parent'],
    ...(isAtLeast(bubblewrap.version, 0, 8) ? ['--disable-userns'] : []),
    ...(seccompFd === undefined ? [] : ['--seccomp', String(seccompFd)]),
    '--',
  ];
  return { args, refused };
}

/** The path at which a program in bubblewrap finds a file of its own folder. */
export const insidePath = (name: string) => `${INSIDE_FOLDER}/${name}`;

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
