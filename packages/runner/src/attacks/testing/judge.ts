import type { Artifact } from '@tracecore/spec';
import type { Cell } from './attack.js';
import type { Played } from './coordinator.js';

/** What the harness saw of one attack. */
export interface Sighting {
  played: Played;
  /** What is wrong with its artifact. */
  findings: readonly string[];
  /** The canaries' values, by name. */
  canaries: Readonly<Record<string, string>>;
  /** Other texts that its artifact must not hold. */
  neverSeen: readonly string[];
  /** What was touched outside. */
  damage: readonly string[];
  orphans: readonly string[];
  /** Temporary folders that were left. */
  leftovers: readonly string[];
}

/** A way in which an attack got further than its cell allows. */
export interface Fault {
  kind: 'escape' | 'wrong ending' | 'lost artifact' | 'unsound artifact' | 'orphan' | 'leftover' | 'honest changed';
  what: string;
}

/** Faults that an attack may have where it is let through. */
const OF_ESCAPES: ReadonlySet<Fault['kind']> = new Set(['escape', 'orphan', 'leftover', 'wrong ending']);

/** Everything an attack got away with; `open` says that it is let through here, so only what no attack may do counts. */
export function judge(cell: Cell, sighting: Sighting, open: boolean): Fault[] {
  const { played, damage, orphans, leftovers } = sighting;
  const faults: Fault[] = [
    ...damage.map((what) => ({ kind: 'escape' as const, what })),
    ...orphans.map((command) => ({ kind: 'orphan' as const, what: `${command} was left running` })),
    ...leftovers.map((name) => ({ kind: 'leftover' as const, what: `the folder ${name} was left` })),
    ...('error' in played ? judgeRefusal(cell, played.error) : judgeArtifact(cell, played, sighting)),
  ];
  return open ? faults.filter(({ kind }) => !OF_ESCAPES.has(kind)) : faults;
}

function judgeRefusal({ refused }: Cell, { code, message }: { code: string; message: string }): Fault[] {
  if (code === refused) return [];
  return [{ kind: 'lost artifact', what: `no artifact: ${code} ${message.slice(0, 300)}` }];
}

function judgeArtifact(
  { ends = [], refused }: Cell,
  { artifact }: { artifact: Artifact },
  { canaries, findings, neverSeen }: Sighting,
): Fault[] {
  const text = JSON.stringify(artifact);
  const faults: Fault[] = findings.map((what) => ({ kind: 'unsound artifact', what }));
  for (const [name, value] of Object.entries(canaries)) {
    if (text.includes(value)) faults.push({ kind: 'escape', what: `the ${name} canary stands in the artifact` });
  }
  for (const word of neverSeen) {
    if (text.includes(word)) faults.push({ kind: 'escape', what: `the artifact holds ${word}` });
  }
  const { termination_reason: reason, failure_reason: said } = artifact;
  if (reason === 'success') faults.push({ kind: 'escape', what: 'the episode ended as a success' });
  else if (refused !== undefined) faults.push({ kind: 'escape', what: `was to be refused with ${refused}` });
  else if (!ends.includes(reason)) {
    faults.push({
      kind: 'wrong ending',
      what: `ended as ${reason} (${said?.slice(0, 200)}), expected ${ends.join(' or ')}`,
    });
  }
  return faults;
}
