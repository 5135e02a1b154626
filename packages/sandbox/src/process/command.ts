import { confinementFor } from '../confine/confined-command.js';
import type { Confinement, Confines, Machine } from '../confine/machine.js';
import type { Engine } from '../host.js';

/** How to start a program as a process: plain JSON, so that it travels in a job. */
export interface ProcessCommand {
  /** What messages call the program. */
  name: string;
  /** The program's absolute path and its arguments; a relative path is one of `files`. */
  argv: [program: string, ...args: string[]];
  /** What the program finds in its environment beside `TZ` and `LANG`. */
  env: Record<string, string>;
  /** Texts that lie in the program's working folder when it starts, by file name. */
  files: Record<string, string>;
  engine: Engine;
  /** Whether the program's own host replaces its clock and chance. */
  clock: 'none' | 'cooperative';
  /** Whether code of others runs before the first message; it is then held back until the referee knows the process. */
  startsOnItsOwn: boolean;
  /** What it may see and do where the machine can hold it to that. */
  confines: Confines;
  /** For a bundle: where its positions stand in the author's source. */
  map?: { text: string; sourceRoot: string };
}

/** Whether Node runs the program, and can keep it to a part of the machine itself. */
export const isNodeCommand = ({ argv }: ProcessCommand): boolean => argv[0] === process.execPath;

/** What a command's process is put under on `machine`, if `strongest` is the most that may be used. */
export function confinementOf(
  command: ProcessCommand,
  machine: Pick<Machine, 'bubblewrap' | 'nodePermissions'>,
  strongest: Confinement,
): Confinement {
  return confinementFor({ isNode: isNodeCommand(command), ...command.confines }, machine, strongest);
}

/** A process that was started, or that is gone with its group. */
export interface ChildNotice {
  pid: number;
  /** Its temporary working folder. */
  folder: string;
  running: boolean;
}
