import { basename, join } from 'node:path';
import type { CommandInput } from './command.js';
import type { Deps } from './deps.js';
import { CliError } from './error.js';
import { printable } from './render/printable.js';
import { withIndex } from './with-index.js';
import { shownPath, type Workspace } from './workspace.js';

/**
 * The file of the run with this id (or the beginning of it), else of the latest run. Files in the runs folder that are
 * no runs are named on stderr and passed over.
 * @throws {CliError} USAGE when there is no run yet. @throws {StoreError} when there is none with this id.
 */
export async function findRun(deps: Deps, workspace: Workspace, ref: string | undefined): Promise<{ file: string }> {
  const { io, load } = deps;
  const { home } = workspace;
  const { openStore, hasIndex } = await load.store();
  const store = openStore(home);
  if (ref !== undefined) return { file: await store.locate(ref) };
  const latest = await store.latest();
  // Where there is an index, it knows which files are no runs without reading all of them.
  const skipped = (await hasIndex(home))
    ? await withIndex(deps, workspace, (index) => index.skipped())
    : (await store.list()).skipped;
  const runs = shownPath(join(home, 'runs'), io.cwd);
  for (const { file, reason } of skipped) {
    io.stderr(`tracecore: skipped ${printable(join(runs, file))}: ${printable(reason)}\n`);
  }
  if (latest === null) {
    throw new CliError(
      'USAGE',
      `there is no run in ${runs} yet; make one with: tracecore run pairing log_stream_monitor`,
    );
  }
  return { file: latest.path };
}

/** The id of the run that a file of the runs folder is named after. */
export function runOf(file: string): string {
  return basename(file).replace(/\.json(?:\.gz)?$/, '');
}

const WAYS = {
  verify: 'files, --run, --bundle or --latest',
  inspect: 'a record, --run or --latest',
  'bundle seal': '--run or --latest',
} as const;

/**
 * Refuses a command that names its run in two ways.
 * @throws {CliError} USAGE
 */
export function requireOneSource(command: keyof typeof WAYS, input: CommandInput): void {
  const given = [input.args.length > 0, input.has('run'), input.has('bundle'), input.has('latest')];
  if (given.filter(Boolean).length <= 1) return;
  const ways = WAYS[command];
  throw new CliError('USAGE', `${command} takes ${ways}, one of them`);
}
