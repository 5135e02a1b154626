import { dirname, resolve } from 'node:path';
import { type BatchFileEntry, parseBatchFile, parseSeedRange, SpecError } from '@tracecore/spec';
import { parseCount, parseSeed } from '../argv.js';
import type { CommandInput } from '../command.js';
import type { WorkspaceConfig } from '../config.js';
import type { Deps } from '../deps.js';
import { CliError } from '../error.js';
import { readPairings } from '../pairings.js';
import type { Plan } from '../plan.js';
import { refuseAll } from './faults.js';

/** Episodes of one agent on one task, as they were asked for. */
export interface Wanted extends Pick<Plan, 'agent' | 'agentFolders' | 'task' | 'budgets'> {
  /** Where it was asked for, for messages: `/3` of a batch file, or nothing for options. */
  place: string;
  /** What paths in a `cmd:` agent are relative to. */
  commandFolder: string;
  seeds: readonly number[];
  defaultTimeout?: number;
}

/**
 * Reads what `run batch` was asked to play.
 * @throws {CliError} USAGE. Every fault of a batch file is named on stderr first.
 */
export async function readWanted(deps: Deps, input: CommandInput, config: WorkspaceConfig): Promise<Wanted[]> {
  const forms = ['batch-file', 'all'].filter((option) => input.has(option));
  const listed = input.has('agent') || input.has('task');
  if (forms.length + (listed ? 1 : 0) !== 1) {
    throw new CliError('USAGE', 'run batch takes one of --batch-file, --all, or --agent with --task (or --resume)');
  }
  const timeout = input.text('timeout');
  const budgets = timeout === undefined ? {} : { wall_clock_seconds: parseCount('timeout', 'seconds', timeout) };
  const shared = {
    budgets,
    commandFolder: deps.io.cwd,
    ...(config.defaults.timeout === undefined ? {} : { defaultTimeout: config.defaults.timeout }),
  };
  const file = input.text('batch-file');
  if (file !== undefined) return fromFile(deps, input, file, shared);
  const seeds = readSeeds(input, config);
  if (input.has('all')) {
    const pairings = await readPairings(deps.builtinRoot);
    return pairings.map(({ agent, task }) => {
      return { ...shared, place: '', agent, agentFolders: [deps.builtinRoot], task, seeds };
    });
  }
  const [agents, tasks] = [input.list('agent'), input.list('task')];
  if (agents.length === 0 || tasks.length === 0) {
    throw new CliError('USAGE', `run batch needs ${agents.length === 0 ? '--agent' : '--task'} too`);
  }
  const agentFolders = [deps.io.cwd, deps.builtinRoot];
  return agents.flatMap((agent) => tasks.map((task) => ({ ...shared, place: '', agent, agentFolders, task, seeds })));
}

function readSeeds(input: CommandInput, { defaults }: WorkspaceConfig): number[] {
  const [seed, range] = [input.text('seed'), input.text('seeds')];
  if (seed !== undefined && range !== undefined) throw new CliError('USAGE', '--seed and --seeds exclude each other');
  if (range === undefined) return [seed === undefined ? (defaults.seed ?? 0) : parseSeed(seed)];
  const seeds = parseSeedRange(range);
  if (seeds !== null) return seeds;
  throw new CliError('USAGE', `--seeds must be a range such as 0..99, of at most a million, got "${range}"`);
}

type Shared = Pick<Wanted, 'budgets' | 'commandFolder' | 'defaultTimeout'>;

async function fromFile(deps: Deps, input: CommandInput, file: string, shared: Shared): Promise<Wanted[]> {
  const clash = ['seed', 'seeds'].find((option) => input.has(option));
  if (clash !== undefined) {
    throw new CliError('USAGE', `--${clash} and --batch-file exclude each other: set it in the batch file`);
  }
  const path = resolve(deps.io.cwd, file);
  const { value } = await (await deps.load.artifact()).readJsonFile(path);
  let entries: BatchFileEntry[];
  try {
    entries = parseBatchFile(value);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw refuseAll(
      deps,
      file,
      error.issues.map(({ pointer, message }) => `${pointer || 'the document'} ${message}`),
    );
  }
  const agentFolders = [dirname(path), deps.io.cwd, deps.builtinRoot];
  return entries.map((entry, index) => ({
    ...shared,
    ...{ place: `/${index}`, agent: entry.agent, agentFolders, commandFolder: dirname(path) },
    // A task's folder is looked up beside the file, as an agent is.
    task: /[\\/]/.test(entry.task) ? resolve(dirname(path), entry.task) : entry.task,
    seeds: seedsOf(entry),
    budgets: {
      ...shared.budgets,
      ...(entry.timeout === undefined ? {} : { wall_clock_seconds: entry.timeout }),
      ...entry.budgets,
    },
  }));
}

function seedsOf({ seed = 0, seeds }: BatchFileEntry): readonly number[] {
  const all = typeof seeds === 'string' ? (parseSeedRange(seeds) ?? []) : (seeds ?? [seed]);
  return all.map((one) => (one === 0 ? 0 : one));
}
