import { bubblewrapArgs, INSIDE_FOLDER, insidePath } from './bubblewrap.js';
import { CONFINEMENTS, type Confinement, type Confines, type Machine } from './machine.js';
import { nodePermissionFlags } from './node-permissions.js';
import { PrivateFile } from './private-file.js';
import { seccompFilter } from './seccomp.js';

/** Where the file descriptors of a spawned process begin that are not its streams. */
const FIRST_FD = 3;
/** The user that a program in bubblewrap finds itself to be; some programs do not start without one. */
const USERS = 'tracecore:x:1000:1000::/tmp:/bin/sh\n';

export interface Command {
  /** The program by its absolute path, and its arguments. */
  argv: readonly [string, ...string[]];
  /** Whether the program is Node, which can keep itself to a part of the machine. */
  isNode: boolean;
  /** The host folder that the program owns; in bubblewrap only `files` of it are shown, read-only. */
  folder?: string;
  /** Names of files in `folder`. */
  files?: readonly string[];
}

/** A command as it is to be spawned. Spawn it `detached`, so that it has a session and a process group of its own. */
export interface ConfinedCommand {
  argv: [string, ...string[]];
  /** What it ended with. */
  confinement: Confinement;
  /** The folder in which the program finds itself; null for where it is spawned. */
  insideFolder: string | null;
  /** Of `confines.reads`, what holds too much to be shown and is left out. */
  refused: string[];
  /** Opens what stands at the file descriptors from 3 on: for `stdio`, and to be closed after the spawn. */
  openFds(): number[];
}

/** The strongest confinement that the machine has for a program, up to `strongest`. */
export function confinementFor(
  { isNode, processes }: { isNode: boolean; processes: boolean },
  machine: Pick<Machine, 'bubblewrap' | 'nodePermissions'>,
  strongest: Confinement,
): Confinement {
  const allowed = (confinement: Confinement) => CONFINEMENTS.indexOf(confinement) <= CONFINEMENTS.indexOf(strongest);
  if (machine.bubblewrap !== null && allowed('bubblewrap')) return 'bubblewrap';
  // Node's permissions end where another program begins.
  const keepsItself = isNode && !processes && machine.nodePermissions !== null;
  return keepsItself && allowed('node-permissions') ? 'node-permissions' : 'bare';
}

/** Puts a command under the strongest confinement that the machine has, up to `strongest`. */
export function confine(
  { argv, isNode, folder, files = [] }: Command,
  confines: Confines,
  machine: Machine,
  strongest: Confinement,
): ConfinedCommand {
  const confinement = confinementFor({ isNode, processes: confines.processes }, machine, strongest);
  if (confinement === 'bubblewrap' && machine.bubblewrap !== null) {
    const filter = machine.seccomp === null ? null : filterFile(machine.seccomp, confines.processes);
    const given = folder === undefined ? [] : files.map((name) => [insidePath(name), `${folder}/${name}`]);
    const { args, refused } = bubblewrapArgs(confines, machine.bubblewrap, {
      files: Object.fromEntries(given),
      usersFd: FIRST_FD,
      ...(filter === null ? {} : { seccompFd: FIRST_FD + 1 }),
    });
    return {
      argv: [machine.bubblewrap.file, ...args, ...argv],
      confinement,
      insideFolder: INSIDE_FOLDER,
      refused,
      openFds: () => [usersFile(), ...(filter === null ? [] : [filter])].map((file) => file.open()),
    };
  }
  const plain = { confinement, insideFolder: null, refused: [], openFds: () => [] };
  if (confinement !== 'node-permissions' || machine.nodePermissions === null) return { ...plain, argv: [...argv] };
  const own = folder === undefined ? [] : [folder];
  const [program, ...rest] = argv;
  const flags = nodePermissionFlags(machine.nodePermissions, { reads: [...confines.reads, ...own], writes: own });
  return { ...plain, argv: [program, ...flags, ...rest] };
}

const filters = new Map<string, PrivateFile>();
let users: PrivateFile | undefined;

function filterFile(arch: NonNullable<Machine['seccomp']>, processes: boolean): PrivateFile {
  const key = `${arch} ${processes}`;
  const file = filters.get(key) ?? new PrivateFile(seccompFilter(arch, { processes }));
  filters.set(key, file);
  return file;
}

function usersFile(): PrivateFile {
  users ??= new PrivateFile(USERS);
  return users;
}
