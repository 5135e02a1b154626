import { type Confinement, type Machine, NO_MACHINE } from '../confine/machine.js';
import type { Engine, Guarantees, Host } from '../host.js';
import type { ChildSetup } from './child.js';
import type { ChildNotice, ProcessCommand } from './command.js';
import { ProcessSession } from './session.js';

/** 2000-01-01T00:00:00.000Z, where a program's clock starts. */
const VIRTUAL_EPOCH = Date.UTC(2000, 0, 1);
const NO_ENGINE: Engine = { name: 'none', version: '0', digest: null };

export interface ProcessHostOptions {
  /** Told of each process as soon as it is there, and again when nothing of its group is left. */
  onChild?: (notice: ChildNotice) => void;
  /** What this machine can hold, as `probeMachine` found it. By default nothing is used. */
  machine?: Machine;
  /** The strongest confinement to use. By default the strongest that the machine has. */
  confinement?: Confinement;
}

/** What a bare process holds: it can be ended with all its children, and every episode has its own. */
const BARE: Guarantees = {
  secrecy: 'none',
  clock: 'none',
  network: 'none',
  hardKill: true,
  memoryCap: false,
  freshPerEpisode: true,
};

/**
 * The host for programs of any language: each is a process of its own for one episode, in a process group, a temporary
 * folder and an environment of its own, and speaks the agent protocol over its standard input and output. It needs a
 * running event loop. What is kept from the program is what `machine` and `confinement` give; `guarantees` say what
 * holds for every program, so that permissions of Node, which only its own programs have, add nothing to them.
 * @see spec/extensions/agent-protocol.md
 */
export function createProcessHost({
  onChild = () => undefined,
  machine = NO_MACHINE,
  confinement = 'bubblewrap',
}: ProcessHostOptions = {}): Host<ProcessCommand> {
  const setup: ChildSetup = { onChild, machine, confinement };
  return {
    name: 'process',
    engine: NO_ENGINE,
    guarantees: guaranteesOf(setup),
    async prepare(command, limits) {
      let ahead: ProcessSession | null = null;
      return {
        warm() {
          ahead ??= new ProcessSession(command, limits, setup);
        },
        async cool() {
          await ahead?.close();
          ahead = null;
        },
        async open(scope) {
          const session = ahead ?? new ProcessSession(command, limits, setup);
          ahead = null;
          const fault = await session.begin(scope, VIRTUAL_EPOCH);
          if (fault === null) return { session };
          await session.close();
          return { fault };
        },
      };
    },
    close: () => undefined,
  };
}

function guaranteesOf({ machine, confinement }: ChildSetup): Guarantees {
  if (confinement !== 'bubblewrap' || machine.bubblewrap === null) return BARE;
  return { ...BARE, secrecy: 'os', network: 'blocked', memoryCap: (machine.cgroup?.memory ?? null) !== null };
}
