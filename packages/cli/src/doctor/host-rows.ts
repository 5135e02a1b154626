import type { Isolation } from '@tracecore/runner';
import type * as Confine from '@tracecore/sandbox/confine';
import {
  CONFINEMENTS,
  type Confinement,
  type Holdings,
  ISOLATION_LEVELS,
  type IsolationLevel,
  type Machine,
  type Mechanism,
  type Surroundings,
} from '@tracecore/sandbox/confine';

/** How one kind of program would be kept on this machine. */
export interface HostRow {
  host: Isolation;
  /** Which programs run so. */
  programs: string;
  mechanism: Mechanism;
  level: IsolationLevel;
  held: Holdings;
}

/** What the sandbox package says of a mechanism. */
export type MechanismFacts = Pick<typeof Confine, 'holdingsOf' | 'levelOf'>;

const IN_WASM = {
  bubblewrap: 'wasm-in-bubblewrap',
  'node-permissions': 'wasm-in-node-permissions',
  bare: 'wasm-in-bare-worker',
} as const;
const AS_PROCESS = {
  bubblewrap: 'process-bubblewrap',
  'node-permissions': 'process-node-permissions',
  bare: 'process-bare',
} as const;

interface Kind {
  host: Isolation;
  programs: string;
  /** Whether the program is Node, which can keep itself to a part of the machine; others need bubblewrap. */
  isNode: boolean;
  clock: Surroundings['clock'];
  /** Whether it may start processes. */
  processes: boolean;
}

const IN_ISOLATES: Kind = {
  host: 'isolate',
  programs: 'bundled',
  isNode: true,
  clock: 'cooperative',
  processes: false,
};
const IN_PROCESSES: readonly Kind[] = [
  { host: 'process', programs: 'Node', isNode: true, clock: 'cooperative', processes: false },
  { host: 'process', programs: 'Python', isNode: false, clock: 'cooperative', processes: false },
  { host: 'process', programs: 'cmd:', isNode: false, clock: 'none', processes: true },
];
const INLINE: Kind = { host: 'inline', programs: 'debugging', isNode: true, clock: 'none', processes: true };

/** One row for each kind of program; those kept alike share one. `strongest` is what the workspace allows. */
export function hostRows(machine: Machine, strongest: Confinement, platform: string, facts: MechanismFacts): HostRow[] {
  const rowOf = (kind: Kind, mechanismFor: (confinement: Confinement) => Mechanism): HostRow => {
    const mechanism = mechanismFor(confinementFor(machine, strongest, kind.isNode));
    return {
      host: kind.host,
      programs: kind.programs,
      mechanism,
      level: facts.levelOf(mechanism),
      held: facts.holdingsOf(mechanism, surroundingsOf(kind, machine, platform)),
    };
  };
  const processes = IN_PROCESSES.map((kind) => rowOf(kind, (confinement) => AS_PROCESS[confinement]));
  return [
    rowOf(IN_ISOLATES, (confinement) => IN_WASM[confinement]),
    ...joinAlike(processes),
    rowOf(INLINE, () => 'none'),
  ];
}

function surroundingsOf({ clock, processes }: Kind, { cgroup, seccomp }: Machine, platform: string): Surroundings {
  const limits = platform === 'win32' ? 'nothing' : 'limits';
  return {
    clock,
    processes,
    memory: cgroup?.memory == null ? limits : 'group',
    processCount: cgroup?.pids == null ? (seccomp === null ? 'nothing' : 'filter') : 'group',
  };
}

function joinAlike(rows: readonly HostRow[]): HostRow[] {
  const joined = new Map<string, HostRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.mechanism, row.held]);
    const like = joined.get(key);
    joined.set(key, like === undefined ? row : { ...like, programs: `${like.programs}, ${row.programs}` });
  }
  return [...joined.values()];
}

/** The rows that strict spec would refuse; inline is refused whatever is asked for and does not count. */
export function rowsBelow(rows: readonly HostRow[], minimum: IsolationLevel): HostRow[] {
  const rank = (level: IsolationLevel) => ISOLATION_LEVELS.indexOf(level);
  return rows.filter(({ host, level }) => host !== 'inline' && rank(level) < rank(minimum));
}

function confinementFor(machine: Machine, strongest: Confinement, isNode: boolean): Confinement {
  const has: Record<Confinement, boolean> = {
    bubblewrap: machine.bubblewrap !== null,
    'node-permissions': isNode && machine.nodePermissions !== null,
    bare: true,
  };
  const allowed = CONFINEMENTS.slice(0, CONFINEMENTS.indexOf(strongest) + 1);
  return allowed.findLast((confinement) => has[confinement]) ?? 'bare';
}
