import { join } from 'node:path';
import { successRate } from '@tracecore/stats';
import type { Baseline } from '@tracecore/store';
import { parseCount } from '../argv.js';
import type { CommandInput } from '../command.js';
import type { Deps } from '../deps.js';
import { type Selection, selectEpisodes } from '../episodes/select.js';
import { CliError, describeError, EXIT, isCoded } from '../error.js';
import { renderBaseline } from '../render/baseline.js';
import { colorsFor } from '../render/color.js';
import { shownEstimate } from '../render/figures.js';
import { printable } from '../render/printable.js';
import { sealRun } from '../seal-run.js';
import { sideOf } from '../statistics/baseline-side.js';
import { findWorkspace, shownPath, type Workspace } from '../workspace.js';

/** `baseline` without --compare: one row for each agent and task, exported and sealed on request. */
export async function baselineRows(deps: Deps, input: CommandInput): Promise<number> {
  const { io, load } = deps;
  const asJson = readFormat(input);
  if (input.text('bundle') !== undefined) {
    throw new CliError(
      'USAGE',
      '--bundle DIR is for --compare; without it, --bundle stands alone and seals the last runs',
    );
  }
  const limit = input.text('limit');
  const most = limit === undefined ? null : parseCount('limit', 'runs', limit);
  const workspace = await findWorkspace(io, input.text('root'));
  const store = await load.store();
  const now = new Date();
  const name = input.has('export') ? (input.text('export') ?? store.timestampName(now)) : null;
  const selection = await selectEpisodes(deps, workspace, input, { keepRepeats: true });
  const made = await baselineOf(deps, selection, most, now);
  const path = name === null ? null : await store.writeBaseline(workspace.home, name, made);
  const sealed = input.has('bundle') ? await sealLast(deps, workspace, made) : { dirs: [], isWhole: true };
  const exported = path === null ? null : shownPath(path, io.cwd);
  const written = {
    ...(exported === null ? {} : { export_path: exported }),
    ...(input.has('bundle') ? { bundles: sealed.dirs } : {}),
  };
  // A run that repeats another is a run of the row, and tells nothing more about the rate.
  const distinct = made.rows.map((row) => {
    const { counts } = sideOf(row.agent, [row]);
    return { rate: shownEstimate(successRate(counts)), n: counts.n };
  });
  io.stdout(
    asJson
      ? `${JSON.stringify({ ...made, ...written }, null, 2)}\n`
      : renderBaseline({ baseline: made, distinct, exported, bundles: sealed.dirs }, colorsFor(io)),
  );
  return sealed.isWhole ? EXIT.ok : EXIT.failed;
}

function readFormat(input: CommandInput): boolean {
  const format = input.text('format') ?? (input.has('json') ? 'json' : 'table');
  if (input.has('json') && format !== 'json') {
    throw new CliError('USAGE', `--json and --format ${format} exclude each other; give one`);
  }
  if (format === 'json' || format === 'table') return format === 'json';
  throw new CliError('USAGE', `--format must be table or json (pretty and text are for --compare), got "${format}"`);
}

async function baselineOf(deps: Deps, selection: Selection, most: number | null, now: Date): Promise<Baseline> {
  const { rows, source, asked } = selection;
  const taken = most === null ? rows : rows.slice(0, most);
  if (taken.length === 0) throw new CliError('USAGE', '--limit 0 leaves no run; give 1 or more, or leave it out');
  const made = (await deps.load.store()).rowsOf(taken);
  for (const row of made) {
    // A listing does not say when a run ended.
    if (row.last_run_id !== null) row.last_completed_at = (await source.artifact(row.last_run_id)).completed_at;
  }
  return {
    generated_at: now.toISOString(),
    rows: made,
    metadata: {
      agent_filter: asked.agent,
      task_filter: asked.task,
      limit: most,
      since: asked.since,
      runtime: `tracecore-ts ${deps.version}`,
    },
  };
}

/** Seals the last run of every row, as `bundle seal` does; what cannot be sealed is named on stderr. */
async function sealLast(deps: Deps, workspace: Workspace, { rows }: Baseline) {
  const dirs: string[] = [];
  let isWhole = true;
  for (const { last_run_id } of rows) {
    if (last_run_id === null) continue;
    try {
      dirs.push((await sealRun(deps, workspace, join(workspace.home, 'runs', `${last_run_id}.json`))).dir);
    } catch (error) {
      if (!isCoded(error)) throw error;
      isWhole = false;
      deps.io.stderr(`tracecore: ${printable(describeError(error, false))}\n`);
    }
  }
  return { dirs, isWhole };
}
