import { checkBudgets, checkHash, checkTaxonomy } from '@tracecore/artifact';
import { sha256 } from '@tracecore/artifact/node';
import {
  DEFAULT_MINIMUM,
  ISOLATION_LEVELS,
  type IsolationLevel,
  levelOf,
  MECHANISMS,
  type Mechanism,
} from '@tracecore/sandbox/confine';
import { type Artifact, artifactIssues } from '@tracecore/spec';

/** Most that is repeated of what an artifact says. */
const SAID_CHARS = 100;

/** One clause of the spec that an artifact does not meet. */
export interface StrictFault {
  code: string;
  pointer: string;
  message: string;
}

export interface StrictOptions {
  /** The weakest isolation that is taken. Default `permissions`: anything but inline and bare processes. */
  minimum?: IsolationLevel;
}

/**
 * What a runtime that claims v1.0 owes beyond the schema (spec §8.3): the determinism block, a measured wall clock, a
 * hash that holds, budgets that add up, the taxonomy, and programs kept apart from the referee.
 */
export function checkStrictSpec(artifact: Artifact, { minimum = DEFAULT_MINIMUM }: StrictOptions = {}): StrictFault[] {
  const faults: StrictFault[] = artifactIssues(artifact).map(({ pointer, message }) => ({
    code: 'SCHEMA_INVALID',
    pointer,
    message: `${pointer} ${message}`,
  }));
  if (!artifact.determinism) {
    faults.push(missing('DETERMINISM_MISSING', '/determinism', 'must name the seed and the tooling'));
  } else if (artifact.determinism.seed !== artifact.seed) {
    faults.push(missing('DETERMINISM_MISSING', '/determinism/seed', `must be the episode's seed ${artifact.seed}`));
  }
  if (typeof artifact.wall_clock_elapsed_s !== 'number') {
    faults.push(missing('WALL_CLOCK_MISSING', '/wall_clock_elapsed_s', 'must be a number of seconds'));
  }
  const isolation = isolationOf(artifact);
  if (isolation.level === null || rankOf(isolation.level) < rankOf(minimum)) {
    const got = `${isolation.level ?? 'none that is known'} (${isolation.said})`;
    const must = `must keep programs apart at the level ${minimum} or above, got ${got}`;
    faults.push(missing('ISOLATION_TOO_WEAK', isolation.pointer, must));
  }
  return [...faults, ...checkHash(artifact, sha256), ...checkBudgets(artifact), ...checkTaxonomy(artifact)];
}

const rankOf = (level: IsolationLevel) => ISOLATION_LEVELS.indexOf(level);

/** How far an artifact says its programs were kept apart; one from before levels were written says it by its host. */
function isolationOf({ isolation }: Artifact): { level: IsolationLevel | null; said: string; pointer: string } {
  const { host, mechanism, level } = (isolation ?? {}) as Record<string, unknown>;
  const said = String(typeof mechanism === 'string' ? mechanism : host).slice(0, SAID_CHARS);
  const ofMechanism = isMechanism(mechanism) ? levelOf(mechanism) : null;
  if (level === undefined) {
    const ofHost = host === 'isolate' ? 'contained' : host === 'inline' ? 'none' : null;
    return { level: ofMechanism ?? ofHost, said, pointer: '/isolation/host' };
  }
  if (!isLevel(level)) return { level: null, said, pointer: '/isolation/level' };
  const weaker = ofMechanism !== null && rankOf(ofMechanism) < rankOf(level) ? ofMechanism : level;
  return { level: weaker, said, pointer: '/isolation/level' };
}

function isMechanism(value: unknown): value is Mechanism {
  return (MECHANISMS as readonly unknown[]).includes(value);
}

function isLevel(value: unknown): value is IsolationLevel {
  return (ISOLATION_LEVELS as readonly unknown[]).includes(value);
}

function missing(code: string, pointer: string, message: string): StrictFault {
  return { code, pointer, message: `${pointer} ${message}` };
}
