import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../testing/workspace.js';

export const ATTACKS_FOLDER = join(repositoryRoot, 'packages', 'sandbox', 'attacks');

/** Where a program of an attack runs: each host once for every language that it runs. */
export const HOSTS = ['isolate', 'process-node', 'process-python', 'process-cmd', 'inline'] as const;
export type HostName = (typeof HOSTS)[number];
/** What the process around a program is held by, strongest first. */
export const CONFINED_BY = ['bubblewrap', 'node-permissions', 'bare'] as const;
export type ConfinedBy = (typeof CONFINED_BY)[number];

/** Why an attack gets through where a program is held by no more than that; `any` is every confinement. */
type Reasons = Partial<Record<ConfinedBy | 'any', string>>;

/** The outcome that an attack must have on one host. */
export interface Cell {
  /** Termination reasons, one of which its episode must have. */
  ends?: string[];
  /** The code with which it must be refused before any episode begins. */
  refused?: string;
  /** Played, and let through. */
  open?: Reasons;
  /** Not even played: without that protection it would harm the machine. */
  notRun?: Reasons;
}

/** One attack, as `attacks.json` of its group states it. */
export interface Attack {
  /** `<group>/<name>`; its files are named after it. */
  id: string;
  role: 'agent' | 'task';
  /** A sentence: what it tries. */
  tries: string;
  /** Names of points.json. */
  covers: string[];
  hosts: Partial<Record<HostName, Cell>>;
  /** Texts put for `__VARIANT__`, each an episode of its own. */
  variants?: string[];
  /** How often it is played in a row. */
  plays?: number;
  /** What its artifact must not hold, beside the canaries. */
  neverSeen?: string[];
  /** Files, links and copies that lie in the workspace while it is played, by their path there. */
  files?: Record<string, string>;
  links?: Record<string, string>;
  copies?: Record<string, string>;
}

export const EXTENSIONS: Record<HostName, string> = {
  isolate: '.js',
  'process-node': '.js',
  'process-python': '.py',
  'process-cmd': '.sh',
  inline: '.js',
};

/** Every attack of the folder, in the order of their groups' files. */
export function readAttacks(folder = ATTACKS_FOLDER): Attack[] {
  const groups = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'attacks.json')));
  return groups.flatMap((group) =>
    (readJson(join(folder, group, 'attacks.json')) as Partial<Attack>[]).map(
      (attack) => ({ role: 'agent', ...attack, id: `${group}/${attack.id}` }) as Attack,
    ),
  );
}

/** What the suite must cover, by name. */
export function readPoints(folder = ATTACKS_FOLDER): Record<string, string> {
  return readJson(join(folder, 'points.json')) as Record<string, string>;
}

/** Why `cell` says of this confinement what `kind` asks; null when it does not. */
export function reasonOf(cell: Cell, kind: 'open' | 'notRun', confinedBy: ConfinedBy): string | null {
  const reasons = cell[kind] ?? {};
  return reasons.any ?? reasons[confinedBy] ?? null;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
