import { join } from 'node:path';
import type { RunFilter, RunIndex } from '@tracecore/store/run-index';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { EXIT } from '../error.js';
import { didYouMean } from '../nearest.js';
import { printable } from '../render/printable.js';
import { renderRuns } from '../render/runs.js';
import { readRunFilter } from '../run-filter.js';
import { readFormat } from '../shared-options.js';
import { withIndex } from '../with-index.js';
import { findWorkspace, shownPath, type Workspace } from '../workspace.js';

const SHOWN = 20;
const SKIPPED_NAMED = 5;

/** `runs list`: stored runs, newest first. */
export async function runsList(deps: Deps, input: CommandInput): Promise<number> {
  const { io } = deps;
  const format = readFormat(input);
  const { limit = SHOWN, ...filter } = readRunFilter(input, new Date());
  const workspace = await findWorkspace(io, input.text('root'));
  await withIndex(deps, workspace, async (index) => {
    const [runs, total, skipped] = [
      await index.runs({ ...filter, limit }),
      await index.count(filter),
      await index.skipped(),
    ];
    if (format === 'json') io.stdout(`${JSON.stringify({ version: 1, total, runs, skipped }, null, 2)}\n`);
    else {
      io.stdout(total === 0 ? await noRuns(deps, workspace, index, filter) : renderRuns(runs, total));
      tellSkipped(deps, workspace, skipped);
    }
  });
  return EXIT.ok;
}

/** What to say where no run matches: that there is none at all, or what was probably meant. */
export async function noRuns({ io }: Deps, { home }: Workspace, index: RunIndex, filter: RunFilter): Promise<string> {
  const pairs = await index.pairs();
  const folder = printable(shownPath(join(home, 'runs'), io.cwd));
  if (pairs.length === 0)
    return `there is no run in ${folder} yet; make one with: tracecore run pairing log_stream_monitor\n`;
  const { agent, task = '' } = filter;
  const agents = [...new Set(pairs.map(({ agent_ref }) => agent_ref))];
  const tasks = [
    ...new Set(pairs.map(({ task_ref }) => (task.includes('@') ? task_ref : (task_ref.split('@')[0] as string)))),
  ];
  for (const [kind, typed, known] of [
    ['agent', agent, agents],
    ['task', task || undefined, tasks],
  ] as const) {
    if (typed === undefined || known.includes(typed)) continue;
    const hint = didYouMean(typed, known) || `; there are runs of ${known.slice(0, SKIPPED_NAMED).join(', ')}`;
    return printable(`no run of the ${kind} ${typed} is in ${folder}${hint}`).concat('\n');
  }
  return `no run in ${folder} matches\n`;
}

/** Files that are no runs, on stderr; a few of many. */
export function tellSkipped(
  { io }: Deps,
  { home }: Workspace,
  skipped: readonly { file: string; reason: string }[],
): void {
  const folder = shownPath(join(home, 'runs'), io.cwd);
  for (const { file, reason } of skipped.slice(0, SKIPPED_NAMED)) {
    io.stderr(`tracecore: skipped ${printable(join(folder, file))}: ${printable(reason)}\n`);
  }
  const more = skipped.length - SKIPPED_NAMED;
  if (more > 0) io.stderr(`tracecore: skipped ${more} more; tracecore runs list --format json names them\n`);
}
