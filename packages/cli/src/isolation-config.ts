import { resolve } from 'node:path';
import {
  CONFINEMENTS,
  type Confinement,
  DEFAULT_MINIMUM,
  ISOLATION_LEVELS,
  type IsolationLevel,
} from '@tracecore/sandbox/levels';

/** How far the programs of a workspace are to be kept apart. */
export interface IsolationConfig {
  /** The level below which strict spec refuses a run. */
  minimum: IsolationLevel;
  /** Further files and folders that programs in processes may read, absolute. */
  read: readonly string[];
  /** The strongest confinement to use; absent means the strongest that the machine has. */
  confinement?: Confinement;
}

/** `none` is no minimum: strict spec never takes a program that shares the referee's process. */
const MINIMUMS = ISOLATION_LEVELS.filter((level) => level !== 'none');

/** Reads the section `[isolation]`; `read` is relative to `folder`. `refuse` is told the key and what it may be. */
export function readIsolationConfig(
  { minimum = DEFAULT_MINIMUM, read = [], confinement }: Record<string, unknown>,
  folder: string,
  refuse: (message: string) => never,
): IsolationConfig {
  if (!isOneOf(MINIMUMS, minimum)) return refuse(expected('minimum', oneOf(MINIMUMS), minimum));
  if (confinement !== undefined && !isOneOf(CONFINEMENTS, confinement)) {
    return refuse(expected('confinement', oneOf(CONFINEMENTS), confinement));
  }
  if (!isPathList(read)) return refuse(expected('read', 'a list of files and folders, without *', read));
  return {
    minimum,
    read: read.map((path) => resolve(folder, path)),
    ...(confinement === undefined ? {} : { confinement }),
  };
}

function isOneOf<T extends string>(known: readonly T[], value: unknown): value is T {
  return (known as readonly unknown[]).includes(value);
}

function isPathList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((path) => typeof path === 'string' && /^[^\0*]+$/.test(path));
}

function oneOf(values: readonly string[]): string {
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

function expected(key: string, what: string, value: unknown): string {
  return `isolation.${key} must be ${what}, got ${JSON.stringify(value)}`;
}
