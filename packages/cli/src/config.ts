import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { DEFAULT_MINIMUM } from '@tracecore/sandbox/levels';
import { CliError } from './error.js';
import { type IsolationConfig, readIsolationConfig } from './isolation-config.js';
import { didYouMean } from './nearest.js';

/** Defaults that a workspace sets for its commands. */
export interface WorkspaceConfig {
  defaults: { seed?: number; timeout?: number };
  /** Further roots of tasks, absolute. */
  taskRoots: string[];
  /** The agent that solves a task, absolute, by the task's reference. */
  solvers: Record<string, string>;
  isolation: IsolationConfig;
  store: {
    /** Whether artifacts over 64 KiB are compressed. */
    compress: boolean;
  };
}

/** What a workspace without a config file has. */
export const NO_CONFIG: WorkspaceConfig = {
  defaults: {},
  taskRoots: [],
  solvers: {},
  isolation: { minimum: DEFAULT_MINIMUM, read: [] },
  store: { compress: false },
};

type Table = Record<string, unknown>;

/** The keys of each section; null where they are references of tasks. */
const KEYS: Record<string, readonly string[] | null> = {
  defaults: ['seed', 'timeout'],
  tasks: ['roots'],
  solvers: null,
  isolation: ['minimum', 'read', 'confinement'],
  store: ['compress'],
};

/**
 * Reads `tracecore.toml`. `agent-bench.toml` belongs to the Python runtime too, so keys of its own are passed over there.
 * @throws {CliError} CONFIG_INVALID naming the file and the key.
 */
export async function readConfig(file: string): Promise<WorkspaceConfig> {
  const { parse } = await import('smol-toml');
  const refuse = (message: string): never => {
    throw new CliError('CONFIG_INVALID', `${file}: ${message}`);
  };
  let table: Table = {};
  try {
    table = parse(await readFile(file, 'utf8'));
  } catch (error) {
    const { line, column, message } = error as Error & { line?: number; column?: number };
    refuse(`${line === undefined ? '' : `line ${line}, column ${column}: `}not TOML: ${message.split('\n')[0]}`);
  }
  if (basename(file) === 'tracecore.toml') requireKnownKeys(table, refuse);
  const { seed, timeout } = sectionOf(table, 'defaults', refuse);
  const { roots = [] } = sectionOf(table, 'tasks', refuse);
  const solvers = Object.entries(sectionOf(table, 'solvers', refuse)).map(([ref, agent]) => {
    if (typeof agent === 'string' && agent !== '') return [ref, resolve(dirname(file), agent)] as const;
    return refuse(`solvers.${ref} must be the file of an agent`);
  });
  const { compress = false } = sectionOf(table, 'store', refuse);
  if (seed !== undefined && !Number.isSafeInteger(seed)) refuse('defaults.seed must be a whole number');
  if (timeout !== undefined && !isCount(timeout)) refuse('defaults.timeout must be a whole number of seconds');
  if (typeof compress !== 'boolean') return refuse('store.compress must be true or false');
  if (!isTextList(roots)) return refuse('tasks.roots must be a list of folders');
  return {
    defaults: {
      ...(seed === undefined ? {} : { seed: seed as number }),
      ...(timeout === undefined ? {} : { timeout: timeout as number }),
    },
    taskRoots: roots.map((root) => resolve(dirname(file), root)),
    solvers: Object.fromEntries(solvers),
    isolation: readIsolationConfig(sectionOf(table, 'isolation', refuse), dirname(file), refuse),
    store: { compress },
  };
}

function requireKnownKeys(table: Table, refuse: (message: string) => never): void {
  for (const [section, value] of Object.entries(table)) {
    const keys = Object.hasOwn(KEYS, section) ? KEYS[section] : undefined;
    if (keys === undefined) refuse(`unknown key ${section}${didYouMean(section, Object.keys(KEYS))}`);
    // What is no table at all is refused where its section is read.
    if (keys === null || typeof value !== 'object' || Array.isArray(value)) continue;
    for (const key of Object.keys((value ?? {}) as Table)) {
      if (!keys?.includes(key)) refuse(`unknown key ${section}.${key}${didYouMean(key, keys ?? [])}`);
    }
  }
}

function sectionOf(table: Table, name: string, refuse: (message: string) => never): Table {
  const value = table[name] ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) return refuse(`${name} must be a table`);
  return value as Table;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
}
